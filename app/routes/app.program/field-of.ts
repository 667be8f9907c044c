import type { TermError } from "#app/domain/referrals/update-program.ts";

/** Which field of the form a term is typed into. Apart from form.ts, whose validation browsers need not load. */
export function fieldOf({ field }: TermError): string {
  return field.replace(".value.percent", ".percent").replace(".value.minor", ".amount");
}
