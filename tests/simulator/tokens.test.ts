import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEY, API_SECRET, exchangeToken, graphql, openStage, type Stage } from "./fake-app.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.client.createShop({ handle: "one" });
  await stage.client.createShop({ handle: "two" });
});
afterAll(() => stage.close());

const NAME = "{ shop { name } }";

async function refresh(token: string) {
  const response = await fetch("https://one.myshopify.com/admin/oauth/access_token", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      client_id: API_KEY,
      client_secret: API_SECRET,
      grant_type: "refresh_token",
      refresh_token: token,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

test("a session token becomes an expiring offline token with the scopes of the toml", async () => {
  const { status, body } = await exchangeToken(stage, "one");
  expect(status).toBe(200);
  expect(body).toMatchObject({ expires_in: 3600, refresh_token_expires_in: 7_776_000 });
  expect(body.scope).toContain("read_orders");
  const answer = await graphql<{ shop: { name: string } }>("one", body.access_token ?? "", NAME);
  expect(answer.data).toEqual({ shop: { name: "one" } });
});

test("expired, foreign and forged session tokens are refused", async () => {
  const expired = await stage.client.idToken("one", { expired: true });
  const foreign = await stage.client.idToken("two");
  const forged = `${(await stage.client.idToken("one")).slice(0, -4)}AAAA`;
  for (const subject_token of [expired, foreign, forged, "nonsense"]) {
    const { status, body } = await exchangeToken(stage, "one", { subject_token });
    expect(status).toBe(400);
    expect(body.error).toBe("invalid_subject_token");
  }
});

test("a wrong secret is refused", async () => {
  const { status, body } = await exchangeToken(stage, "one", { client_secret: "wrong" });
  expect([status, body.error]).toEqual([400, "invalid_client"]);
});

test("a refresh token lives on until the one that replaced it is used", async () => {
  const first = (await exchangeToken(stage, "one")).body.refresh_token ?? "";
  const second = (await refresh(first)).body.refresh_token ?? "";
  expect((await refresh(first)).status).toBe(200); // the first answer was lost
  const third = await refresh(second);
  expect(third.status).toBe(200);
  expect((await refresh(first)).body.error).toBe("invalid_request");
  const answer = await graphql<unknown>("one", third.body.access_token ?? "", NAME);
  expect(answer.status).toBe(200);
});

test("tokens that never expire are no longer accepted", async () => {
  const { body } = await exchangeToken(stage, "one", { expiring: "0" });
  expect(body.refresh_token).toBeUndefined();
  expect((await graphql<unknown>("one", body.access_token ?? "", NAME)).status).toBe(403);
});

test("a token of another shop, or of an uninstalled one, is a 401", async () => {
  const { body } = await exchangeToken(stage, "two");
  const token = body.access_token ?? "";
  expect((await graphql<unknown>("one", token, NAME)).status).toBe(401);
  await stage.client.uninstall("two");
  expect((await graphql<unknown>("two", token, NAME)).status).toBe(401);
  await stage.client.webhooksIdle();
  expect(await stage.client.webhooks({ shop: "two", topic: "app/uninstalled" })).toHaveLength(1);
});

test("another version of the Admin API does not exist", async () => {
  const response = await fetch("https://one.myshopify.com/admin/api/2025-07/graphql.json", { method: "POST" });
  expect(response.status).toBe(404);
});
