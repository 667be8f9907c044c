import type { BlockAnswer, ClaimAnswer, ErrorAnswer, ErrorCode, InviteAnswer } from "./contract.ts";
import { unreadableLinkPage } from "./link-page.ts";
import type { ProxyRefusal } from "./proxy-signature.ts";

/** Personal, and another one for the next visitor: nobody on the way keeps it. */
const headers = { "Cache-Control": "no-store" };

const refusals: Record<ErrorCode, { status: number; message: string }> = {
  bad_query: { status: 400, message: "The query is not what Shopify sends through the app proxy to this address." },
  bad_signature: { status: 401, message: "The query is not signed by Shopify." },
  expired: { status: 401, message: "The request is too old, or from a clock that is wrong." },
  replayed: { status: 401, message: "The request was made before; each works once." },
  bad_body: { status: 400, message: "The body must have the expected shape and say what it is: application/json." },
  bad_method: { status: 405, message: "The method must be GET or POST." },
  unknown_shop: { status: 404, message: "The shop has not installed this app." },
  unknown_customer: { status: 404, message: "The shop has no such customer." },
  not_ready: { status: 503, message: "The shop cannot be served right now. Try again." },
};

export function answer(body: BlockAnswer | InviteAnswer | ClaimAnswer): Response {
  return Response.json(body, { headers });
}

/** @param detail which part of the request is meant */
export function refuse(code: ErrorCode, detail?: string): Response {
  const { status, message } = refusals[code];
  const body: ErrorAnswer = { error: { code, message: detail ? `${message} (${detail})` : message } };
  return Response.json(body, { status, headers });
}

/** What is said to a request that Shopify did not send as it stands. */
export function refuseQuery(refusal: ProxyRefusal): Response {
  if ("parameter" in refusal) return refuse("bad_query", `${refusal.because}: ${refusal.parameter}`);
  return refuse(refusal.because === "forged" ? "bad_signature" : "expired");
}

/** A page that Shopify renders within the shop's theme. */
export function themePage(liquid: string, status: number): Response {
  return new Response(liquid, { status, headers: { ...headers, "Content-Type": "application/liquid" } });
}

/** What somebody who follows a link is shown: also where the request is refused it is a page, and leads to the shop. */
export async function alwaysPage(show: () => Promise<Response>): Promise<Response> {
  try {
    return await show();
  } catch (refusal) {
    if (!(refusal instanceof Response)) throw refusal;
    return themePage(unreadableLinkPage(), refusal.status);
  }
}
