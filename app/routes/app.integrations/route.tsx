import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { readReference } from "#app/catalog/reference.ts";
import { connectEsp, disconnectEsp, readConnections, setEspEnabled } from "#app/delivery/connections.ts";
import { deliveryDeps } from "#app/delivery.server.ts";
import { standardFields } from "#app/esps/esp.ts";
import { merchant } from "#app/merchant.server.ts";
import { shownConnection } from "#app/routes/app/connections.ts";
import { formatsFor } from "#app/ui/formats.ts";
import { Page } from "#app/ui/page.tsx";
import { EspCard } from "./esp-card.tsx";
import type { Choices } from "./settings-choices.ts";
import { parseSubmission } from "./submission.ts";

export { clientAction } from "#app/routes/app/or-unanswered.ts";
export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId, shop, locale } = await merchant(request);
  const formats = formatsFor(locale, shop.timezone);
  const connections = await readConnections(deliveryDeps, shopId);
  return { connections: connections.map((connection) => shownConnection(connection, formats)), choices: choices() };
}

export async function action({ request }: ActionFunctionArgs) {
  const { shopId } = await merchant(request);
  const submission = parseSubmission(await request.formData());
  if (!submission) throw new Response(null, { status: 400 });
  const { intent, esp, credentials } = submission;
  if (intent === "connect") {
    const outcome = await connectEsp(deliveryDeps, { shopId, esp, credentials });
    if (!outcome.ok) return data({ ok: false as const, errors: outcome.errors }, { status: 422 });
    return data({ ok: true as const, intent, listsLeft: outcome.listsLeft });
  }
  if (intent === "disconnect") {
    await disconnectEsp(deliveryDeps, { shopId, esp });
  } else {
    await setEspEnabled(deliveryDeps, { shopId, esp, enabled: intent === "enable" });
  }
  return data({ ok: true as const, intent, listsLeft: [] });
}

/** What the settings offer. */
function choices(): Choices {
  const { events, profile } = readReference();
  return {
    events: events.map(({ key, name, about, when }) => ({ key, name, about, when })),
    properties: profile.map(({ name, description }) => ({ name, description })),
    fields: standardFields,
  };
}

export default function Integrations() {
  const { t } = useTranslation();
  const { connections, choices } = useLoaderData<typeof loader>();
  return (
    <Page title={t("integrations.title")}>
      {connections.map((connection) => (
        <EspCard key={connection.esp} connection={connection} choices={choices} />
      ))}
    </Page>
  );
}
