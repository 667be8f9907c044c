import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const pages = globSync("app/routes/app*/route.{ts,tsx}").map((file) => [file, readFileSync(file, "utf8")] as const);

/** With single fetch, redirects and retries of the sign-in lose their headers without it (shopify-app-remix, boundary). */
describe("every page of the merchant", () => {
  it.each(pages)("%s passes on the headers of the sign-in", (_, source) => {
    expect(source).toContain("export const headers: HeadersFunction = (args) => boundary.headers(args);");
  });

  it.each(pages)("%s asks who it is before anything else", (_, source) => {
    const handlers = source.match(/export async function (loader|action)/g) ?? [];
    const checks = source.match(/\(\{ request[^)]*\}: \w+\) \{\n.*await merchant\(request\);/g) ?? [];
    expect(checks).toHaveLength(handlers.length);
  });

  it.each(pages)("%s has its own calm page for what goes wrong", (_, source) => {
    expect(source).toMatch(/ProblemBoundary/);
  });
});
