import { expect, it } from "vitest";
import { recordOrder } from "#app/domain/referrals/record-order.ts";
import { buyer, order } from "#tests/builders.ts";
import { makeShop } from "#tests/context.ts";
import { join, shopWithProgram } from "#tests/shop-with-program.ts";
import { readOverview } from "./overview.ts";
import { hideSetupGuide, readSetupGuide } from "./setup-guide.ts";

const DAY = 86_400_000;

it("the numbers are those of the days that were asked for", async () => {
  const shop = await shopWithProgram();
  const code = await join(shop, "Ocean");
  const buys = (name: string, day: string) =>
    shop.decide((ctx) =>
      recordOrder(ctx, {
        order: order({
          gid: `gid://shopify/Order/${name}`,
          placedAt: `${day}T09:00:00Z`,
          buyer: buyer(name),
          discountCodes: [{ code, amount: 0n }],
        }),
        landingSite: null,
        earlierPaidOrder: false,
      }),
    );
  await buys("Fern", "2026-11-05");
  shop.pass(8 * DAY);
  await buys("Heath", "2026-11-13");
  const week = await shop.decide((ctx) => readOverview(ctx, 7));
  expect(week).toMatchObject({ referrers: 0, purchases: 1, successful: 1, revenue: { minor: 9000n, currency: "USD" } });
  expect(week.days.map(({ date, purchases }) => `${date}: ${purchases}`)).toEqual([
    "2026-11-07: 0",
    "2026-11-08: 0",
    "2026-11-09: 0",
    "2026-11-10: 0",
    "2026-11-11: 0",
    "2026-11-12: 0",
    "2026-11-13: 1",
  ]);
  const month = await shop.decide((ctx) => readOverview(ctx, 30));
  expect(month).toMatchObject({ referrers: 1, purchases: 2, successful: 2, revenue: { minor: 18000n } });
});

it("a day ends when the shop's own day ends", async () => {
  const tokyo = await makeShop({ timezone: "Asia/Tokyo" });
  tokyo.pass(6 * 3_600_000); // 16:00 UTC: past midnight in Tokyo
  const { days } = await tokyo.decide((ctx) => readOverview(ctx, 2));
  expect(days.map(({ date }) => date)).toEqual(["2026-11-05", "2026-11-06"]);
});

it("the set-up guide ticks off what the facts say, and stays away when it is put away", async () => {
  const shop = await shopWithProgram();
  const guide = () => shop.decide(readSetupGuide);
  expect(await guide()).toEqual({ hidden: false, program: false, block: false, referral: false });
  await join(shop, "Ocean");
  await shop.decide((ctx) => hideSetupGuide(ctx, true));
  expect(await guide()).toEqual({ hidden: true, program: false, block: true, referral: false });
});
