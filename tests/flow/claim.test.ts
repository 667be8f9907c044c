import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { connectEsp } from "#app/delivery/connections.ts";
import { deliveryDeps } from "#app/delivery.server.ts";
import { defaultTerms, type ProgramTerms } from "#app/domain/referrals/terms.ts";
import { blockAnswer, claimAnswer, errorAnswer } from "#app/storefront/contract.ts";
import { openApp, type TestApp } from "#tests/app.ts";
import { CHROME } from "#tests/chrome.ts";
import { json, nonce, type Pairs, parametersOf, secondsFromNow, signatureOf } from "#tests/proxy-query.ts";
import { createKlaviyoClient, type NewAccount } from "#tests/simulator/klaviyo/client.ts";

const fern = { firstName: "Fern", lastName: "Hollow", email: "fern@hollowmail.shop", locale: "en" };
const OPTED_IN = "Opted In to Passalong Referrals";
const RECEIVED = "Received Passalong Referral Coupon";

const app = await openApp();
let shopNumber = 0;
let shop = "";
let customerId: number;
let code = "";

/** A shop with a program and codes in stock, and Ocean, who shares. */
beforeEach(async () => {
  shop = `willow-${++shopNumber}`;
  await app.sim.client.createShop({ handle: shop, name: "Willow", currency: "USD" });
  await app.sim.client.createProduct(shop, { title: "Linen throw", price: 9000 });
  const page = await fetch(await app.sim.client.appUrl(shop, "/app"), { headers: { "User-Agent": CHROME } });
  expect(page.status).toBe(200);
  const ocean = { email: "ocean@grovemail.shop", firstName: "Ocean", lastName: "Grove" };
  customerId = (await app.sim.client.createCustomer(shop, ocean)).id;
  await app.drain();
  const joined = blockAnswer.parse(await ask({ method: "POST", query: { join: nonce() }, body: {}, customerId }));
  code = joined.state === "joined" ? joined.code : "";
  await app.drain();
});

const proxy = (call: Parameters<TestApp["sim"]["client"]["proxy"]>[1]) => app.sim.client.proxy(shop, call);
const ask = async (call: Parameters<typeof proxy>[0]) => JSON.parse((await proxy(call)).body);

const claim = async (details: object = fern, path = `/${code}`) =>
  claimAnswer.parse(await ask({ path, query: { claim: nonce() }, body: details }));
const press = async (path: string) => claimAnswer.parse(await ask({ path, query: { claim: nonce() }, body: {} }));
const invite = (email: string, by: number | null = customerId) =>
  ask({ query: { invite: nonce() }, body: { email }, customerId: by });

async function shopId(): Promise<string> {
  return (await db.shop.findUniqueOrThrow({ where: { domain: `${shop}.myshopify.com` } })).id;
}

async function setTerms(terms: Partial<ProgramTerms>) {
  const where = { shopId: await shopId() };
  await db.programVersion.updateMany({ where, data: { terms: { ...defaultTerms, ...terms } } });
}

/** Everything that a request could have changed. */
async function traces() {
  const where = { shopId: await shopId() };
  const [referrals, given, people, events, signatures] = await Promise.all([
    db.referral.findMany({ where, select: { state: true } }),
    db.coupon.count({ where: { ...where, kind: "reward", state: { in: ["live", "used"] } } }),
    db.person.count({ where }),
    db.outboxEvent.count({ where }),
    db.usedSignature.count({ where }),
  ]);
  return { referrals: referrals.map(({ state }) => state), given, people, events, signatures };
}

async function connectKlaviyo() {
  const klaviyo = createKlaviyoClient(app.sim.urls.klaviyo);
  const account: NewAccount = await klaviyo.createAccount({ organizationName: "Willow", currency: "USD" });
  const credentials = { publicKey: account.publicKey, privateKey: account.privateKey };
  const connected = await connectEsp(deliveryDeps, { shopId: await shopId(), esp: "klaviyo", credentials });
  expect(connected).toMatchObject({ ok: true });
  const told = async (email: string, metric: string) => {
    await app.drain();
    return (await klaviyo.events(account.id, { email, metric })).map(({ properties }) => properties);
  };
  return { told };
}

describe("a friend who follows a link", () => {
  it("gets a coupon that works in the shop at once, and the same one when they come back", async () => {
    const page = await proxy({ path: `/${code.toLowerCase()}`, query: { utm_source: "mail" } });
    expect(page).toMatchObject({ status: 200, headers: { "content-type": "application/liquid" } });
    expect(page.body).toMatch(/<form method="post" action="\?claim=[\w-]{22}">/);
    const answer = await claim();
    expect(answer).toMatchObject({ state: "claimed", coupon: expect.stringMatching(/^FRIEND-/) });
    const coupon = answer.state === "claimed" ? answer.coupon : "";
    expect(await claim({ ...fern, email: " FERN@hollowmail.shop" })).toEqual(answer);
    const codes = (await app.sim.client.discounts(shop)).flatMap((discount) => discount.codes.map((one) => one.code));
    expect(codes).toContain(coupon);

    await app.sim.client.placeOrder(shop, { ...fern, discountCode: coupon, attributes: { _passalong: code } });
    await app.drain();
    expect(await traces()).toMatchObject({ referrals: ["approved"] });
  });

  it("who claims in several windows at once gets one coupon", async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => claim()));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await traces()).toMatchObject({ referrals: ["claimed"], given: 1 });
  });

  it("without JavaScript gets it by the form itself", async () => {
    const form = new URLSearchParams({ ...fern, locale: "fr", consent: "yes" }).toString();
    const refused = form.replace("fern%40", "ocean%40").replace("hollowmail", "grovemail");
    const no = await proxy({ path: `/${code}`, query: { claim: nonce() }, body: refused });
    expect(no).toMatchObject({ status: 200, headers: { "content-type": "application/liquid" } });
    expect(no.body).toContain('<span data-because="self_referral">');
    const yes = await proxy({ path: `/${code}`, query: { claim: nonce() }, body: form });
    expect(yes.body).toMatch(/data-state="claimed" data-claim="rfl_\w+"/);
    expect(yes.body).toMatch(/value="FRIEND-[2-9A-Z]{10}"/);
    expect(await db.consentRecord.findFirst({ where: { shopId: await shopId() } })).toMatchObject({
      text: expect.stringContaining("Willow peut m’envoyer"),
      place: expect.stringContaining(`/apps/passalong/${code}`),
    });
  });

  it.each([
    ["their own link", { email: "ocean@grovemail.shop" }, "self_referral"],
    ["no address", { email: "fern@" }, "bad_email"],
    ["no name", { firstName: " " }, "bad_first_name"],
  ])("with %s is told why not", async (_case, details, because) => {
    const before = await traces();
    expect(await claim({ ...fern, ...details })).toEqual({ state: "refused", because });
    expect(await traces()).toEqual({ ...before, signatures: before.signatures + 1 });
  });

  it("with a code that nobody has is told so", async () => {
    expect(await claim(fern, "/NOBODY22")).toEqual({ state: "refused", because: "unknown_code" });
  });

  it("who is a customer already, as somebody's friend, is told so", async () => {
    await app.sim.client.placeOrder(shop, { ...fern, discountCode: code });
    await app.drain();
    expect(await claim()).toEqual({ state: "refused", because: "not_first_order" });
  });
});

describe("a friend whose address is to be verified", () => {
  it("gets the coupon by the link in their mail, by its button and not by following it", async () => {
    await setTerms({ verifyAddress: true });
    const { told } = await connectKlaviyo();
    expect(await claim()).toEqual({ state: "verify" });
    const [optedIn] = await told(fern.email, OPTED_IN);
    const link = new URL(String(optedIn?.["Verification Link"]));
    const path = link.pathname.replace("/apps/passalong", "");
    expect(path).toMatch(/^\/verify\/[\w-]{32}$/);

    for (let visit = 0; visit < 2; visit++) {
      const page = await proxy({ path, query: { _kx: "tracked", utm_medium: "email" } });
      expect(page).toMatchObject({ status: 200, headers: { "content-type": "application/liquid" } });
      expect(page.body).toContain('data-state="open"');
    }
    expect(await traces()).toMatchObject({ referrals: ["pending"], given: 0 });

    const answer = await press(path);
    expect(answer).toMatchObject({ state: "claimed", coupon: expect.stringMatching(/^FRIEND-/) });
    expect(await told(fern.email, RECEIVED)).toMatchObject([
      { "Coupon Code": answer.state === "claimed" ? answer.coupon : "" },
    ]);
    expect(await press(path)).toEqual({ state: "expired" });
    expect((await proxy({ path })).body).toMatch(new RegExp(`data-state="expired"[^]*href="../${code}"`));
    expect(await claim()).toEqual({ state: "verify" });
  });

  it("with a link that nobody made is told to ask again", async () => {
    const path = `/verify/${"A".repeat(32)}`;
    expect(await proxy({ path })).toMatchObject({ status: 404, body: expect.stringContaining('data-state="expired"') });
    expect(await press(path)).toEqual({ state: "expired" });
    const form = await proxy({ path, query: { claim: nonce() }, body: "" });
    expect(form.body).toContain('data-state="expired"');
  });
});

describe("a customer who invites by e-mail", () => {
  it("tells the friend by Klaviyo, once, who then claims and proves the address like anybody", async () => {
    await setTerms({ verifyAddress: true });
    const { told } = await connectKlaviyo();
    expect(await invite(fern.email)).toEqual({ state: "invited" });
    expect(await invite(fern.email)).toEqual({ state: "refused", because: "already_referred" });
    expect(await told(fern.email, "Passalong Referral Invitation")).toMatchObject([
      { "Referrer First Name": "Ocean", "Referral Shareable Link": expect.stringContaining(`/${code}`) },
    ]);
    expect(await claim()).toEqual({ state: "verify" });
    const [optedIn] = await told(fern.email, OPTED_IN);
    const { pathname } = new URL(String(optedIn?.["Verification Link"]));
    const path = pathname.replace("/apps/passalong", "");
    expect((await proxy({ path })).body).toContain('data-state="open"');
    expect(await press(path)).toMatchObject({ state: "claimed" });
  });

  it("is told why not", async () => {
    const stranger = (await app.sim.client.createCustomer(shop, { email: "river@hollowmail.shop" })).id;
    expect(await invite("ocean@grovemail.shop")).toEqual({ state: "refused", because: "self_referral" });
    expect(await invite("fern")).toEqual({ state: "refused", because: "bad_email" });
    expect(await invite(fern.email, stranger)).toEqual({ state: "refused", because: "not_joined" });
    expect(await invite(fern.email, null)).toEqual({ state: "signed-out" });
    expect(await traces()).toMatchObject({ referrals: [] });
  });
});

describe("a request that Shopify did not send as it stands changes nothing", () => {
  const kinds = {
    claim: { name: "claim", path: () => `/${code}`, body: fern },
    press: { name: "claim", path: () => `/verify/${"A".repeat(32)}`, body: {} },
    invite: { name: "invite", path: () => "", body: { email: fern.email } },
  };
  type Kind = (typeof kinds)[keyof typeof kinds];

  const pairsOf = ({ name }: Kind, changes: Record<string, string> = {}): Pairs => [
    ...parametersOf(shop, { customerId, changes }),
    [name, nonce()],
  ];
  const send = (kind: Kind, pairs: Pairs, signature = signatureOf(pairs), init: RequestInit = {}) =>
    fetch(`${app.url}/proxy${kind.path()}?${new URLSearchParams([...pairs, ["signature", signature]])}`, {
      method: "POST",
      headers: json,
      body: JSON.stringify(kind.body),
      ...init,
    });

  async function refusal(response: Response) {
    const { error } = errorAnswer.parse(await response.json());
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    return [response.status, error.code];
  }

  it.each(Object.values(kinds))("forged, altered, expired, repeated or with more in it ($name)", async (kind) => {
    const before = await traces();
    const pairs = pairsOf(kind);
    expect(await refusal(await send(kind, pairs, signatureOf(pairs, "guess")))).toEqual([401, "bad_signature"]);
    const altered = pairs.map(([name, value]): Pairs[number] => [name, name === kind.name ? nonce() : value]);
    expect(await refusal(await send(kind, altered, signatureOf(pairs)))).toEqual([401, "bad_signature"]);
    for (const seconds of [-95, 95]) {
      const expired = pairsOf(kind, { timestamp: secondsFromNow(seconds) });
      expect(await refusal(await send(kind, expired))).toEqual([401, "expired"]);
    }
    const flawed: Pairs[] = [
      ...pairs.map((pair): Pairs => [...pairs, pair]),
      [...pairs, ["utm_source", "mail"]],
      [...pairs, ["a", "logged_in_customer_id=7m"]],
      parametersOf(shop, { customerId }),
      [...parametersOf(shop, { customerId }), [kind.name, "guess"]],
      pairsOf(kind, { path_prefix: "/apps/passalongshop=b.myshopify.com" }),
    ];
    for (const query of flawed) expect(await refusal(await send(kind, query))).toEqual([400, "bad_query"]);
    expect(await traces()).toEqual(before);
  });

  it.each(Object.values(kinds))("with another method or body ($name)", async (kind) => {
    const before = await traces();
    const pairs = pairsOf(kind);
    const bodies = ["", "{", "[]", '{"email":1}', JSON.stringify({ ...kind.body, shop: "b" })];
    for (const body of bodies)
      expect(await refusal(await send(kind, pairs, undefined, { body }))).toEqual([400, "bad_body"]);
    expect(await refusal(await send(kind, pairs, undefined, { method: "DELETE" }))).toEqual([405, "bad_method"]);
    const text = await send(kind, pairs, undefined, { headers: { "Content-Type": "text/plain" } });
    expect(await refusal(text)).toEqual([400, "bad_body"]);
    expect(await traces()).toEqual(before);
  });

  it("a form of another site invites nobody", async () => {
    const before = await traces();
    const form = { headers: {}, body: new URLSearchParams({ email: fern.email }) };
    expect(await refusal(await send(kinds.invite, pairsOf(kinds.invite), undefined, form))).toEqual([400, "bad_body"]);
    expect(await traces()).toEqual(before);
  });

  it.each(Object.values(kinds))("made before ($name)", async (kind) => {
    const pairs = pairsOf(kind);
    expect((await send(kind, pairs)).status).toBe(200);
    const before = await traces();
    expect(await refusal(await send(kind, pairs))).toEqual([401, "replayed"]);
    expect(await traces()).toEqual(before);
  });

  it("made to claim, used again to invite, join or press", async () => {
    const pairs = pairsOf(kinds.claim);
    expect((await send(kinds.claim, pairs)).status).toBe(200);
    const before = await traces();
    expect(await refusal(await send(kinds.press, pairs))).toEqual([401, "replayed"]);
    expect(await refusal(await send(kinds.invite, pairs))).toEqual([400, "bad_query"]);
    expect(await traces()).toEqual(before);
  });
});
