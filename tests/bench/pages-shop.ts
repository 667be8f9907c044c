import { setTimeout as sleep } from "node:timers/promises";
import { createMerchant } from "#tests/demo/merchant.ts";
import { friend, joinAs, openShop, type Place, type Shop } from "#tests/flow/world.ts";

/** Of each, so that pages of lists are full and have a next one. */
const REFERRERS = 60;
const REFERRALS = 65;
const PATIENCE_MS = 120_000;

/** A shop in which much has happened, all of it through the doors of life. */
export async function openBusyShop(place: Place, handle: string): Promise<Shop> {
  const shop = await openShop(place, { handle, name: "Juniper & Co", currency: "USD" });
  const codes: string[] = [];
  for (let i = 0; i < REFERRERS; i++) {
    const { code } = await joinAs(place, shop, `${i % 3 ? "Ocean" : "Willow"}${i}`);
    codes.push(code);
  }
  for (let i = 0; i < REFERRALS; i++) {
    const buyer = friend(`${i % 3 ? "Fern" : "Heath"}${i}`);
    await place.sim.client.placeOrder(handle, { ...buyer, attributes: { _passalong: codes[i % codes.length] ?? "" } });
  }
  await settled(place);
  return shop;
}

/** Nothing is under way any more that would compete with what is measured. */
async function settled({ url, sim }: Place): Promise<void> {
  const merchant = createMerchant(url, sim.client);
  await sim.client.webhooksIdle(PATIENCE_MS);
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await merchant.isIdle())) {
    if (Date.now() > deadline) throw new Error("the app did not finish what the shop's history gave it to do");
    await sleep(200);
  }
  await sleep(2000);
}
