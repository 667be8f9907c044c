import type { Tx } from "#app/domain/context.ts";

type Model = "person" | "coupon" | "delivery";

/** The same transaction or database, where somebody else's commit becomes visible after the first such look at a table. */
export function afterLook<Db extends Tx>(
  tx: Db,
  model: Model,
  method: "findUnique" | "findMany",
  appear: () => Promise<unknown>,
): Db {
  let looked = false;
  const look = async (args: never) => {
    const found: unknown = await Reflect.apply(Reflect.get(tx[model], method), tx[model], [args]);
    if (!looked) await appear();
    looked = true;
    return found;
  };
  const table = new Proxy(tx[model], {
    get: (target, name) => (name === method ? look : Reflect.get(target, name)),
  });
  return new Proxy(tx, { get: (target, name) => (name === model ? table : Reflect.get(target, name)) });
}

/** The same transaction, which waits for its first lock on a table until somebody else's decision has committed. */
export function whileWaiting(tx: Tx, table: "Coupon" | "Referral" | "Referrer", decide: () => Promise<unknown>): Tx {
  let waited = false;
  const lock = async (sql: TemplateStringsArray, ...values: unknown[]) => {
    if (!waited && sql.join("").includes(`FROM "${table}"`) && sql.join("").includes("FOR UPDATE")) {
      waited = true;
      await decide();
    }
    return tx.$queryRaw(sql, ...values);
  };
  return new Proxy(tx, { get: (target, name) => (name === "$queryRaw" ? lock : Reflect.get(target, name)) });
}
