import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type ProxyRule, type ProxyVerdict, verifyProxyQuery } from "./proxy-signature.ts";

const SECRET = "hush";
const SENT = 1_790_000_000;
const block: ProxyRule = { others: "refused" };
const joining: ProxyRule = { own: { name: "join", value: /^[A-Za-z0-9_-]{22}$/ }, others: "refused" };
const link: ProxyRule = { others: "unread" };
const nonce = "AAAAAAAAAAAAAAAAAAAAAA";

const shopifys = {
  shop: "juniper.myshopify.com",
  path_prefix: "/apps/passalong",
  timestamp: String(SENT),
  logged_in_customer_id: "42",
};

type Pairs = [name: string, value: string][];

/** The text that Shopify signs, whatever the visitor put into the address. */
function textOf(pairs: Pairs): string {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return [...values]
    .map(([name, all]) => `${name}=${all.join(",")}`)
    .sort()
    .join("");
}

function sign(pairs: Pairs, secret = SECRET): string {
  return createHmac("sha256", secret).update(textOf(pairs)).digest("hex");
}

function query(pairs: Pairs, signature = sign(pairs)): string {
  return new URLSearchParams([...pairs, ["signature", signature]]).toString();
}

function from(parameters: Record<string, string>): Pairs {
  return Object.entries(parameters);
}

function verify(text: string, rule = block, at = SENT, secrets = [SECRET]) {
  return verifyProxyQuery(text, rule, { secrets, now: new Date(at * 1000) });
}

describe("a request through the app proxy", () => {
  it("is believed when Shopify signed it", () => {
    expect(verify(query(from(shopifys)))).toEqual({
      ok: true,
      facts: {
        shopDomain: "juniper.myshopify.com",
        customerGid: "gid://shopify/Customer/42",
        pathPrefix: "/apps/passalong",
        signature: sign(from(shopifys)),
      },
    });
  });

  it("agrees with Shopify's documented algorithm on a fixed example", () => {
    const text =
      "logged_in_customer_id=1path_prefix=/apps/awesome_reviewsshop=shop-name.myshopify.comtimestamp=1317327555";
    const signature = createHmac("sha256", "hush").update(text).digest("hex");
    const given = `shop=shop-name.myshopify.com&logged_in_customer_id=1&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555&signature=${signature}`;
    expect(verify(given, block, 1317327555)).toMatchObject({ ok: true });
  });

  it("of a visitor who is not signed in says so", () => {
    const verdict = verify(query(from({ ...shopifys, logged_in_customer_id: "" })));
    expect(verdict).toMatchObject({ ok: true, facts: { customerGid: null } });
  });

  it("is believed under the previous secret while secrets are rotated", () => {
    expect(verify(query(from(shopifys)), block, SENT, ["new", SECRET])).toMatchObject({ ok: true });
    expect(verify(query(from(shopifys)), block, SENT, ["new"])).toEqual({ ok: false, because: "forged" });
  });

  it("is believed for 90 seconds, whichever clock is ahead", () => {
    for (const seconds of [-90, 0, 90])
      expect(verify(query(from(shopifys)), block, SENT + seconds)).toMatchObject({ ok: true });
    for (const seconds of [-91, 91])
      expect(verify(query(from(shopifys)), block, SENT + seconds)).toEqual({ ok: false, because: "expired" });
  });

  it.each(Object.keys(shopifys))("is refused when %s was altered after signing", (name) => {
    const altered = { shop: "other.myshopify.com", path_prefix: "/a/b", timestamp: String(SENT + 1) };
    const changed = { ...shopifys, logged_in_customer_id: "43", ...altered };
    const pairs = from({ ...shopifys, [name]: changed[name as keyof typeof shopifys] });
    expect(verify(query(pairs, sign(from(shopifys))))).toEqual({ ok: false, because: "forged" });
  });

  it.each([...Object.keys(shopifys), "signature"])("is refused without %s", (name) => {
    const parameters: Record<string, string> = { ...shopifys, signature: sign(from(shopifys)) };
    delete parameters[name];
    expect(verify(new URLSearchParams(parameters).toString())).toEqual({
      ok: false,
      because: "missing",
      parameter: name,
    });
  });

  it.each([
    ["shop", "juniper.myshopify.com.evil.test"],
    ["shop", "juniper.myshopify.com,other.myshopify.com"],
    ["logged_in_customer_id", "42,43"],
    ["logged_in_customer_id", "-1"],
    ["timestamp", "17900000000"],
    ["timestamp", "1.79e9"],
    ["path_prefix", "apps/passalong"],
  ])("is refused when %s is %s, even if it is signed", (name, value) => {
    const verdict = verify(query(from({ ...shopifys, [name]: value })));
    expect(verdict).toEqual({ ok: false, because: "malformed", parameter: name });
  });

  it.each(["", "0".repeat(63), "0".repeat(65), "z".repeat(64)])("is refused with the signature %j", (signature) => {
    expect(verify(query(from(shopifys), signature))).toMatchObject({ ok: false, because: "malformed" });
  });

  it.each([block, joining, link])(
    "is refused when anything that is read is said twice, even if it is signed",
    (rule) => {
      const own: Pairs = rule.own ? [["join", nonce]] : [];
      for (const [name, value] of [...from(shopifys), ...own]) {
        const pairs: Pairs = [...from(shopifys), ...own, [name, value]];
        expect(verify(query(pairs), rule)).toEqual({ ok: false, because: "repeated", parameter: name });
      }
      const pairs = from(shopifys);
      const twice = `${query(pairs)}&signature=${sign(pairs)}`;
      expect(verify(twice, rule)).toMatchObject({ because: expect.stringMatching(/repeated|missing/) });
    },
  );

  it("brings nothing but what the route knows", () => {
    expect(verify(query([...from(shopifys), ["page", "2"]]))).toMatchObject({ because: "unexpected" });
    expect(verify(query([...from(shopifys), ["join", nonce]]))).toMatchObject({ because: "unexpected" });
    expect(verify(query(from(shopifys)), joining)).toMatchObject({ because: "missing", parameter: "join" });
  });

  it("may bring what mailers and networks add to a referrer's link, and nothing is read from it", () => {
    const followed: Pairs = [["utm_source", "mail"], ["_kx", "a=.b"], ["fbclid", "x"], ["id", "7"], ...from(shopifys)];
    expect(verify(query(followed), link)).toMatchObject({
      ok: true,
      facts: { shopDomain: "juniper.myshopify.com", customerGid: "gid://shopify/Customer/42", pathPrefix: null },
    });
  });

  it("may bring them twice, as Shopify signs them, on a link and nowhere else", () => {
    const twice: Pairs = [
      ["utm_source", "mail"],
      ...from(shopifys),
      ["claim", "x"],
      ["utm_source", "b"],
      ["claim", ""],
    ];
    expect(verify(query(twice), link)).toMatchObject({ ok: true, facts: { customerGid: "gid://shopify/Customer/42" } });
    expect(verify(query(twice, sign(from(shopifys))), link)).toEqual({ ok: false, because: "forged" });
    expect(verify(query(twice), block)).toMatchObject({ because: "unexpected", parameter: "utm_source" });
    expect(verify(query([...from(shopifys), ["join", nonce], ["join", nonce]]), joining)).toMatchObject({
      because: "repeated",
      parameter: "join",
    });
  });
});

describe("a text that Shopify signed, cut differently", () => {
  /** What Shopify signed for the attacker, and what the attacker makes of the same text. */
  const collisions: [what: string, rule: ProxyRule, signed: Pairs, shown: Pairs][] = [
    [
      "a customer hidden in a value",
      link,
      from({ ...shopifys, logged_in_customer_id: "", a: "logged_in_customer_id=7m" }),
      from({ ...shopifys, logged_in_customer_id: "7", a: "", mlogged_in_customer_id: "" }),
    ],
    [
      "a shop hidden in a value",
      link,
      from({ ...shopifys, q: "shop=b.myshopify.comta" }),
      from({ ...shopifys, q: "", shop: "b.myshopify.com", tashop: shopifys.shop }),
    ],
    [
      "a shop hidden in a longer name",
      link,
      from({ ...shopifys, qshop: "b.myshopify.comta" }),
      from({ ...shopifys, path_prefix: "/apps/passalongq", shop: "b.myshopify.com", tashop: shopifys.shop }),
    ],
    [
      "a path continued by a name",
      block,
      from({ ...shopifys, q: "" }),
      from({ ...shopifys, path_prefix: "/apps/passalongq=" }),
    ],
    [
      "the action hidden in a value",
      joining,
      from({ ...shopifys, a: `join=${nonce}` }),
      from({ ...shopifys, a: "", join: nonce }),
    ],
    [
      "the action hidden in a name",
      joining,
      from({ ...shopifys, "": "", join: nonce }),
      from({ ...shopifys, "=join": nonce }),
    ],
    [
      "a shop hidden in a value, what follows said as another of its values",
      link,
      [...from({ ...shopifys, q: "shop=b.myshopify.com" }), ["q", "m"]],
      [...from({ ...shopifys, q: "", shop: "b.myshopify.com" }), ["shop", `mshop=${shopifys.shop}`]],
    ],
    [
      "a customer hidden in the second of two values",
      link,
      [...from({ ...shopifys, logged_in_customer_id: "", a: "x" }), ["a", "logged_in_customer_id=7m"]],
      [...from({ ...shopifys, logged_in_customer_id: "7", a: "x", mlogged_in_customer_id: "" }), ["a", ""]],
    ],
  ];

  it.each(collisions)("is refused: %s", (_what, rule, signed, shown) => {
    expect(textOf(shown)).toBe(textOf(signed));
    expect(verify(query(shown, sign(signed)), rule).ok).toBe(false);
  });

  it.each(["a=1shop=b", "timestamp=1", "xlogged_in_customer_id=", "path_prefix=/"])(
    "is not believed on a link either, where others are let through: %s",
    (value) => {
      expect(verify(query([...from(shopifys), ["a", value]]), link)).toMatchObject({ ok: false, because: "hidden" });
    },
  );

  it("never says another shop, customer or path than was signed, in any reading", () => {
    const leads = ["", "q", "qshop"];
    const names = [...Object.keys(shopifys), "join"];
    const fakes = ["7", "b.myshopify.com", nonce];
    const tails = ["", "m", "ta", "="];
    const traps = leads.flatMap((lead) =>
      names.flatMap((name) => fakes.flatMap((fake) => tails.map((tail) => `${lead}${name}=${fake}${tail}`))),
    );
    const misread: string[] = [];
    let repeats = 0;
    for (const extra of ["a", "q", "qshop", "join"]) {
      for (const value of ["", nonce, ...traps]) {
        const customer = extra === "a" ? "" : "42";
        for (const values of [[value], ["x", value, "m"]]) {
          const extras = values.map((one): Pairs[number] => [extra, one]);
          const signed = [...from({ ...shopifys, logged_in_customer_id: customer }), ...extras];
          const signature = sign(signed);
          for (const shown of readings(textOf(signed))) {
            const asked = query(shown, signature);
            const believed = [block, joining, link].map((rule) => verify(asked, rule)).filter(({ ok }) => ok);
            if (!believed.every((verdict) => saysWhatWasSigned(verdict, customer))) misread.push(asked);
            if (believed.length > 0 && new Set(shown.map(([name]) => name)).size < shown.length) repeats++;
          }
        }
      }
    }
    expect(misread).toEqual([]);
    expect(repeats).toBeGreaterThan(100);
  });

  function saysWhatWasSigned(verdict: ProxyVerdict, customer: string): boolean {
    if (!verdict.ok) return false;
    const { shopDomain, customerGid, pathPrefix } = verdict.facts;
    const gid = customer ? `gid://shopify/Customer/${customer}` : null;
    return shopDomain === shopifys.shop && customerGid === gid && [null, shopifys.path_prefix].includes(pathPrefix);
  }

  /** The ways to read a signed text: cut into pairs; where a value has commas, also with its name before each part of it. */
  function* readings(text: string): Generator<Pairs> {
    for (const pairs of cuts(text)) {
      yield pairs;
      if (text.includes(","))
        yield pairs.flatMap(([name, value]) => value.split(",").map((part): Pairs[number] => [name, part]));
    }
  }

  /**
   * The ways to cut a signed text into pairs: at each "=" a pair may begin with one of our names, bare or behind one or two
   * letters, or with a name of one letter; or the "=" is part of a value. Only sorted pairs are signed.
   */
  function* cuts(text: string, before: Pairs = []): Generator<Pairs> {
    const first = before.length === 0;
    for (const { index } of text.matchAll(/=/g)) {
      const ours = /(?:logged_in_customer_id|path_prefix|shop|timestamp|join)$/.exec(text.slice(0, index))?.index ?? -1;
      for (const begin of first ? [0] : [ours, ours - 1, ours - 2, index - 1]) {
        if (begin < 0 || (!first && begin === 0 && ours !== 0)) continue;
        const last = before.at(-1);
        const closed: Pairs = last ? [...before.slice(0, -1), [last[0], text.slice(0, begin)]] : [];
        const pairs: Pairs = [...closed, [text.slice(begin, index), text.slice(index + 1)]];
        if (!isSorted(pairs)) continue;
        yield pairs;
        yield* cuts(text.slice(index + 1), pairs);
      }
      if (first) break;
    }
  }

  function isSorted(pairs: Pairs): boolean {
    const names = pairs.map(([name]) => name);
    return names.every((name, i) => i === 0 || (names[i - 1] ?? "") < name);
  }
});
