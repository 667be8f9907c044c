import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { decideFor, shopper } from "#app/shopper.server.ts";
import { alwaysPage, answer, refuse, themePage } from "#app/storefront/answers.ts";
import { prove } from "#app/storefront/claim.ts";
import { nonceShape, proofRequest } from "#app/storefront/contract.ts";
import { newNonce } from "#app/storefront/nonce.ts";
import { proofPage } from "#app/storefront/proof-page.ts";
import { readBody } from "#app/storefront/read-body.ts";
import { readProof } from "#app/storefront/read-offer.ts";

/** What the link of a verification mail leads to: nothing happens before its button is pressed. */
export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  return alwaysPage(async () => {
    const visitor = await shopper(request, { others: "unread" });
    const proof = await decideFor(visitor, (ctx) => readProof(ctx, params.token ?? ""));
    return themePage(proofPage(proof, newNonce()), proof ? 200 : 404);
  });
}

/** The button is pressed: by script, or by the form itself, which is answered with the page. */
export async function action({ request, params }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return refuse("bad_method");
  const visitor = await shopper(request, { own: { name: "claim", value: nonceShape }, others: "refused" });
  const body = await readBody(request);
  if (!body || !proofRequest.safeParse(body.value).success) return refuse("bad_body");
  const token = params.token ?? "";
  const outcome = await decideFor(visitor, (ctx) => prove(ctx, token, visitor));
  if (body.kind === "json") return outcome === "replayed" ? refuse("replayed") : answer(outcome);
  const proof = await decideFor(visitor, (ctx) => readProof(ctx, token));
  const shown = outcome === "replayed" ? ({ state: "failed" } as const) : outcome;
  return themePage(proofPage(proof, newNonce(), shown), 200);
}
