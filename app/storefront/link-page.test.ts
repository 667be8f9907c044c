import { Liquid } from "liquidjs";
import { describe, expect, it } from "vitest";
import { CLAIM_ATTRIBUTE, CODE_ATTRIBUTE } from "#app/domain/referrals/rules.ts";
import { claimAnswer } from "./contract.ts";
import { offerPage, unknownLinkPage, unreadableLinkPage } from "./link-page.ts";
import { proofPage } from "./proof-page.ts";
import type { Offer } from "./read-offer.ts";
import { consentWords, liquidText } from "./words.ts";

const liquid = new Liquid({ strictFilters: true });
const NONCE = "AAAAAAAAAAAAAAAAAAAAAA";
const offer: Offer = {
  code: "OCEAN7QKX2",
  shopName: "Juniper & Co",
  value: { type: "percentage", percent: 10 },
  minimumSpend: null,
  currency: "USD",
  firstOrderOnly: true,
  ownCodeCounts: true,
};
const fern = { firstName: "Fern", lastName: "Hollow", email: "fern@hollow.shop" };
const shown = (changes: Partial<Offer> = {}) => offerPage({ ...offer, ...changes }, NONCE);

/** As Shopify renders it in a shop shown in that language. */
function render(page: string, language = "en", root = "/"): string {
  const path = root === "/" ? "" : root;
  return liquid.parseAndRenderSync(page, {
    request: { locale: { iso_code: language } },
    routes: { root_url: root, cart_url: `${path}/cart`, cart_update_url: `${path}/cart/update` },
    customer: { first_name: `Fern "F"`, email: "fern@hollow.shop" },
  });
}

/** Text as the browser shows it. */
function asShown(html: string): string {
  return html.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** What stands in a panel. */
function panel(html: string, name: string): string {
  const begins = html.indexOf(`<div data-panel="${name}">`);
  return html.slice(begins, html.indexOf("</div>", begins));
}

describe("the page behind a referrer's link", () => {
  it("shows the offer and a form that posts without any script", () => {
    const html = render(shown());
    expect(html).toContain("<h1>A friend gives you 10% off</h1>");
    expect(html).toContain("first order");
    expect(html).toContain(`<form method="post" action="?claim=${NONCE}">`);
    expect(html).toContain('data-state="open"');
    expect(html).not.toMatch(/\{\{|\{%/);
  });

  it("asks for consent in words that are kept with it, and ticks nothing itself", () => {
    const html = asShown(render(shown(), "de-CH"));
    expect(html).toContain(`<label for="passalong-consent">${consentWords("de-CH", "Juniper & Co")}</label>`);
    expect(html).not.toMatch(/name="consent"[^>]* checked/);
    expect(html).toContain('name="locale" value="de-CH"');
    expect(consentWords("pt-BR", "Juniper")).toBe(consentWords("en", "Juniper"));
    expect(consentWords("constructor", "Juniper")).toBe(consentWords("en", "Juniper"));
  });

  it("knows the customer who is signed in", () => {
    const html = render(shown());
    expect(html).toContain('value="Fern &#34;F&#34;"');
    expect(html).toContain('value="fern@hollow.shop"');
  });

  it("promises no more than the program says", () => {
    expect(render(shown({ firstOrderOnly: false }))).not.toContain("first order");
    expect(render(shown({ value: { type: "percentage", percent: 12.5 } }))).toContain("12.5% off");
    expect(render(shown({ value: { type: "free_shipping" } }))).toContain("free shipping");
  });

  it.each([
    ["en", "$15", "$60"],
    ["de", "15 $", "60 $"],
    ["es", "15 US$", "60 US$"],
    ["fr", "15 $US", "60 $US"],
    ["ja", "$15", "$60"],
  ])("says in %s what the cart must come to, with the offer and with the coupon", (language, saving, minimum) => {
    const terms = {
      ...offer,
      value: { type: "fixed", minor: 1500 },
      minimumSpend: { minor: 6000n, currency: "USD" },
    } as const;
    const answer = { state: "claimed", coupon: "FRIEND-7QKX2MHRWD", claim: "rfl_1" } as const;
    const html = render(offerPage(terms, NONCE, { shown: answer, typed: fern }), language).replace(
      /[\u00a0\u202f]/g,
      " ",
    );
    expect(panel(html, "open")).toContain(saving);
    for (const name of ["open", "claimed"]) expect(panel(html, name)).toContain(minimum);
    expect(render(shown(), language)).not.toContain(minimum);
  });

  it("leads on without details only where the program counts that", () => {
    const toShop = 'href="/discount/OCEAN7QKX2?redirect=%2F%3Fref%3DOCEAN7QKX2"';
    expect(render(shown())).toContain(toShop);
    expect(render(shown({ ownCodeCounts: false }))).not.toContain(toShop);
  });

  it.each([
    ["de", "10 % Rabatt"],
    ["fr-CA", "10 % de réduction"],
    ["es", "10 % de descuento"],
    ["ja", "10%オフ"],
    ["pt-BR", "10% off"],
  ])("speaks %s as the shop does", (language, words) => {
    expect(render(shown(), language).replace(/[\u00a0\u202f]/g, " ")).toContain(words);
  });

  it.each([
    ["en", "en"],
    ["de-CH", "de"],
    ["pt-BR", "en"],
    ["nl", "en"],
  ])("says in a shop shown in %s that its words are %s", (language, words) => {
    for (const page of [shown(), unknownLinkPage(), proofPage(null, NONCE)])
      expect(render(page, language)).toContain(`<div class="passalong-page page-width" lang="${words}"`);
  });

  it("stays in the visitor's part of a shop in several languages", () => {
    const html = render(shown(), "fr", "/fr");
    expect(html).toContain('href="/discount/OCEAN7QKX2?redirect=%2Ffr%3Fref%3DOCEAN7QKX2"');
    expect(html).toContain('data-cart="/fr/cart.js" data-cart-update="/fr/cart/update.js"');
  });

  it("has a panel for everything a claim may come to, and words for every refusal", () => {
    const [claimed, coming, verify, , refused] = claimAnswer.options;
    const html = render(shown());
    for (const { shape } of [claimed, coming, verify])
      expect(panel(html, shape.state.value)).toMatch(/<h1 tabindex="-1">.+<\/h1>/);
    for (const because of refused.shape.because.options)
      expect(html).toMatch(new RegExp(`data-because="[^"]*\\b${because}\\b[^"]*" hidden>[^<]+<`));
  });

  it("posted without script, shows the coupon and goes on to the shop with it", () => {
    const answer = { state: "claimed", coupon: "FRIEND-7QKX2MHRWD", claim: "rfl_1" } as const;
    const html = render(offerPage(offer, NONCE, { shown: answer, typed: fern }));
    expect(html).toContain('data-state="claimed" data-claim="rfl_1"');
    expect(panel(html, "claimed")).toContain('value="FRIEND-7QKX2MHRWD"');
    expect(panel(html, "claimed")).toContain('href="/discount/FRIEND-7QKX2MHRWD?redirect=%2F%3Fref%3DOCEAN7QKX2"');
  });

  it("posted without script and refused, keeps what was typed and says why beside the field", () => {
    const posted = {
      shown: { state: "refused", because: "self_referral" },
      typed: { ...fern, firstName: `"><script>{{ shop.email }}`, consent: "yes" },
    } as const;
    const html = render(offerPage(offer, NONCE, posted), "fr");
    expect(html).toContain('data-state="open"');
    expect(html).toContain('aria-describedby="passalong-email-error" aria-invalid="true" value="fern@hollow.shop"');
    expect(html.match(/aria-invalid="true" value/g)).toHaveLength(1);
    expect(html).toContain('<span data-because="self_referral">Vous ne pouvez pas utiliser votre propre lien');
    expect(html).toMatch(/name="consent" value="yes" checked/);
    expect(asShown(html)).toContain(`value=""><script>{{ shop.email }}"`);
    expect(html).not.toContain(`"><script>{{`);
  });

  it("posted without script a second time too quickly, says to try again", () => {
    const html = render(offerPage(offer, NONCE, { shown: { state: "failed" }, typed: fern }));
    expect(html).toContain('<span data-because="failed">That did not work');
  });

  it("of a code that nobody has leads to the shop", () => {
    const html = render(unknownLinkPage(), "de");
    expect(html).toContain("Dieser Link funktioniert nicht mehr");
    expect(html).toContain('href="/">Zum Shop</a>');
    expect(html).not.toContain("<script>");
  });

  it("that came with what we must not believe leads to the shop", () => {
    const html = render(unreadableLinkPage(), "fr", "/fr");
    expect(html).toContain("<h1>Ce lien est illisible</h1>");
    expect(html).toContain('href="/fr">Aller à la boutique</a>');
    expect(html).not.toMatch(/<script>|\{\{|\{%/);
  });

  it("takes no words for markup or Liquid", () => {
    const words = `{{ shop.email }}{% raw %}<b onclick="x">'&`;
    expect(liquidText(words)).not.toMatch(/[{}<>"']/);
    expect(asShown(liquid.parseAndRenderSync(liquidText(words)))).toBe(words);
  });

  it.each([
    ["the code", shown(), { [CODE_ATTRIBUTE]: "OCEAN7QKX2" }],
    ["a code of signs", shown({ code: `"></a><script>{{ x }}` }), { [CODE_ATTRIBUTE]: `"></a><script>{{ x }}` }],
    [
      "code and claim",
      offerPage(offer, NONCE, { shown: { state: "coming", claim: "rfl_1" }, typed: fern }),
      { [CODE_ATTRIBUTE]: "OCEAN7QKX2", [CLAIM_ATTRIBUTE]: "rfl_1" },
    ],
  ])("remembers %s beside what the cart knows already", async (_case, page, remembered) => {
    const html = render(page);
    const data = [...html.matchAll(/ data-([a-z-]+)="([^"]*)"/g)];
    const dataset = Object.fromEntries(
      data.map(([, name = "", value = ""]) => [
        name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
        asShown(value),
      ]),
    );
    class Page {
      dataset = dataset;
      querySelector = () => null;
      addEventListener = () => undefined;
    }
    const calls: [url: string, init?: { body: string }][] = [];
    const fetch = async (...call: (typeof calls)[number]) => {
      calls.push(call);
      return { json: async () => ({ attributes: { gift: "yes", _passalong: "EARLIER1" } }) };
    };
    const script = /<script>\n([\s\S]*)<\/script>/.exec(html)?.[1] ?? "";
    new Function("fetch", "document", "HTMLElement", script)(fetch, { querySelector: () => new Page() }, Page);
    await expect.poll(() => calls.length).toBe(2);
    expect(calls.map(([url]) => url)).toEqual(["/cart.js", "/cart/update.js"]);
    expect(JSON.parse(calls[1]?.[1]?.body ?? "")).toEqual({ attributes: { gift: "yes", ...remembered } });
  });
});

describe("the page behind a verification mail", () => {
  it("has one button, which posts without any script", () => {
    const html = render(proofPage({ code: "OCEAN7QKX2", open: true, minimumSpend: null }, NONCE));
    expect(html).toContain('data-state="open"');
    expect(panel(html, "open").match(/<(input|button)\b/g)).toEqual(["<button"]);
    expect(html).toContain(`<form method="post" action="?claim=${NONCE}">`);
    expect(html).not.toMatch(/\{\{|\{%/);
  });

  it("of a link that has done its work leads back to the offer, where one may ask again", () => {
    const html = render(proofPage({ code: "OCEAN7QKX2", open: false, minimumSpend: null }, NONCE), "es");
    expect(html).toContain('data-state="expired"');
    expect(panel(html, "expired")).toContain('href="../OCEAN7QKX2">Volver a la oferta</a>');
  });

  it("of a link that nobody knows leads to the shop", () => {
    const html = render(proofPage(null, NONCE));
    expect(html).toContain('data-state="expired"');
    expect(panel(html, "expired")).toContain('href="/">Go to the shop</a>');
  });

  it("says why there is no coupon to one who ordered before they pressed", () => {
    const answer = { state: "refused", because: "not_first_order" } as const;
    const html = render(proofPage({ code: "OCEAN7QKX2", open: true, minimumSpend: null }, NONCE, answer));
    expect(panel(html, "open")).toContain('<span data-because="not_first_order">This offer is for new customers only.');
  });

  it("posted without script, shows the coupon", () => {
    const answer = { state: "claimed", coupon: "FRIEND-7QKX2MHRWD", claim: "rfl_1" } as const;
    const html = render(proofPage({ code: "OCEAN7QKX2", open: false, minimumSpend: null }, NONCE, answer));
    expect(html).toContain('data-state="claimed" data-claim="rfl_1"');
    expect(panel(html, "claimed")).toContain("FRIEND-7QKX2MHRWD");
  });
});
