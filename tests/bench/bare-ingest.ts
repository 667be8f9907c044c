import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import http from "node:http";
import { pool } from "#app/db.server.ts";

/**
 * The floor that the real route is compared with: the least that a webhook server can do. Node's own HTTP server, the
 * signature, the JSON, one plain insert for each; no framework, no batching, no lanes.
 */
const { rows } = await pool.query<{ id: string; domain: string }>('SELECT "id", "domain" FROM "Shop"');
const shops = new Map(rows.map(({ id, domain }) => [domain, id]));

http
  .createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url === "/healthz") return response.end();
    const body = Buffer.concat(chunks);
    const header = (name: string) => String(request.headers[name]);
    const expected = createHmac("sha256", process.env.SHOPIFY_API_SECRET ?? "")
      .update(body)
      .digest();
    if (!timingSafeEqual(expected, Buffer.from(header("x-shopify-hmac-sha256"), "base64"))) return response.destroy();
    const order: { admin_graphql_api_id: string } = JSON.parse(body.toString());
    await pool.query(
      `INSERT INTO "WebhookInbox" ("shopId", "id", "topic", "webhookId", "laneId", "body", "bodyHash")
       VALUES ($1, $2, $3, $4, $5, $6, '') ON CONFLICT DO NOTHING`,
      [
        shops.get(header("x-shopify-shop-domain")),
        randomUUID(),
        header("x-shopify-topic"),
        header("x-shopify-webhook-id"),
        order.admin_graphql_api_id,
        body.toString(),
      ],
    );
    response.end("accepted");
  })
  .listen(Number(process.env.PORT));
