import process from "node:process";
import { db, keyring, pool } from "#app/db.server.ts";
import { startDelivery } from "#app/delivery/worker.ts";
import { log } from "#app/log.server.ts";

/** A worker that delivers to the Klaviyo at an address until it is killed. */
const [url = ""] = process.argv.slice(2);
startDelivery({ db, pool, now: () => new Date(), log, keyring, baseUrls: { klaviyo: url } });
process.on("disconnect", () => process.exit());
