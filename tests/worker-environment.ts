import { createTestDatabase } from "#tests/database.ts";
import { freePort } from "#tests/free-port.ts";

let environment: Promise<Record<string, string>> | undefined;

/**
 * The app reads its environment once, and a worker runs many test files: its database and the addresses at which the app
 * and Klaviyo are to be found are the same for all of them.
 */
export function workerEnvironment(): Promise<Record<string, string>> {
  environment ??= (async () => ({
    ...(await createTestDatabase()).env,
    SHOPIFY_APP_URL: `http://localhost:${await freePort()}`,
    KLAVIYO_BASE_URL: `http://localhost:${await freePort()}`,
  }))();
  return environment;
}
