import { beforeEach, describe, expect, test } from "vitest";
import { type Emission, type EventKey, events } from "#app/catalog/catalog.ts";
import { db } from "#app/db.server.ts";
import { connectEsp, disconnectEsp, updateSettings } from "#app/delivery/connections.ts";
import { listModes, profilePolicies } from "#app/delivery/settings.ts";
import { newId } from "#app/lib/ids.ts";
import { type ConnectedShop, connectedShop, NOW, openKlaviyo, workerForEachTest } from "#tests/delivery.ts";
import type { ProfileSeed } from "#tests/simulator/klaviyo/contract.ts";

const { klaviyo, deps } = await openKlaviyo();
const worker = workerForEachTest(deps);
let shop: ConnectedShop;
let listId: string;

beforeEach(async () => {
  await klaviyo.sim.mode({ rateLimits: false });
  const account = await klaviyo.sim.createAccount({
    organizationName: "Juniper",
    lists: [{ name: "Friends", optInProcess: "single_opt_in" }],
  });
  shop = await connectedShop(deps, klaviyo.sim, "Juniper", account);
  listId = (await klaviyo.sim.lists(account.id))[0]?.id ?? "";
});

const set = (settings: Record<string, unknown>) =>
  updateSettings(deps, { shopId: shop.shopId, esp: "klaviyo", settings });

const PROPERTIES = {
  "Passalong Referral Shareable Link": "https://juniper.shop/apps/passalong/OCEAN7QK",
  "Passalong Number of Successful Referrals": 1,
  "Passalong Total Successful Referral Revenue": 90,
  "Passalong Referral Code": "OCEAN7QK",
};

/** Every event of the catalogue as its example has it; the referrer's with a property that custom ones stand for. */
function exampleOf(entry: EventKey, personId: string): Emission {
  const { about, example } = events[entry];
  const emission = { entry, personId, cause: `${entry} ${personId}`, payload: example };
  return { ...emission, ...(about === "referrer" && { properties: PROPERTIES }) } as Emission;
}

async function settle() {
  worker.poke();
  const waiting = () => db.delivery.count({ where: { shopId: shop.shopId, state: "pending" } });
  await expect.poll(waiting).toBe(0);
}

test("all eleven moments arrive under their exact names", async () => {
  const names: Record<EventKey, string> = {
    "opted-in.referrer": "Opted In to Passalong Referrals",
    "opted-in.recipient": "Opted In to Passalong Referrals",
    "sent.referrer": "Sent Passalong Referral",
    "invitation.recipient": "Passalong Referral Invitation",
    "link-used.referrer": "Passalong Shareable Link Used",
    "received-coupon.recipient": "Received Passalong Referral Coupon",
    "received-coupon.referrer": "Received Passalong Referral Coupon",
    "redeemed-coupon.recipient": "Redeemed Passalong Referral Coupon",
    "redeemed-coupon.referrer": "Redeemed Passalong Referral Coupon",
    "rejected.recipient": "Passalong Referral Rejected",
    "rejected.referrer": "Passalong Referral Rejected",
  };
  const entries = Object.keys(names) as EventKey[];
  const referrer = await shop.person("Ocean");
  const recipient = await shop.person("Fern");
  const whoOf = (entry: EventKey) => (events[entry].about === "referrer" ? referrer : recipient);
  await shop.tell(...entries.map((entry) => exampleOf(entry, whoOf(entry))));
  await settle();
  for (const [about, email] of [
    ["referrer", "ocean@grove.shop"],
    ["recipient", "fern@grove.shop"],
  ]) {
    const arrived = await klaviyo.sim.events(shop.account.id, { email });
    const told = entries.filter((entry) => events[entry].about === about);
    expect(arrived.map(({ metric, properties }) => ({ metric, properties }))).toEqual(
      told.map((entry) => ({
        metric: names[entry],
        properties: { ...events[entry].example, Locale: "en", "Customer Role": about },
      })),
    );
  }
});

const standings = ["absent", "empty", "filled", "subscribed", "unsubscribed", "suppressed"] as const;

type Said = readonly [state: "subscribed" | "unsubscribed", source: "claim_form" | "proved_form" | "shopify"];
/** What somebody said to us, one thing after the other. */
const consents = {
  none: [],
  ticked: [["subscribed", "claim_form"]],
  agreed: [["subscribed", "shopify"]],
  no: [["unsubscribed", "shopify"]],
  "ticked-then-no": [
    ["subscribed", "proved_form"],
    ["unsubscribed", "shopify"],
  ],
  "no-then-ticked": [
    ["unsubscribed", "shopify"],
    ["subscribed", "claim_form"],
  ],
  "no-then-proved": [
    ["unsubscribed", "shopify"],
    ["subscribed", "proved_form"],
  ],
  "no-then-agreed": [
    ["unsubscribed", "shopify"],
    ["subscribed", "claim_form"],
    ["subscribed", "shopify"],
  ],
} as const satisfies Record<string, readonly Said[]>;
const consentNames = Object.keys(consents) as (keyof typeof consents)[];

type Case = {
  standing: (typeof standings)[number];
  consent: keyof typeof consents;
  email: string;
  phone: string;
  personId: string;
};

/** One person for every way they may stand at Klaviyo and every consent that we may have of them. */
async function makePeople(): Promise<Case[]> {
  const cases = standings.flatMap((standing) => consentNames.map((consent) => ({ standing, consent })));
  return Promise.all(
    cases.map(async ({ standing, consent }, number) => {
      const email = `${standing}-${consent}@grove.shop`;
      const phone = `+150055500${10 + number}`;
      await seedProfile(standing, email, number);
      const personId = newId("per", NOW);
      const facts = { phone, firstName: "Ocean", lastName: "Grove", locale: "en", ...LIVES };
      await db.person.create({ data: { shopId: shop.shopId, id: personId, email, ...facts, createdAt: NOW } });
      await say(personId, consents[consent]);
      return { standing, consent, email, phone, personId };
    }),
  );
}

/** Where our people live, and what a profile has that is filled, but for its city. */
const LIVES = { city: "Lyon", region: "Rhône", country: "France", zip: "69001" };
const THEIRS = {
  first_name: "Sea",
  last_name: "Lake",
  locale: "fr",
  location: { region: "Hesse", country: "Germany", zip: "60311" },
};

async function seedProfile(standing: Case["standing"], email: string, number: number) {
  const seeds: Record<Exclude<Case["standing"], "absent">, ProfileSeed> = {
    empty: { email },
    filled: { email, ...THEIRS, phone_number: `+150055600${10 + number}` },
    subscribed: { email, consent: { email: "SUBSCRIBED" } },
    unsubscribed: { email, consent: { email: "UNSUBSCRIBED" } },
    suppressed: { email },
  };
  if (standing === "absent") return;
  await klaviyo.sim.seedProfile(shop.account.id, seeds[standing]);
  if (standing === "suppressed") await klaviyo.sim.suppress(shop.account.id, { email, reason: "SPAM_COMPLAINT" });
}

async function say(personId: string, said: readonly Said[]) {
  const how = { shopId: shop.shopId, personId, channel: "email", text: "Write to me", place: "claim" };
  for (const [minutes, [state, source]] of said.entries()) {
    const at = new Date(NOW.getTime() + minutes * 60_000);
    await db.consentRecord.create({ data: { ...how, id: newId("cns", at), state, source, at } });
  }
}

const { region: _unselected, ...lives } = LIVES;
const OURS = { first_name: "Ocean", last_name: null, locale: "en", location: lives };
const EMPTY = { first_name: null, last_name: null, locale: null, phone_number: null, location: {} };

describe.each(profilePolicies)("existing profiles: %s", (policy) => {
  test.each(listModes)("list: %s", async (mode) => {
    await set({
      lists: { referrers: { mode, listId } },
      profiles: { policy, fields: ["firstName", "phone", "locale", "city", "country", "zip"] },
    });
    const people = await makePeople();
    await shop.tell(...people.map(({ personId }) => exampleOf("opted-in.referrer", personId)));
    await settle();

    const rejected = await db.delivery.findMany({ where: { shopId: shop.shopId, state: "rejected" } });
    expect(rejected).toEqual([]);
    for (const person of people) {
      const { standing, consent, email, phone } = person;
      const profile = await klaviyo.sim.profile(shop.account.id, email);
      expect(profile, email).toMatchObject(fieldsOf(policy, standing, phone));
      expect(profile?.properties).toMatchObject({ "Passalong Referral Code": "OCEAN7QK" });

      const joined = mode === "none" ? "left alone" : mode === "add" ? "added" : joiningOf(standing, consent);
      expect(
        profile?.lists.map(({ id }) => id),
        email,
      ).toEqual(joined === "left alone" ? [] : [listId]);
      const before = { subscribed: "SUBSCRIBED", unsubscribed: "UNSUBSCRIBED" }[standing as string];
      const after = joined === "subscribed" ? "SUBSCRIBED" : (before ?? "NEVER_SUBSCRIBED");
      expect(profile?.subscriptions.email.consent, email).toBe(after);
      const suppressions = profile?.subscriptions.email.suppressions.map(({ reason }) => reason);
      if (standing === "suppressed") expect(suppressions).toEqual(["SPAM_COMPLAINT"]);
    }
    expect(await reasons()).toEqual(mode === "subscribe" ? REASONS : {});
  });
});

function fieldsOf(policy: (typeof profilePolicies)[number], standing: Case["standing"], phone: string) {
  if (standing === "absent") return { ...OURS, phone_number: phone };
  if (standing !== "filled") return policy === "never" ? EMPTY : { ...OURS, phone_number: phone };
  if (policy === "never") return THEIRS;
  if (policy === "if_empty") return { ...THEIRS, location: { ...THEIRS.location, city: "Lyon" } };
  const location = { ...THEIRS.location, ...lives };
  return { ...THEIRS, first_name: "Ocean", locale: "en", phone_number: phone, location };
}

/** What "add and subscribe" comes to. */
function joiningOf(standing: Case["standing"], consent: Case["consent"]) {
  // Whoever ticked our form after a "no" may have typed an address that is not theirs.
  const saidNo: readonly Case["consent"][] = ["no", "ticked-then-no", "no-then-ticked"];
  if (saidNo.includes(consent) || standing === "unsubscribed" || standing === "suppressed") return "left alone";
  return consent === "none" ? "added" : "subscribed";
}

/** Of 48 people: 18 said no to us, and of the others 5 said no to Klaviyo and 5 complained; 4 said nothing. */
const REASONS = { unsubscribed: 23, suppressed: 5, no_consent: 4 };

async function reasons(): Promise<Record<string, number>> {
  const rows = await db.delivery.findMany({ where: { shopId: shop.shopId, kind: "list", NOT: { reason: null } } });
  return Object.fromEntries(
    Object.entries(Object.groupBy(rows, ({ reason }) => reason ?? "")).map(([reason, all]) => [
      reason,
      all?.length ?? 0,
    ]),
  );
}

test("a profile is read once, and again when its person or the settings change", async () => {
  const ocean = await shop.person("Ocean");
  const reads = async () => {
    await settle();
    return (await klaviyo.sim.requests(shop.account.id)).filter(({ path }) => path.startsWith("/api/profiles?filter"))
      .length;
  };
  await shop.tell(exampleOf("opted-in.referrer", ocean), exampleOf("sent.referrer", ocean));
  expect(await reads()).toBe(1);
  await shop.tell(exampleOf("link-used.referrer", ocean));
  expect(await reads()).toBe(1);
  await db.person.updateMany({ where: { shopId: shop.shopId, id: ocean }, data: { lastName: "Grove" } });
  await shop.tell(exampleOf("rejected.referrer", ocean));
  expect(await reads()).toBe(2);
  expect(await klaviyo.sim.profile(shop.account.id, "ocean@grove.shop")).toMatchObject({ last_name: "Grove" });
});

test("somebody's new address is a new profile, which gets the fields and joins the list", async () => {
  await set({ lists: { referrers: { mode: "add", listId } } });
  const ocean = await shop.person("Ocean");
  await shop.tell(exampleOf("opted-in.referrer", ocean));
  await settle();
  await db.person.updateMany({ where: { shopId: shop.shopId, id: ocean }, data: { email: "ocean@lake.shop" } });
  const again = { ...exampleOf("opted-in.referrer", ocean), cause: "joined again" };
  await shop.tell(exampleOf("sent.referrer", ocean), again as Emission);
  await settle();
  const profile = await klaviyo.sim.profile(shop.account.id, "ocean@lake.shop");
  expect(profile).toMatchObject({ first_name: "Ocean", lists: [{ id: listId }] });
  const known = await db.connectionPerson.findFirst({ where: { shopId: shop.shopId, personId: ocean } });
  expect(known?.espProfileId).toBe(profile?.id);
});

test.each([true, false])("another account's profiles get the same fields (disconnected before: %s)", async (left) => {
  const ocean = await shop.person("Ocean");
  await shop.tell(exampleOf("opted-in.referrer", ocean));
  await settle();
  const { shopId } = shop;
  const { id, publicKey, privateKey } = await klaviyo.sim.createAccount({ organizationName: "Heather" });
  if (left) await disconnectEsp(deps, { shopId, esp: "klaviyo" });
  expect(await db.connectionPerson.count({ where: { shopId } })).toBe(left ? 0 : 1);
  await connectEsp(deps, { shopId, esp: "klaviyo", credentials: { publicKey, privateKey } });
  await shop.tell(exampleOf("sent.referrer", ocean));
  await settle();
  expect(await klaviyo.sim.profile(id, "ocean@grove.shop")).toMatchObject({ first_name: "Ocean" });
});

test("what was learnt of an account that was changed meanwhile is not taken for true of the new one", async () => {
  const ocean = await shop.person("Ocean");
  const { shopId } = shop;
  await klaviyo.sim.mode({ path: "/api/events", latencyMs: 1_000 });
  await shop.tell(exampleOf("opted-in.referrer", ocean));
  worker.poke();
  const asked = async () =>
    (await klaviyo.sim.requests()).filter(({ path }) => path.startsWith("/api/profiles?filter")).length;
  await expect.poll(asked, { interval: 20 }).toBeGreaterThan(0);
  const { publicKey, privateKey } = await klaviyo.sim.createAccount({ organizationName: "Heather" });
  await connectEsp(deps, { shopId, esp: "klaviyo", credentials: { publicKey, privateKey } });
  await settle();
  expect(await db.connectionPerson.count({ where: { shopId } })).toBe(0);
});

test("a phone that is somebody else's at Klaviyo is left out, and the profile keeps its own properties", async () => {
  await klaviyo.sim.seedProfile(shop.account.id, { email: "ocean@grove.shop" });
  await klaviyo.sim.seedProfile(shop.account.id, { email: "moss@grove.shop", phone_number: "+15005550006" });
  await set({ lists: { recipients: { mode: "add", listId } }, profiles: { policy: "chosen" } });
  const ocean = await shop.person("Ocean", { phone: "+15005550006" });
  await shop.tell({ entry: "properties.referrer", personId: ocean, cause: "1", properties: PROPERTIES });
  await settle();
  expect(await klaviyo.sim.profile(shop.account.id, "ocean@grove.shop")).toMatchObject({
    first_name: "Ocean",
    phone_number: null,
    properties: { "Passalong Referral Code": "OCEAN7QK" },
  });
  expect((await klaviyo.sim.profile(shop.account.id, "moss@grove.shop"))?.properties).toEqual({});
});

test("a list that is gone is told as the reason", async () => {
  await set({ lists: { referrers: { mode: "add", listId: "Gone42" } } });
  await shop.tell(exampleOf("opted-in.referrer", await shop.person("Ocean")));
  await settle();
  const [row] = await db.delivery.findMany({ where: { shopId: shop.shopId, kind: "list" } });
  expect(row).toMatchObject({ state: "rejected", reason: expect.stringContaining("Gone42") });
});
