import type { ActionFunctionArgs } from "@remix-run/node";
import { onlyPost, receiveWebhook } from "#app/receive-webhook.server.ts";
import { shopTopics } from "#app/shopify/webhooks/index.ts";

export const loader = onlyPost;

/** ① of the flow: verify, store, 200. */
export function action({ request }: ActionFunctionArgs) {
  return request.method === "POST" ? receiveWebhook(request, shopTopics) : onlyPost();
}
