import type { ParseKeys, TFunction } from "i18next";
import type { DeliveryRow } from "#app/delivery/log.ts";

/** What is delivered when it is no event. */
const kinds: Record<string, ParseKeys> = {
  profile: "deliveries.kind.profile",
  list: "deliveries.kind.list",
  erase: "deliveries.kind.erase",
};

/** What a delivery brings: an event by its name, anything else in words. */
export function deliveryName(t: TFunction, { kind, event }: Pick<DeliveryRow, "kind" | "event">): string {
  const key = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return key ? t(key) : (event ?? kind);
}
