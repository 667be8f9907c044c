import { closeDatabase, db, pool } from "#app/db.server.ts";
import { newId } from "#app/lib/ids.ts";
import { SHOPS } from "./webhook-load.ts";

/** `make`: installs the shops that the load generator sends for. `list`: prints the ids of the webhooks stored. */
if (process.argv[2] === "make") {
  const facts = { installedAt: new Date(), currency: "USD", primaryDomainUrl: "https://bench.shop" };
  for (const domain of SHOPS) await db.shop.create({ data: { id: newId("shp", new Date()), domain, ...facts } });
} else {
  const { rows } = await pool.query<{ webhookId: string }>('SELECT "webhookId" FROM "WebhookInbox"');
  console.log(JSON.stringify(rows.map(({ webhookId }) => webhookId)));
}
await closeDatabase();
