import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#app/db.server.ts";
import { makeShop } from "#tests/context.ts";
import { connectedShop, couponOf, openKlaviyo } from "#tests/delivery.ts";
import type { NewAccount } from "#tests/simulator/klaviyo/client.ts";
import { connectEsp, disconnectEsp, readConnections, setEspEnabled, updateSettings } from "./connections.ts";
import { sealCredentials } from "./credentials.ts";
import { listLists } from "./lists.ts";
import { listDeliveries } from "./log.ts";
import { connectionSettings } from "./settings.ts";

const NEEDED = [
  "profiles:read",
  "profiles:write",
  "events:write",
  "lists:read",
  "lists:write",
  "subscriptions:write",
] as const;

const { klaviyo, deps } = await openKlaviyo();
let shopId: string;

beforeEach(async () => {
  await klaviyo.sim.mode({ rateLimits: false });
  shopId = (await makeShop()).shop.id;
});

const connect = (credentials: unknown) => connectEsp(deps, { shopId, esp: "klaviyo", credentials });
const card = async () => (await readConnections(deps, shopId))[0];

describe("connecting", () => {
  test("a shop that never did has a card that says so", async () => {
    expect(await readConnections(deps, shopId)).toEqual([
      {
        esp: "klaviyo",
        state: "disconnected",
        masked: {},
        accountName: null,
        pausedReason: null,
        lastSuccessAt: null,
        waiting: 0,
        settings: connectionSettings.parse({}),
      },
    ]);
  });

  test("keys that belong together are proved, masked and stored sealed", async () => {
    const { publicKey, privateKey } = await klaviyo.sim.createAccount({ organizationName: "Juniper Garden" });
    expect(await connect({ publicKey: ` ${publicKey} `, privateKey })).toEqual({
      ok: true,
      accountName: "Juniper Garden",
      listsLeft: [],
    });
    expect(await card()).toMatchObject({
      state: "connected",
      accountName: "Juniper Garden",
      masked: { publicKey, privateKey: `pk_…${privateKey.slice(-4)}` },
    });
    const stored = await db.connection.findFirst({ where: { shopId } });
    expect(JSON.stringify(stored)).not.toContain(privateKey);
    expect(stored?.credentials).toMatch(/^v1\.test\./);
  });

  test("twice at once for the first time makes one connection, which can be sent to", async () => {
    const { publicKey, privateKey } = await klaviyo.sim.createAccount({
      organizationName: "Juniper",
      lists: ["Friends"],
    });
    const both = await Promise.all([connect({ publicKey, privateKey }), connect({ publicKey, privateKey })]);
    expect(both).toEqual([expect.objectContaining({ ok: true }), expect.objectContaining({ ok: true })]);
    expect(await card()).toMatchObject({ state: "connected", pausedReason: null });
    expect(await listLists(deps, { shopId, esp: "klaviyo" })).toMatchObject({ ok: true, lists: [{ name: "Friends" }] });
  });

  test("a wrong private key is told beside its field, and nothing is stored", async () => {
    const { publicKey } = await klaviyo.sim.createAccount({ organizationName: "Juniper" });
    expect(await connect({ publicKey, privateKey: "pk_0123456789" })).toEqual({
      ok: false,
      errors: [{ field: "privateKey", code: "key_refused" }],
    });
    expect(await db.connection.count({ where: { shopId } })).toBe(0);
  });

  test("a public key of another account is told beside its field", async () => {
    const { privateKey } = await klaviyo.sim.createAccount({ organizationName: "Juniper" });
    const other = await klaviyo.sim.createAccount({ organizationName: "Heather" });
    expect(await connect({ publicKey: other.publicKey, privateKey })).toEqual({
      ok: false,
      errors: [{ field: "publicKey", code: "wrong_account" }],
    });
  });

  test.each([
    [["profiles:write", "events:write"] as const, "accounts:read"],
    [["accounts:read"] as const, NEEDED.join(", ")],
    [["accounts:read", ...NEEDED.slice(0, -1)] as const, "subscriptions:write"],
    [["accounts:read", ...NEEDED.filter((scope) => scope !== "events:write")] as const, "events:write"],
  ])("a key that may only %j is told which scopes it lacks, and nobody is created", async (scopes, missing) => {
    const { id, publicKey } = await klaviyo.sim.createAccount({ organizationName: "Juniper" });
    const { key: privateKey } = await klaviyo.sim.createKey(id, [...scopes]);
    expect(await connect({ publicKey, privateKey })).toEqual({
      ok: false,
      errors: [{ field: "privateKey", code: "scopes_missing", detail: missing }],
    });
    expect(await klaviyo.sim.profiles(id)).toEqual([]);
  });

  test.each([
    [
      {},
      [
        { field: "publicKey", code: "required" },
        { field: "privateKey", code: "required" },
      ],
    ],
    [{ publicKey: "AbC123", privateKey: "secret" }, [{ field: "privateKey", code: "format" }]],
    ["nonsense", [{ field: "form", code: "required" }]],
  ])("%j is not even asked about", async (pasted, errors) => {
    expect(await connect(pasted)).toEqual({ ok: false, errors });
    expect(await klaviyo.sim.requests()).toEqual([]);
  });

  test("a Klaviyo that is down is told as such", async () => {
    const { publicKey, privateKey } = await klaviyo.sim.createAccount({ organizationName: "Juniper" });
    await klaviyo.sim.mode({ path: "/api/accounts", dropConnection: 1 });
    const down = { ok: false, errors: [{ field: "form", code: "unavailable" }] };
    expect(await connect({ publicKey, privateKey })).toEqual(down);
    await klaviyo.sim.mode({ path: "/api/accounts", fail: { status: 503 } });
    expect(await connect({ publicKey, privateKey })).toEqual(down);
  });

  test("a Klaviyo that wants to be left alone is left alone", async () => {
    const { publicKey, privateKey } = await klaviyo.sim.createAccount({ organizationName: "Juniper" });
    await connect({ publicKey, privateKey });
    await klaviyo.sim.mode({ path: "/api/accounts", fail: { status: 429, retryAfter: 30 } });
    const busy = { ok: false, errors: [{ field: "form", code: "busy", detail: "30" }] };
    expect(await connect({ publicKey, privateKey })).toEqual(busy);
    const calls = (await klaviyo.sim.requests()).length;
    expect(await connect({ publicKey, privateKey })).toMatchObject({ ok: false, errors: [{ code: "busy" }] });
    expect(await klaviyo.sim.requests()).toHaveLength(calls);
  });
});

describe("a connection", () => {
  test("that is turned off is told nothing new, keeps what waits, and goes on when turned on", async () => {
    const shop = await connectedShop(deps, klaviyo.sim);
    shopId = shop.shopId;
    const ocean = await shop.person("Ocean");
    await shop.tell(couponOf(ocean, 1));
    await setEspEnabled(deps, { shopId, esp: "klaviyo", enabled: false });
    await shop.tell(couponOf(ocean, 2));
    expect(await card()).toMatchObject({ state: "disabled", waiting: 1 });
    await setEspEnabled(deps, { shopId, esp: "klaviyo", enabled: true });
    await shop.tell(couponOf(ocean, 3));
    expect(await card()).toMatchObject({ state: "connected", waiting: 2 });
  });

  test("that was paused is still paused after it was turned off and on", async () => {
    const shop = await connectedShop(deps, klaviyo.sim);
    shopId = shop.shopId;
    await db.connection.updateMany({ where: { shopId }, data: { state: "paused", pausedReason: "reconnect" } });
    await setEspEnabled(deps, { shopId, esp: "klaviyo", enabled: false });
    await setEspEnabled(deps, { shopId, esp: "klaviyo", enabled: true });
    expect(await card()).toMatchObject({ state: "paused", pausedReason: "reconnect" });
  });

  test("whose keys cannot be opened is shown as paused, has no lists to choose from, and goes on with keys saved again", async () => {
    const shop = await connectedShop(deps, klaviyo.sim);
    shopId = shop.shopId;
    const { publicKey, privateKey } = shop.account;
    const credentials = sealCredentials(deps.keyring, "con_another", { publicKey, privateKey });
    await db.connection.updateMany({ where: { shopId }, data: { credentials } });
    expect(await card()).toMatchObject({ state: "paused", pausedReason: "unreadable", accountName: "Juniper" });
    expect(await listLists(deps, { shopId, esp: "klaviyo" })).toEqual({ ok: false, because: "reconnect" });
    await connect({ publicKey, privateKey });
    expect(await card()).toMatchObject({ state: "connected", pausedReason: null });
    expect(await listLists(deps, { shopId, esp: "klaviyo" })).toMatchObject({ ok: true });
  });

  test("that is disconnected has no keys, and what waited is cancelled and stays in the log", async () => {
    const shop = await connectedShop(deps, klaviyo.sim);
    shopId = shop.shopId;
    await shop.tell(couponOf(await shop.person("Ocean"), 1));
    await disconnectEsp(deps, { shopId, esp: "klaviyo" });
    expect(await card()).toMatchObject({ state: "disconnected", masked: {}, accountName: null, waiting: 0 });
    expect(await db.connection.findFirst({ where: { shopId } })).toMatchObject({ credentials: null, accountKey: null });
    const { rows } = await listDeliveries(db, shopId, { limit: 10 });
    expect(rows).toMatchObject([{ state: "cancelled", reason: "disconnected" }]);
  });

  test("can come back, and is told what happens from then on", async () => {
    const shop = await connectedShop(deps, klaviyo.sim);
    shopId = shop.shopId;
    const ocean = await shop.person("Ocean");
    await disconnectEsp(deps, { shopId, esp: "klaviyo" });
    await shop.tell(couponOf(ocean, 1));
    const { publicKey, privateKey } = shop.account;
    await connect({ publicKey, privateKey });
    await shop.tell(couponOf(ocean, 2));
    expect(await card()).toMatchObject({ state: "connected", waiting: 1 });
  });

  test("nobody has can be turned off and disconnected without harm", async () => {
    await setEspEnabled(deps, { shopId, esp: "klaviyo", enabled: true });
    await disconnectEsp(deps, { shopId, esp: "klaviyo" });
    expect(await card()).toMatchObject({ state: "disconnected" });
  });
});

describe("settings", () => {
  const update = (settings: Record<string, unknown>) => updateSettings(deps, { shopId, esp: "klaviyo", settings });

  test("change where they are given, and stay where they are not", async () => {
    ({ shopId } = await connectedShop(deps, klaviyo.sim));
    const lists = { referrers: { mode: "subscribe", listId: "L1" }, recipients: { mode: "none", listId: "" } };
    expect(await update({ lists })).toEqual({ ok: true });
    expect(await update({ profiles: { policy: "chosen", fields: ["locale"] } })).toEqual({ ok: true });
    expect((await card())?.settings).toEqual({
      ...connectionSettings.parse({}),
      lists,
      profiles: { policy: "chosen", fields: ["locale"] },
    });
  });

  test("of two who save at once are both kept", async () => {
    ({ shopId } = await connectedShop(deps, klaviyo.sim));
    const profiles = { policy: "never", fields: ["locale"] };
    const withheld = { events: [], properties: ["Passalong Referral Code"] };
    await Promise.all([update({ profiles }), update({ withheld }), update({ brandWord: "Juniper" })]);
    expect((await card())?.settings).toMatchObject({ profiles, withheld, brandWord: "Juniper" });
  });

  test.each([
    [{ lists: { referrers: { mode: "add" } } }, { field: "lists.referrers.listId", code: "required" }],
    [{ lists: { recipients: { mode: "shout" } } }, { field: "lists.recipients.mode", code: "format" }],
    [{ profiles: { policy: "always" } }, { field: "profiles.policy", code: "format" }],
    [{ profiles: { fields: ["email"] } }, { field: "profiles.fields.0", code: "format" }],
    [{ withheld: { events: ["nothing"] } }, { field: "withheld.events.0", code: "format" }],
    [{ brandWord: "Brand$1" }, { field: "brandWord", code: "format" }],
  ])("%j is told beside its field, and nothing is changed", async (settings, error) => {
    ({ shopId } = await connectedShop(deps, klaviyo.sim));
    expect(await update(settings)).toEqual({ ok: false, errors: [error] });
    expect((await card())?.settings).toEqual(connectionSettings.parse({}));
  });

  test("of a shop that is not connected cannot be changed", async () => {
    expect(await update({})).toMatchObject({ ok: false, errors: [{ field: "form" }] });
  });
});

describe("keys of another account", () => {
  const lists = (names: string[]) => names.map((name) => ({ name, optInProcess: "single_opt_in" as const }));
  const idOf = async (account: { id: string }, name: string) =>
    (await klaviyo.sim.lists(account.id)).find((list) => list.name === name)?.id ?? "";
  const keysOf = ({ publicKey, privateKey }: NewAccount) => ({ publicKey, privateKey });
  const chosen = async () => (await card())?.settings.lists;
  let account: NewAccount;
  beforeEach(async () => {
    account = await klaviyo.sim.createAccount({ organizationName: "Juniper", lists: lists(["Friends"]) });
    ({ shopId } = await connectedShop(deps, klaviyo.sim, "Juniper", account));
    const referrers = { mode: "subscribe", listId: await idOf(account, "Friends") };
    await updateSettings(deps, { shopId, esp: "klaviyo", settings: { lists: { referrers } } });
  });

  test("leave the lists of the old one, and say whose", async () => {
    const other = await klaviyo.sim.createAccount({ organizationName: "Heather", lists: lists(["Friends"]) });
    expect(await connect(keysOf(other))).toEqual({ ok: true, accountName: "Heather", listsLeft: ["referrers"] });
    expect(await chosen()).toEqual(connectionSettings.parse({}).lists);
  });

  test("of the same account, or of the one that was disconnected, keep them", async () => {
    const before = await chosen();
    expect(await connect(keysOf(account))).toMatchObject({ ok: true, listsLeft: [] });
    await disconnectEsp(deps, { shopId, esp: "klaviyo" });
    expect(await connect(keysOf(account))).toMatchObject({ ok: true, listsLeft: [] });
    expect(await chosen()).toEqual(before);
    expect(before?.referrers.mode).toBe("subscribe");
  });

  test("are not taken where its lists cannot be read: nothing is stored", async () => {
    const before = await chosen();
    const other = await klaviyo.sim.createAccount({ organizationName: "Heather" });
    // The first call is the check of the key's scopes.
    await klaviyo.sim.mode({ path: "/api/lists", fail: { status: 503, times: 2 } });
    expect(await connect(keysOf(other))).toEqual({ ok: false, errors: [{ field: "form", code: "unavailable" }] });
    expect(await card()).toMatchObject({ accountName: "Juniper" });
    expect(await chosen()).toEqual(before);
  });
});

describe("the dropdown of lists", () => {
  const lists = () => listLists(deps, { shopId, esp: "klaviyo" });

  test("has all pages of them, and marks double opt-in", async () => {
    const names = Array.from({ length: 23 }, (_, i) => ({
      name: `List ${String(i).padStart(2, "0")}`,
      optInProcess: i % 2 ? ("single_opt_in" as const) : ("double_opt_in" as const),
    }));
    const account = await klaviyo.sim.createAccount({ organizationName: "Juniper", lists: names });
    ({ shopId } = await connectedShop(deps, klaviyo.sim, "Juniper", account));
    const found = await lists();
    expect(found.ok && found.lists.map(({ name, doubleOptIn }) => ({ name, doubleOptIn }))).toEqual(
      names.map(({ name, optInProcess }) => ({ name, doubleOptIn: optInProcess === "double_opt_in" })),
    );
  });

  test.each([
    [{ status: 403 }, "reconnect"],
    [{ status: 503 }, "unavailable"],
    [{ status: 429, retryAfter: 9 }, "busy"],
  ])("says why there is none when Klaviyo answers %j", async (fail, because) => {
    ({ shopId } = await connectedShop(deps, klaviyo.sim));
    await klaviyo.sim.mode({ path: "/api/lists", fail });
    expect(await lists()).toEqual({ ok: false, because });
  });

  test("is empty for a shop that is not connected", async () => {
    expect(await lists()).toEqual({ ok: false, because: "not_connected" });
  });
});
