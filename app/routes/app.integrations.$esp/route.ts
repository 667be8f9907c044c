import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import { updateSettings } from "#app/delivery/connections.ts";
import { listLists } from "#app/delivery/lists.ts";
import { deliveryDeps } from "#app/delivery.server.ts";
import { isEspKey } from "#app/esps/index.ts";
import { merchant } from "#app/merchant.server.ts";
import { notFound } from "#app/routes/app/not-found.ts";

export { clientAction } from "#app/routes/app/or-unanswered.ts";
export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

/** The ESP's own lists, for the dropdowns of its settings: asked for by the card, so that the page need not wait. */
export async function loader({ request, params: { esp = "" } }: LoaderFunctionArgs) {
  const { shopId } = await merchant(request);
  if (!isEspKey(esp)) throw notFound();
  return listLists(deliveryDeps, { shopId, esp });
}

/** Saves the settings of the ESP's card. */
export async function action({ request, params: { esp = "" } }: ActionFunctionArgs) {
  const { shopId } = await merchant(request);
  if (!isEspKey(esp)) throw notFound();
  const settings: unknown = await request.json().catch(() => null);
  if (typeof settings !== "object" || settings === null) throw new Response(null, { status: 400 });
  const outcome = await updateSettings(deliveryDeps, { shopId, esp, settings: { ...settings } });
  return data(outcome, { status: outcome.ok ? 200 : 422 });
}
