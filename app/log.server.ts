import { type Logger as Pino, pino, stdSerializers } from "pino";
import { env } from "#app/env.server.ts";
import { redact, scrub } from "#app/lib/redact.ts";

export type Logger = Pino;

/**
 * JSON lines on standard output. Secrets and personal data are taken out of whatever is handed in: log ids (an id says
 * what it is of), never people.
 */
export const log: Logger = pino({
  level: env.LOG_LEVEL,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: {
    level: (label) => ({ level: label }),
    log: ({ err, ...fields }) => ({ ...record(redact(fields)), ...(err === undefined ? {} : { err }) }),
  },
  serializers: { err: (error: unknown) => redact(error instanceof Error ? stdSerializers.err(error) : error) },
  // The last word, over messages and stacks too: pino copies an error's message, whatever stands in it.
  hooks: { streamWrite: scrub },
});

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : { value };
}
