import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEY, openStage, type Stage } from "./fake-app.ts";
import type { Answer } from "./http.ts";
import { startSimulator } from "./start.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test("opening the app asks for consent first, then frames it with a signed address", async () => {
  await stage.client.createShop({ handle: "fresh" });
  const address = `https://admin.shopify.com/store/fresh/apps/${API_KEY}`;
  expect(await (await fetch(address)).text()).toContain("read_orders");
  await fetch(`${address}/install`, { method: "POST" });
  const page = await (await fetch(`${address}/app/integrations?x=1`)).text();
  const src = page.match(/<iframe[^>]+src="([^"]+)"/)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const url = new URL(src);
  expect(url.pathname).toBe("/app/integrations");
  expect(Object.fromEntries(url.searchParams)).toMatchObject({ x: "1", embedded: "1", shop: "fresh.myshopify.com" });
  expect(atob(url.searchParams.get("host") ?? "")).toBe("admin.shopify.com/store/fresh");
  expect(url.searchParams.get("id_token")?.split(".")).toHaveLength(3);
});

test("the tunnel turns every address of the app's answers into one on localhost", async () => {
  const { urls } = stage.simulator;
  const { url: appUrl } = await stage.client.setAppUrl((await stage.client.appUrl("fresh")).split("/?")[0] ?? "");
  stage.answerWith(
    (request): Answer =>
      request.url.pathname === "/away"
        ? { status: 302, headers: { location: `${appUrl}/auth?shopify-reload=${encodeURIComponent(`${appUrl}/app`)}` } }
        : {
            status: 200,
            headers: {
              "content-type": "text/html",
              "content-security-policy": "frame-ancestors https://fresh.myshopify.com https://admin.shopify.com;",
            },
            body: `<script src="https://cdn.shopify.com/shopifycloud/app-bridge.js"></script><a href="${appUrl}/app">`,
          },
  );
  const page = await fetch(`${urls.tunnel}/app`, { headers: { origin: urls.tunnel } });
  const text = await page.text();
  expect(text).toBe(
    `<script src="${urls.admin}/cdn/shopifycloud/app-bridge.js"></script><a href="${urls.tunnel}/app">`,
  );
  expect(page.headers.get("content-security-policy")).toContain(urls.admin);
  expect(stage.requests.at(-1)?.headers).toMatchObject({ origin: appUrl, host: new URL(appUrl).host });
  const away = await fetch(`${urls.tunnel}/away`, { redirect: "manual" });
  const target = `${urls.tunnel}/auth?shopify-reload=${encodeURIComponent(`${urls.tunnel}/app`)}`;
  expect(away.headers.get("location")).toBe(target);
  const bridge = await fetch(`${urls.admin}/cdn/shopifycloud/app-bridge.js`);
  expect(await bridge.text()).toContain("window.shopify");
});

test("a request for another machine is refused", async () => {
  await expect(fetch("https://a.klaviyo.com/")).rejects.toThrow("fetch failed");
});

test("state, clock and certificates outlive the process", async () => {
  const folder = mkdtempSync(join(tmpdir(), "simulator-test-"));
  const clockOffsetFile = join(folder, "clock");
  const options = {
    appUrl: "http://localhost:9",
    apiKey: "k",
    apiSecret: "s",
    stateFile: join(folder, "simulator.json"),
    clockOffsetFile,
  };
  const first = await startSimulator(options);
  await first.client.createShop({ handle: "kept" });
  await first.client.createCustomer("kept", { email: "ann@mail.test" });
  await first.client.setClock({ offsetMs: -86_400_000 });
  await first.close();
  expect(readFileSync(clockOffsetFile, "utf8")).toBe("-86400000");

  const second = await startSimulator(options);
  expect(await second.client.customers("kept")).toHaveLength(1);
  expect((await second.client.clock()).offsetMs).toBe(-86_400_000);
  expect(second.tls.caPem).toBe(first.tls.caPem);
  expect((await fetch(second.urls.storefront("kept"))).status).toBe(200);
  await second.client.reset();
  expect(await second.client.shops()).toEqual([]);
  expect(readFileSync(clockOffsetFile, "utf8")).toBe("0");
  await second.close();
});

test("a taken port says so", async () => {
  const port = Number(new URL(stage.simulator.urls.admin).port);
  const options = { appUrl: "http://localhost:9", apiKey: "k", apiSecret: "s", ports: { admin: port } };
  await expect(startSimulator(options)).rejects.toMatchObject({ code: "EADDRINUSE", port });
});
