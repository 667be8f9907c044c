import type { UncountedOrder } from "#app/domain/referrals/list-uncounted.ts";
import type { Formats } from "#app/ui/formats.ts";

/** An order that counts for nobody, as the pages show it. */
export type ShownUncounted = ReturnType<typeof shownUncounted>;

export function shownUncounted({ placedAt, total, ...order }: UncountedOrder, formats: Formats) {
  return { ...order, placed: formats.moment(placedAt), total: formats.money(total) };
}
