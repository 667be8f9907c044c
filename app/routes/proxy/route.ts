import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { decideFor, readCustomerOf, type Shopper, shopper } from "#app/shopper.server.ts";
import { answer, refuse } from "#app/storefront/answers.ts";
import { invite, join, readStanding } from "#app/storefront/block.ts";
import { inviteRequest, joinRequest, nonceShape } from "#app/storefront/contract.ts";
import { readBody } from "#app/storefront/read-body.ts";

/** How the customer who is signed in stands. */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  const visitor = await shopper(request, { others: "refused" });
  const { customerGid } = visitor;
  if (!customerGid) return answer({ state: "signed-out" });
  return answer(await decideFor(visitor, (ctx) => readStanding(ctx, customerGid)));
}

/** The customer who is signed in joins the program, or invites a friend. */
export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return refuse("bad_method");
  const wish = new URL(request.url).searchParams.has("invite") ? "invite" : "join";
  const visitor = await shopper(request, { own: { name: wish, value: nonceShape }, others: "refused" });
  // A form of another site cannot send JSON, so no link and no form acts for anybody.
  const body = await readBody(request);
  if (body?.kind !== "json") return refuse("bad_body");
  const outcome = wish === "invite" ? await inviteBy(visitor, body.value) : await joinBy(visitor, body.value);
  return outcome instanceof Response ? outcome : outcome === "replayed" ? refuse("replayed") : answer(outcome);
}

async function joinBy(visitor: Shopper, body: unknown) {
  if (!joinRequest.safeParse(body).success) return refuse("bad_body");
  if (!visitor.customerGid) return { state: "signed-out" } as const;
  const customer = await readCustomerOf(visitor, visitor.customerGid);
  return customer ? decideFor(visitor, (ctx) => join(ctx, customer, visitor)) : refuse("unknown_customer");
}

async function inviteBy(visitor: Shopper, body: unknown) {
  const { data } = inviteRequest.safeParse(body);
  const { customerGid } = visitor;
  if (!data) return refuse("bad_body");
  if (!customerGid) return { state: "signed-out" } as const;
  return decideFor(visitor, (ctx) => invite(ctx, customerGid, data.email, visitor));
}
