import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { decideFor, shopper } from "#app/shopper.server.ts";
import { alwaysPage, answer, refuse, themePage } from "#app/storefront/answers.ts";
import { claim } from "#app/storefront/claim.ts";
import { claimRequest, nonceShape } from "#app/storefront/contract.ts";
import { offerPage, unknownLinkPage } from "#app/storefront/link-page.ts";
import { newNonce } from "#app/storefront/nonce.ts";
import { readBody } from "#app/storefront/read-body.ts";
import { readOffer } from "#app/storefront/read-offer.ts";

/** What a referrer's link leads to. Whoever follows one brings the parameters of the mail or network it was in. */
export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  return alwaysPage(async () => {
    const visitor = await shopper(request, { others: "unread" });
    const offer = await decideFor(visitor, (ctx) => readOffer(ctx, params.code ?? ""));
    return offer ? themePage(offerPage(offer, newNonce()), 200) : themePage(unknownLinkPage(), 404);
  });
}

/** A friend leaves their details: by script, or by the form itself, which is answered with the page. */
export async function action({ request, params }: ActionFunctionArgs): Promise<Response> {
  if (request.method !== "POST") return refuse("bad_method");
  const visitor = await shopper(request, { own: { name: "claim", value: nonceShape }, others: "refused" });
  const body = await readBody(request);
  const details = claimRequest.safeParse(body?.value).data;
  if (!body || !details) return refuse("bad_body");
  const code = params.code ?? "";
  const outcome = await decideFor(visitor, (ctx) => claim(ctx, code, details, visitor));
  if (body.kind === "json") return outcome === "replayed" ? refuse("replayed") : answer(outcome);
  const offer = await decideFor(visitor, (ctx) => readOffer(ctx, code));
  if (!offer) return themePage(unknownLinkPage(), 404);
  const shown = outcome === "replayed" ? ({ state: "failed" } as const) : outcome;
  return themePage(offerPage(offer, newNonce(), { shown, typed: details }), 200);
}
