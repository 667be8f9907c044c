import type { ActionFunctionArgs } from "@remix-run/node";
import { onlyPost, receiveWebhook } from "#app/receive-webhook.server.ts";
import { complianceTopics } from "#app/shopify/webhooks/index.ts";

export const loader = onlyPost;

/** The three privacy webhooks that every app must answer, also after it was uninstalled: no session is needed. */
export function action({ request }: ActionFunctionArgs) {
  if (request.method !== "POST") return onlyPost();
  return receiveWebhook(request, complianceTopics, ({ body, shopDomain }) =>
    body.shop_domain === shopDomain ? null : "the body is about another shop than the header",
  );
}
