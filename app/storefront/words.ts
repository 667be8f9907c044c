import { formatBriefly, type Money } from "#app/lib/money.ts";
import de from "#app/locales/de/storefront.json" with { type: "json" };
import en from "#app/locales/en/storefront.json" with { type: "json" };
import es from "#app/locales/es/storefront.json" with { type: "json" };
import fr from "#app/locales/fr/storefront.json" with { type: "json" };
import ja from "#app/locales/ja/storefront.json" with { type: "json" };
import type { Offer } from "./read-offer.ts";

/** English is what everyone else reads. */
const languages = { de, en, es, fr, ja } satisfies Record<string, typeof en>;
export type Language = keyof typeof languages;
export type Words = typeof en;

/**
 * The words of the language that the shop shows this visitor, as Liquid variables `passalong_{name}`, and the language that
 * they are in as `passalong_language`, which is not the page's where we do not speak that. Only Liquid knows the page's: the
 * proxy does not pass it on.
 */
export function inVisitorsLanguage(choose: (words: Words, language: Language) => Record<string, string>): string {
  const captures = (language: Language) =>
    Object.entries({ ...choose(languages[language], language), language })
      .map(([name, text]) => `{%- capture passalong_${name} -%}${liquidText(text)}{%- endcapture -%}`)
      .join("");
  const cases = (Object.keys(languages) as Language[])
    .filter((language) => language !== "en")
    .map((language) => `{%- when "${language}" -%}${captures(language)}`);
  return [
    `{%- assign passalong_page_language = request.locale.iso_code | slice: 0, 2 -%}`,
    `{%- case passalong_page_language -%}`,
    ...cases,
    `{%- else -%}${captures("en")}`,
    `{%- endcase -%}`,
  ].join("\n");
}

/** What stands beside the checkbox on a page in that language: the words that a consent is kept with. */
export function consentWords(locale: string, shopName: string): string {
  const language = locale.slice(0, 2);
  const words = Object.hasOwn(languages, language) ? languages[language as Language] : en;
  return fill(words.claim.consent, "shop", shopName);
}

/** How much the friend saves, in few words ("10%", "10 %", "$5"); null for free shipping, which is no amount. */
export function savingIn({ value, currency }: Offer, language: Language): string | null {
  switch (value.type) {
    case "percentage":
      return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 }).format(
        value.percent / 100,
      );
    case "fixed":
      return formatBriefly({ minor: BigInt(value.minor), currency }, language);
    case "free_shipping":
      return null;
  }
}

/** What a cart must come to before the coupon works; "" where it always does. */
export function minimumIn({ offer }: Words, minimum: Money | null, language: Language): string {
  return minimum ? fill(offer.minimum, "minimum", formatBriefly(minimum, language)) : "";
}

/** A text with its hole filled. */
export function fill(text: string, hole: string, value: string): string {
  return text.replace(`{{${hole}}}`, () => value);
}

/** Text that is neither markup nor Liquid, whatever it holds. */
export function liquidText(text: string): string {
  return text.replace(/[&<>"'{}]/g, (character) => `&#${character.charCodeAt(0)};`);
}
