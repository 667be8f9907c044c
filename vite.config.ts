import { vitePlugin as remix } from "@remix-run/dev";
import type {} from "@remix-run/node";
import { defineConfig } from "vitest/config";
import { polarisStyles } from "./tools/polaris-styles.ts";

// @remix-run/dev reads this type to know that loaders run with single fetch.
declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
}

/**
 * What all tests share: a stray console.error fails the test that made it. The times are for what hangs, not for what is
 * slow: a machine that does much else at once takes several times as long, and a test that is about time says its own.
 */
const everyTest = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 30_000 } },
  setupFiles: ["tests/environment.ts", "tests/setup-console.ts"],
  // A worker goes on to the next file with what it has loaded: loading the app for each takes three times as long.
  isolate: false,
  restoreMocks: true,
  unstubEnvs: true,
  unstubGlobals: true,
};

export default defineConfig({
  plugins: [
    polarisStyles(),
    // Tests import route modules as they are; the plugin is for the build and the dev server.
    !process.env.VITEST &&
      remix({
        ignoredRouteFiles: ["**/*"], // app/routes.ts names every route
        future: {
          v3_fetcherPersist: true,
          v3_relativeSplatPath: true,
          v3_throwAbortReason: true,
          v3_singleFetch: true,
          v3_routeConfig: true,
          // Discovery keeps what it saw in sessionStorage, which third-party iframes may not have: navigation dies.
          v3_lazyRouteDiscovery: false,
        },
      }),
  ],
  build: {
    assetsInlineLimit: 0, // inlined assets are data: URLs, which the admin's content security policy may refuse
    target: "es2022", // db.server.ts opens the database in a top-level await
  },
  test: {
    maxWorkers: 3, // on two processors: they wait a good third of the time
    pool: "forks",
    css: { include: [/\?url/] }, // routes link their stylesheets
    reporters: process.env.TEST_REPORT ? ["default", ["json", { outputFile: process.env.TEST_REPORT }]] : ["default"],
    projects: [
      {
        extends: true,
        test: {
          ...everyTest,
          name: "unit",
          include: ["{app,tools,extensions}/**/*.test.{ts,tsx}", "tests/simulator/**/*.test.ts"],
          exclude: ["**/*.db.test.ts", "**/node_modules/**"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...everyTest,
          name: "database",
          include: ["app/**/*.db.test.ts", "tests/flow/**/*.test.ts"],
          globalSetup: ["tests/setup-template.ts"],
          setupFiles: [...everyTest.setupFiles, "tests/setup.ts"],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...everyTest,
          name: "browser",
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: ["tests/setup-template.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2, // each with an app and a Chromium beside it
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
