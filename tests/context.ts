import type { Emission } from "#app/catalog/catalog.ts";
import { db } from "#app/db.server.ts";
import type { Context, ShopFacts, Task } from "#app/domain/context.ts";
import { newId } from "#app/lib/ids.ts";

/** A shop in the database whose decisions run without Remix, jobs or ESPs: what they emit and ask for is collected. */
export type TestShop = {
  readonly shop: ShopFacts;
  readonly emitted: Emission[];
  readonly asked: Task[];
  /** Runs one decision in one transaction, as of the shop's clock. */
  decide<T>(decision: (ctx: Context) => Promise<T>): Promise<T>;
  /** Moves the shop's clock on. */
  pass(milliseconds: number): void;
};

/** Makes a shop; every one has a clock of its own that stands still. */
export async function makeShop(facts: Partial<ShopFacts> = {}): Promise<TestShop> {
  let now = new Date("2026-11-05T10:00:00.000Z");
  const id = newId("shp", now);
  const shop: ShopFacts = {
    id,
    domain: `${id.slice(-8)}.myshopify.com`,
    name: "Juniper",
    currency: "USD",
    locale: "en",
    timezone: "UTC",
    primaryDomainUrl: "https://juniper.shop",
    proxyPath: "/apps/passalong",
    ...facts,
  };
  await db.shop.create({ data: { ...shop, installedAt: now } });
  const emitted: Emission[] = [];
  const asked: Task[] = [];
  return {
    shop,
    emitted,
    asked,
    async decide(decision) {
      const collected: { emitted: Emission[]; asked: Task[] } = { emitted: [], asked: [] };
      const result = await db.$transaction((tx) =>
        decision({
          shop,
          tx,
          now,
          emit: async (emission) => void collected.emitted.push(emission),
          ask: async (task) => void collected.asked.push(task),
        }),
      );
      emitted.push(...collected.emitted);
      asked.push(...collected.asked);
      return result;
    },
    pass(milliseconds) {
      now = new Date(now.getTime() + milliseconds);
    },
  };
}
