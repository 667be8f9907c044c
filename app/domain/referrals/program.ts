import type { Context } from "#app/domain/context.ts";
import { rewardDiscount } from "#app/domain/rewards/discount-terms.ts";
import { openStock } from "#app/domain/rewards/stock.ts";
import { newId } from "#app/lib/ids.ts";
import { defaultTerms, type ProgramTerms, programTerms } from "./terms.ts";

/** The shop's referral program with the terms in force. */
export type LiveProgram = { readonly id: string; readonly version: number; readonly terms: ProgramTerms };

/** The live program, or null before the shop has one. */
export async function readProgram({ shop, tx }: Context): Promise<LiveProgram | null> {
  const program = await tx.program.findFirst({ where: { shopId: shop.id, kind: "referral", state: "live" } });
  if (!program) return null;
  const { id, version } = program;
  return { id, version, terms: await readTerms({ shop, tx }, id, version) };
}

/**
 * The live program with the terms that were in force at a moment of Shopify's, which is a whole second; its first terms
 * for what came before them. An order is judged by these however late we hear of it, and however often.
 */
export async function readProgramAt({ shop, tx }: Context, at: Date): Promise<LiveProgram | null> {
  const program = await tx.program.findFirst({ where: { shopId: shop.id, kind: "referral", state: "live" } });
  if (!program) return null;
  const { id } = program;
  const inForce = await tx.programVersion.findFirst({
    where: { shopId: shop.id, programId: id, createdAt: { lt: new Date(at.getTime() + 1000) } },
    orderBy: { version: "desc" },
  });
  const version = inForce?.version ?? 1;
  return { id, version, terms: await readTerms({ shop, tx }, id, version) };
}

/** The terms that a referral was made under. */
export async function readTerms(
  { shop, tx }: Pick<Context, "shop" | "tx">,
  programId: string,
  version: number,
): Promise<ProgramTerms> {
  const row = await tx.programVersion.findUniqueOrThrow({
    where: { shopId_programId_version: { shopId: shop.id, programId, version } },
  });
  return programTerms.parse(row.terms);
}

/** Gives a newly installed shop its default program; one that has a program keeps it. */
export async function ensureProgram(ctx: Context): Promise<LiveProgram> {
  const { shop, tx, now } = ctx;
  const live = await readProgram(ctx);
  if (live) return live;
  const id = newId("prg", now);
  await tx.program.create({
    data: { shopId: shop.id, id, kind: "referral", state: "live", version: 1, createdAt: now },
  });
  await tx.programVersion.create({
    data: { shopId: shop.id, programId: id, version: 1, terms: defaultTerms, createdAt: now },
  });
  await openStock(ctx, rewardDiscount(defaultTerms.recipientReward));
  return { id, version: 1, terms: defaultTerms };
}
