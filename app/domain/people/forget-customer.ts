import type { Context } from "#app/domain/context.ts";

/**
 * A customer was deleted in Shopify. They are no customer any more, and their history stays: orders were placed and
 * rewards are owed. The id is remembered, because a merge tells of the customers that it deleted afterwards. Erasing a
 * person is another request (customers/redact).
 */
export async function forgetCustomer({ shop, tx, now }: Context, gid: string): Promise<"forgotten" | "unknown"> {
  const person = await tx.person.findUnique({ where: { shopId_gid: { shopId: shop.id, gid } } });
  if (!person) return "unknown";
  await tx.person.update({ where: { shopId_id: { shopId: shop.id, id: person.id } }, data: { gid: null } });
  const alias = { shopId: shop.id, kind: "gid", value: gid };
  await tx.personAlias.upsert({
    where: { shopId_kind_value: alias },
    create: { ...alias, personId: person.id, at: now },
    update: { personId: person.id, at: now },
  });
  return "forgotten";
}
