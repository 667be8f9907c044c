import { db } from "#app/db.server.ts";
import { joinProgram } from "#app/domain/referrals/join-program.ts";
import { ensureProgram } from "#app/domain/referrals/program.ts";
import { defaultTerms, type ProgramTerms } from "#app/domain/referrals/terms.ts";
import { planStock, stockFilled } from "#app/domain/rewards/stock.ts";
import { buyer } from "./builders.ts";
import { makeShop, type TestShop } from "./context.ts";

/** A shop whose program is live under terms of the test's choice. */
export async function shopWithProgram(terms: Partial<ProgramTerms> = {}): Promise<TestShop> {
  const shop = await makeShop();
  const program = await shop.decide(ensureProgram);
  await db.programVersion.update({
    where: { shopId_programId_version: { shopId: shop.shop.id, programId: program.id, version: program.version } },
    data: { terms: { ...defaultTerms, ...terms } },
  });
  return shop;
}

/** A customer of that name joins; gives the code that they share. */
export async function join(shop: TestShop, name: string): Promise<string> {
  const outcome = await shop.decide((ctx) => joinProgram(ctx, buyer(name)));
  if (outcome.kind === "refused") throw new Error(outcome.because);
  return outcome.code;
}

/** Fills the stock of every discount that was asked for, as the job does once Shopify has the codes. */
export async function fillStock(shop: TestShop): Promise<void> {
  for (const task of shop.asked) {
    if (task.kind !== "stock-coupons") continue;
    const { discountId } = task;
    const discount = { shopId_id: { shopId: shop.shop.id, id: discountId } };
    await db.discount.update({ where: discount, data: { gid: `gid://shopify/DiscountCodeNode/${discountId}` } });
    await shop.decide(async (ctx) => {
      const planned = await planStock(ctx, discountId, "FRIEND");
      await stockFilled(ctx, { added: planned.map(({ id }) => id), refused: [] });
    });
  }
}
