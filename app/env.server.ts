import { z } from "zod";
import { keyringOf } from "#app/lib/sealed.ts";

/** An address without a slash at its end, so that paths can be put behind it. */
const address = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .transform((url) => url.replace(/\/+$/, ""));

/** Where an ESP is: the vendor's own host, or a stand-in on this machine. Secrets go nowhere else. */
function espAddress(vendor: string) {
  return address.default(vendor).refine((url) => url === vendor || isLoopback(url), {
    error: `must be ${vendor}, or a stand-in on this machine (127.0.0.1, localhost)`,
  });
}

const required = (hint: string) => z.string({ error: `is missing: ${hint}` });

const variables = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be postgresql://user@host:5432/name" }).optional(),
  DATA_DIR: z.string().default(".data"),
  PORT: z.coerce.number({ error: "must be a port number" }).int().min(0).max(65535).default(3000),
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  SHOPIFY_API_KEY: required("the app's client id"),
  SHOPIFY_API_SECRET: required("the app's client secret"),
  SHOPIFY_API_SECRET_PREVIOUS: z.string().optional(),
  SHOPIFY_APP_URL: address,
  ENCRYPTION_KEYS: z.string().superRefine(isKeyring).optional(),
  KLAVIYO_BASE_URL: espAddress("https://a.klaviyo.com"),
  CLOCK_OFFSET_FILE: z.string().optional(),
});

const schema = variables.superRefine((env, issues) => {
  if (env.ENCRYPTION_KEYS || !(env.DATABASE_URL || env.NODE_ENV === "production")) return;
  issues.addIssue({
    code: "custom",
    path: ["ENCRYPTION_KEYS"],
    message: 'is missing: id:base64 of 32 bytes, for example from: echo "k1:$(openssl rand -base64 32)"',
  });
});

export type Env = z.output<typeof variables>;

/**
 * Reads the variables; an empty one counts as not set.
 * @returns the environment, or one sentence per wrong variable (never its value)
 */
export function parseEnv(source: Record<string, string | undefined>): { env: Env } | { problems: string[] } {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return { env: parsed.data };
  return { problems: parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`) };
}

/** What this process was told, read once. A process that was told something wrong says what and does not start. */
export const env: Env = envOrExit();

function envOrExit(): Env {
  const result = parseEnv(process.env);
  if ("env" in result) return result.env;
  process.stderr.write(`Passalong cannot start:\n${result.problems.map((problem) => `  ${problem}\n`).join("")}`);
  process.exit(1);
}

function isLoopback(url: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}

function isKeyring(text: string, issues: z.RefinementCtx) {
  try {
    keyringOf(text);
  } catch (error) {
    issues.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
  }
}
