import { z } from "zod";
import { normalEmail } from "#app/lib/email.ts";

/** ISO 8601 in UTC with milliseconds, as every ESP reads it as a date: 2026-11-05T07:37:47.959Z. */
export const isoMoment = z.iso.datetime({ precision: 3 });

/** An address that somebody is known by. Another check than that one's would refuse what was taken from them already. */
export const emailAddress = z.string().refine((text) => normalEmail(text) !== null);
