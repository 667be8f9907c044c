import { env } from "#app/env.server.ts";
import { inbox } from "#app/inbox.server.ts";
import { log } from "#app/log.server.ts";
import { type SignedWebhook, verifyWebhook } from "#app/shopify/verify-webhook.ts";

const secrets = [env.SHOPIFY_API_SECRET, env.SHOPIFY_API_SECRET_PREVIOUS].filter((secret) => secret !== undefined);

/**
 * Verifies a webhook, stores it, and only then answers 200. Every refusal says why in one line.
 *
 * 200 also for a shop that we do not know: it uninstalled, or nobody opened the app there yet. Shopify would repeat a
 * refused webhook for four hours and count it as our failure, and nothing would come of it.
 * @param subscribed the topics of this address
 * @param identify checks what the body says of itself against the unsigned headers; returns what is wrong, or null
 */
export async function receiveWebhook(
  request: Request,
  subscribed: Readonly<Record<string, unknown>>,
  identify: (webhook: SignedWebhook) => string | null = () => null,
): Promise<Response> {
  const verified = await verifyWebhook(request, secrets);
  if ("refusal" in verified) return refuse(verified.refusal.status, verified.refusal.because);
  const { webhook } = verified;
  if (!Object.hasOwn(subscribed, webhook.topic)) return refuse(404, "not a topic of this address");
  const mismatch = identify(webhook);
  if (mismatch) return refuse(400, mismatch);
  return new Response(await inbox.accept(webhook), { status: 200 });
}

/** For every method but POST. */
export function onlyPost(): Response {
  return new Response("only POST", { status: 405, headers: { Allow: "POST" } });
}

function refuse(status: number, because: string): Response {
  log.warn({ status, because }, "webhook refused");
  return new Response(because, { status });
}
