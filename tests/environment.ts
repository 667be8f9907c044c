/**
 * What every test process is told. No secret and no address of the real world: nothing listens on port 1, so that a
 * test that forgot its stand-in reaches nobody.
 */
Object.assign(process.env, {
  LOG_LEVEL: process.env.LOG_LEVEL ?? "silent",
  SHOPIFY_API_KEY: "test-key",
  SHOPIFY_API_SECRET: "test-secret",
  SHOPIFY_APP_URL: "https://passalong.test",
  ENCRYPTION_KEYS: "test:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
  KLAVIYO_BASE_URL: "http://127.0.0.1:1",
  DATA_DIR: "/dev/null/unit tests have no database: name the file *.db.test.ts",
});
delete process.env.DATABASE_URL;
