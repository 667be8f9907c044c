import type { ConnectionCard } from "#app/delivery/connections.ts";
import { esps } from "#app/esps/index.ts";
import type { Formats } from "#app/ui/formats.ts";

/** A connection as the pages show it: what the merchant may fill in, and how it does. */
export type ShownConnection = ReturnType<typeof shownConnection>;

export function shownConnection({ lastSuccessAt, waiting, ...card }: ConnectionCard, formats: Formats) {
  const { name, fields } = esps[card.esp];
  return {
    ...card,
    name,
    fields: Object.entries(fields).map(([key, { label, help, helpUrl }]) => ({ key, label, help, helpUrl })),
    lastSuccess: lastSuccessAt && formats.moment(lastSuccessAt),
    waiting: { count: waiting, text: formats.number(waiting) },
  };
}
