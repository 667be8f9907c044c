import type { PrismaClient } from "@prisma/client";

/** A query that is not about exactly one shop. It is a mistake in the program, never the user's. */
export class ForgottenShop extends Error {
  override readonly name = "ForgottenShop";
}

/** The models that may be queried without a shop, and why. */
export const UNGUARDED = new Map([
  ["Shop", "it is the shop"],
  ["Session", "found by Shopify's session id, before the shop is known"],
  ["Lane", "claimed by workers that serve every shop; holds no shop's data"],
  ["EspAccount", "the pace of an account at an ESP, which several shops may share"],
]);

/**
 * The client with a check before every model query: it must name one shop, as `shopId` in `where`, in a composite key
 * (`shopId_id`), and in every row that it creates. Rows reached through relations belong to the same shop, because
 * every foreign key carries shopId. Raw SQL passes; raw-sql.test.ts reads it.
 */
export function guard(client: PrismaClient): PrismaClient {
  return client.$extends({
    name: "guard",
    query: {
      $allModels: {
        $allOperations({ model, operation, args, query }) {
          demandOneShop(model, operation, args);
          return query(args);
        },
      },
    },
  }) as PrismaClient;
}

/** @throws ForgottenShop */
export function demandOneShop(model: string, operation: string, args: unknown): void {
  if (UNGUARDED.has(model)) return;
  const shops = shopsOf(operation, fields(args));
  const [first] = shops;
  if (first === undefined || shops.some((shop) => shop !== first)) {
    throw new ForgottenShop(`${model}.${operation} is not about one shop`);
  }
  const change = operation === "upsert" ? fields(args).update : operation.startsWith("update") && fields(args).data;
  if (fields(change).shopId !== undefined) {
    throw new ForgottenShop(`${model}.${operation} would move a row to another shop`);
  }
}

/** The shop of each part of a query that must have one; undefined where it is missing. */
function shopsOf(operation: string, args: Fields): (string | undefined)[] {
  switch (operation) {
    case "create":
      return [text(fields(args.data).shopId)];
    case "createMany":
    case "createManyAndReturn":
      return [args.data].flat().map((row) => text(fields(row).shopId));
    case "upsert":
      return [shopOfWhere(args.where), text(fields(args.create).shopId)];
    default:
      return [shopOfWhere(args.where)];
  }
}

function shopOfWhere(where: unknown): string | undefined {
  for (const [name, value] of Object.entries(fields(where))) {
    if (name === "shopId") return text(value) ?? text(fields(value).equals);
    if (name.startsWith("shopId_")) return text(fields(value).shopId);
    if (name !== "AND") continue;
    const shop = [value].flat().map(shopOfWhere).find(Boolean);
    if (shop) return shop;
  }
  return undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
