import { z } from "zod";

/** ISO 8601 in UTC with milliseconds, as every ESP reads it as a date: 2026-11-05T07:37:47.959Z. */
export const isoMoment = z.iso.datetime({ precision: 3 });
