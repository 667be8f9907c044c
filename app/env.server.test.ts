import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { parseEnv } from "#app/env.server.ts";

const minimum = { SHOPIFY_API_KEY: "key", SHOPIFY_API_SECRET: "secret", SHOPIFY_APP_URL: "https://passalong.test/" };
const key = "k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

describe("the environment", () => {
  test("needs three variables, the others have defaults", () => {
    expect(parseEnv({ ...minimum, DATABASE_URL: "", PATH: "/bin" })).toEqual({
      env: {
        ...minimum,
        SHOPIFY_APP_URL: "https://passalong.test",
        DATA_DIR: ".data",
        PORT: 3000,
        NODE_ENV: "development",
        LOG_LEVEL: "info",
        KLAVIYO_BASE_URL: "https://a.klaviyo.com",
      },
    });
  });

  test.each([
    [{ SHOPIFY_API_KEY: "" }, "SHOPIFY_API_KEY is missing: the app's client id"],
    [{ SHOPIFY_APP_URL: "passalong" }, "SHOPIFY_APP_URL must be an http or https address"],
    [{ PORT: "http" }, "PORT must be a port number"],
    [{ DATABASE_URL: "mysql://x/y", ENCRYPTION_KEYS: key }, "DATABASE_URL must be postgresql://user@host:5432/name"],
    [{ ENCRYPTION_KEYS: "short" }, "ENCRYPTION_KEYS key 1 is not id:base64 of 32 bytes"],
    [{ NODE_ENV: "production" }, /^ENCRYPTION_KEYS is missing/],
    [{ DATABASE_URL: "postgresql://db/passalong" }, /^ENCRYPTION_KEYS is missing/],
  ])("says what is wrong with %o", (wrong, sentence) => {
    const result = parseEnv({ ...minimum, ...wrong });
    expect("problems" in result && result.problems).toEqual([expect.stringMatching(sentence)]);
  });

  test("sends keys to the ESP or to this machine only", () => {
    const accepts = (KLAVIYO_BASE_URL: string) => "env" in parseEnv({ ...minimum, KLAVIYO_BASE_URL });
    expect(["https://a.klaviyo.com/", "http://127.0.0.1:4401", "http://localhost:1"].map(accepts)).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      [
        "http://a.klaviyo.com",
        "https://a.klaviyo.com.evil.test",
        "https://a.klaviyo.com@evil.test",
        "https://localhost.evil.test",
        "file:///etc",
      ].map(accepts),
    ).toEqual([false, false, false, false, false]);
  });

  test("with keys may be production, on a server", () => {
    const server = { NODE_ENV: "production", DATABASE_URL: "postgres://db/x", ENCRYPTION_KEYS: key };
    expect(parseEnv({ ...minimum, ...server })).toMatchObject({ env: server });
  });
});

test("a process that was told something wrong says what, once a line, and does not start", () => {
  const { status, stderr } = spawnSync(process.execPath, ["app/env.server.ts"], {
    encoding: "utf8",
    env: { NODE_ENV: "development", SHOPIFY_API_KEY: "x", SHOPIFY_API_SECRET: "do not print", PORT: "99999" },
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Passalong cannot start:\n {2}PORT .*\n {2}SHOPIFY_APP_URL .*\n$/);
});
