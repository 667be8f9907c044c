import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { blockAnswer, errorAnswer } from "#app/storefront/contract.ts";
import { openApp } from "#tests/app.ts";
import { CHROME } from "#tests/chrome.ts";
import { json, nonce, type Pairs, parametersOf, secondsFromNow, signatureOf } from "#tests/proxy-query.ts";

const app = await openApp();
let customerId: number;
let shopNumber = 0;
let shop = "";

beforeEach(async () => {
  shop = await install();
  const customer = await app.sim.client.createCustomer(shop, {
    email: "ocean@grove.shop",
    firstName: "Ocean",
    lastName: "Grove",
  });
  customerId = customer.id;
});

/** A shop that has installed the app, by its first page. */
async function install(): Promise<string> {
  const handle = `juniper-${++shopNumber}`;
  await app.sim.client.createShop({ handle, name: "Juniper", currency: "USD" });
  const page = await fetch(await app.sim.client.appUrl(handle, "/app"), { headers: { "User-Agent": CHROME } });
  expect(page.status).toBe(200);
  return handle;
}

/** What Shopify would send for that shop and customer. */
const parameters = (changes: Record<string, string> = {}) => parametersOf(shop, { customerId, changes });

const send = (pairs: Pairs, signature: string, init: RequestInit = {}, path = "") =>
  fetch(`${app.url}/proxy${path}?${new URLSearchParams([...pairs, ["signature", signature]])}`, init);

const sendJoin = (pairs: Pairs, signature = signatureOf(pairs)) =>
  send(pairs, signature, { method: "POST", headers: json, body: "{}" });

/** Everything that a request could have changed. */
async function traces() {
  const { id: shopId, proxyPath } = await db.shop.findUniqueOrThrow({ where: { domain: `${shop}.myshopify.com` } });
  const [referrers, coupons, events, signatures] = await Promise.all([
    db.referrer.count({ where: { shopId } }),
    db.coupon.count({ where: { shopId, kind: "referrer_code" } }),
    db.outboxEvent.count({ where: { shopId } }),
    db.usedSignature.count({ where: { shopId } }),
  ]);
  return { proxyPath, referrers, coupons, events, signatures };
}
const untouched = { proxyPath: "/apps/passalong", referrers: 0, coupons: 0, events: 0, signatures: 0 };

async function refusal(response: Response) {
  const { error } = errorAnswer.parse(await response.json());
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  return [response.status, error.code];
}

describe("a customer on the storefront", () => {
  it("joins once and keeps link and code, however often they come back", async () => {
    const look = () => app.sim.client.proxy(shop, { customerId });
    const join = () => app.sim.client.proxy(shop, { customerId, method: "POST", query: { join: nonce() }, body: {} });
    expect(JSON.parse((await look()).body)).toEqual({ state: "outside" });
    const first = await join();
    expect(first).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
    const joined = blockAnswer.parse(JSON.parse(first.body));
    const { primaryDomainUrl } = await app.sim.client.shop(shop);
    expect(joined).toEqual({
      state: "joined",
      code: expect.stringMatching(/^OCEAN\w{5}$/),
      link: expect.stringContaining(`${primaryDomainUrl}/apps/passalong/OCEAN`),
    });
    expect(JSON.parse((await join()).body)).toEqual(joined);
    expect(JSON.parse((await look()).body)).toEqual(joined);
    expect(await traces()).toMatchObject({ referrers: 1, events: 1 });
  });

  it("who joins in several windows at once joins once", async () => {
    const joins = await Promise.all(Array.from({ length: 6 }, () => sendJoin([...parameters(), ["join", nonce()]])));
    const answers = await Promise.all(joins.map((response) => response.json()));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await traces()).toMatchObject({ referrers: 1, events: 1 });
  });

  it("who is not signed in is told so, and nothing happens", async () => {
    for (const call of [
      { customerId: null },
      { customerId: null, method: "POST", query: { join: nonce() }, body: {} },
    ]) {
      const { status, body } = await app.sim.client.proxy(shop, call);
      expect([status, JSON.parse(body)]).toEqual([200, { state: "signed-out" }]);
    }
    expect(await traces()).toEqual(untouched);
  });

  it("of another shop is nobody here", async () => {
    const pairs: Pairs = [...parameters({ logged_in_customer_id: "999999999" }), ["join", nonce()]];
    expect(await refusal(await sendJoin(pairs))).toEqual([404, "unknown_customer"]);
    expect(await traces()).toEqual(untouched);
  });

  it("is asked to try again while Shopify cannot be asked about them", async () => {
    await app.sim.client.setAdminApiMode({ fail: { status: 503, times: 5, operationName: "Customer" } });
    expect(await refusal(await sendJoin([...parameters(), ["join", nonce()]]))).toEqual([503, "not_ready"]);
    await app.sim.client.setAdminApiMode({ fail: null });
    expect(await traces()).toEqual(untouched);
  });

  it("gets links under the path that the merchant gave the app", async () => {
    const moved = { path_prefix: "/fr/community/freunde" };
    const joined = blockAnswer.parse(await (await sendJoin([...parameters(moved), ["join", nonce()]])).json());
    expect(joined).toMatchObject({ link: expect.stringMatching(/\.com(:\d+)?\/community\/freunde\/OCEAN/) });
  });
});

describe("a request that Shopify did not send as it stands changes nothing", () => {
  const joining = (changes: Record<string, string> = {}): Pairs => [...parameters(changes), ["join", nonce()]];

  it("forged", async () => {
    const pairs = joining();
    expect(await refusal(await sendJoin(pairs, signatureOf(pairs, "guess")))).toEqual([401, "bad_signature"]);
    expect(await refusal(await sendJoin(pairs, "0".repeat(64)))).toEqual([401, "bad_signature"]);
    expect(await refusal(await fetch(`${app.url}/proxy`))).toEqual([400, "bad_query"]);
    expect(await refusal(await fetch(`${app.url}/proxy?shop=${shop}.myshopify.com`))).toEqual([400, "bad_query"]);
    expect(await traces()).toEqual(untouched);
  });

  it("altered to another customer, shop or path", async () => {
    const pairs = joining();
    const other = await install();
    for (const [name, value] of Object.entries({
      logged_in_customer_id: "1",
      shop: `${other}.myshopify.com`,
      path_prefix: "/a/evil",
    })) {
      const altered = pairs.map(([known, old]): Pairs[number] => [known, known === name ? value : old]);
      expect(await refusal(await sendJoin(altered, signatureOf(pairs)))).toEqual([401, "bad_signature"]);
    }
    expect(await traces()).toEqual(untouched);
  });

  it("expired, by real time whatever the business clock says", async () => {
    for (const seconds of [-95, 95])
      expect(await refusal(await sendJoin(joining({ timestamp: secondsFromNow(seconds) })))).toEqual([401, "expired"]);
    expect(await traces()).toEqual(untouched);
  });

  it("with a parameter twice, though it is signed", async () => {
    for (const pair of joining()) {
      const query = [...joining(), pair];
      expect(await refusal(await sendJoin(query))).toEqual([400, "bad_query"]);
    }
    const { status } = await app.sim.client.proxy(shop, { customerId, tamper: { after: { append: { shop: "a" } } } });
    expect(status).toBe(400);
    expect(await traces()).toEqual(untouched);
  });

  it("with a parameter that hides another one's name, though it is signed", async () => {
    const hidden: Pairs[] = [
      [...joining(), ["a", `logged_in_customer_id=${customerId}m`]],
      joining({ path_prefix: "/apps/passalongshop=b.myshopify.com" }),
      joining({ logged_in_customer_id: `${customerId}path_prefix=/a` }),
      joining({ shop: `${shop}.myshopify.comtimestamp=1` }),
    ];
    for (const query of hidden) expect(await refusal(await sendJoin(query))).toEqual([400, "bad_query"]);
    expect(await traces()).toEqual(untouched);
  });

  it("made to look, sent again to join", async () => {
    const pairs = parameters();
    expect((await send(pairs, signatureOf(pairs))).status).toBe(200);
    expect(await refusal(await sendJoin(pairs))).toEqual([400, "bad_query"]);
    expect(await traces()).toEqual(untouched);
  });

  it("by a link or a form of another site", async () => {
    const pairs = joining();
    const form = await send(pairs, signatureOf(pairs), { method: "POST", body: new URLSearchParams({ join: "1" }) });
    expect(await refusal(form)).toEqual([400, "bad_body"]);
    for (const body of ["", "{", "[]", '{"customer":1}'])
      expect(await refusal(await send(pairs, signatureOf(pairs), { method: "POST", headers: json, body }))).toEqual([
        400,
        "bad_body",
      ]);
    const link = await send(pairs, signatureOf(pairs));
    expect(await refusal(link)).toEqual([400, "bad_query"]);
    const removal = await send(pairs, signatureOf(pairs), { method: "DELETE" });
    expect(await refusal(removal)).toEqual([405, "bad_method"]);
    expect(await traces()).toEqual(untouched);
  });
});

describe("a request to join", () => {
  it("works once", async () => {
    const pairs: Pairs = [...parameters(), ["join", nonce()]];
    expect((await sendJoin(pairs)).status).toBe(200);
    const before = await traces();
    expect(await refusal(await sendJoin(pairs))).toEqual([401, "replayed"]);
    expect(await traces()).toEqual(before);
  });

  it("works only for a shop that has the app", async () => {
    const stranger = [...parameters({ shop: "stranger.myshopify.com" }), ["join", nonce()]] satisfies Pairs;
    expect(await refusal(await sendJoin(stranger))).toEqual([404, "unknown_shop"]);
    await app.sim.client.uninstall(shop);
    await app.drain();
    expect(await refusal(await sendJoin([...parameters(), ["join", nonce()]]))).toEqual([404, "unknown_shop"]);
  });
});

describe("a referrer's link", () => {
  const joined = async () => {
    const answer = blockAnswer.parse(await (await sendJoin([...parameters(), ["join", nonce()]])).json());
    return answer.state === "joined" ? answer.code : "";
  };

  it("shows the offer in the shop's theme, with whatever a mail or a network has added to it", async () => {
    const code = await joined();
    const pairs: Pairs = [...parameters({ logged_in_customer_id: "" }), ["fbclid", "x"], ["utm_source", "mail"]];
    const page = await send(pairs, signatureOf(pairs), {}, `/${code.toLowerCase()}`);
    expect([page.status, page.headers.get("Content-Type")]).toEqual([200, "application/liquid"]);
    expect(await page.text()).toContain(`/discount/${code}?redirect=`);
    expect(await traces()).toMatchObject({ referrers: 1 });
  });

  it("that nobody has leads to the shop", async () => {
    for (const path of ["/NOBODY22", "/%7B%7B%20shop.email%20%7D%7D", "/..%2f..%2fadmin"]) {
      const page = await app.sim.client.proxy(shop, { path });
      expect(page.status).toBe(404);
      expect(page.body).not.toContain("{{ shop.email }}");
    }
  });

  it("shows it also where what was added comes twice", async () => {
    const query = { utm_source: ["mail", "b"], ref: ["", "x"] };
    const page = await app.sim.client.proxy(shop, { path: `/${await joined()}`, query });
    expect([page.status, page.headers["content-type"]]).toEqual([200, "application/liquid"]);
    expect(page.body).toContain('data-panel="open"');
  });

  it.each(["", "verify/"])(
    "that cannot be believed, or not now, is answered with a page, and nothing happens (/%s…)",
    async (below) => {
      const path = `/${below}${await joined()}`;
      const before = await traces();
      const pairs = parameters();
      const other = parametersOf("stranger");
      const old = parameters({ timestamp: String(Math.floor(Date.now() / 1000) - 95) });
      const hidden: Pairs = [...parameters(), ["a", "logged_in_customer_id=7m"]];
      for (const [status, query, signature] of [
        [400, [...pairs, ...parameters({ shop: "b.myshopify.com" })], ""],
        [400, hidden, signatureOf(hidden)],
        [401, pairs, signatureOf(pairs, "guess")],
        [401, old, signatureOf(old)],
        [404, other, signatureOf(other)],
      ] as const) {
        const page = await send([...query], signature, {}, path);
        expect([page.status, page.headers.get("Content-Type")]).toEqual([status, "application/liquid"]);
        expect(page.headers.get("Cache-Control")).toBe("no-store");
        expect(await page.text()).toContain("This link cannot be read");
      }
      expect(await traces()).toEqual(before);
    },
  );
});
