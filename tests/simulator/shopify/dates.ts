/** Whole seconds, because Shopify's timestamps have no more. */
export function atSecond(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** "2026-11-21T10:00:00-05:00": how webhook bodies write a time, in the shop's own zone. */
export function inZone(iso: string, timeZone: string): string {
  const date = new Date(iso);
  const offset = offsetOf(date, timeZone);
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
  return local + formatOffset(offset);
}

/** Minutes east of UTC at that moment. */
export function offsetOf(date: Date, timeZone: string): number {
  const name = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" })
    .formatToParts(date)
    .find((part) => part.type === "timeZoneName")?.value;
  const match = name?.match(/GMT([+-])(\d\d):(\d\d)/);
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

export function formatOffset(minutes: number, separator = ":"): string {
  const total = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(total / 60))}${separator}${two(total % 60)}`;
}
