import { CODE_PARAMETER } from "#app/domain/referrals/rules.ts";
import type { Money } from "#app/lib/money.ts";
import style from "./claim-page.css?raw";
import script from "./claim-page.js?raw";
import type { ClaimAnswer } from "./contract.ts";
import { inVisitorsLanguage, type Language, liquidText, minimumIn, type Words } from "./words.ts";

/** What such a page shows: its form, or what became of it. "failed" is a try that may be made again. */
export type Shown = ClaimAnswer | { readonly state: "open" | "failed" };

/** A page within the shop's theme where a friend does one thing and gets their coupon, as Liquid. */
export type ClaimPage = {
  /** Of the referrer who sent the friend; null where nobody is known. */
  readonly code: string | null;
  readonly shown: Shown;
  /** What the cart must come to before the coupon works; null: nothing. */
  readonly minimumSpend: Money | null;
  /** Liquid of the page's own panels, the one called "open" with its form: `passalong_{name}` are the words. */
  readonly panels: string;
  readonly words: (words: Words, language: Language) => Record<string, string>;
};

/**
 * Puts the page together: its own panel and those that every claim may end with. All of them are there from the start, so
 * that the script only changes which one is seen, and a page that answers a form shows the same without it.
 */
export function claimPage({ code, shown, minimumSpend, panels, words }: ClaimPage): string {
  const state = shown.state === "refused" || shown.state === "failed" ? "open" : shown.state;
  const claim = "claim" in shown ? ` data-claim="${liquidText(shown.claim)}"` : "";
  const landing = code === null ? "" : ` | append: "?${CODE_PARAMETER}=${encodeURIComponent(code)}"`;
  return `${inVisitorsLanguage((all, language) => ({
    ...outcomeWords(all),
    minimum: minimumIn(all, minimumSpend, language),
    ...words(all, language),
  }))}
{%- assign passalong_landing = routes.root_url${landing} | url_encode -%}
<style>
${style}</style>
<div class="passalong-page page-width" lang="{{ passalong_language }}" data-passalong data-state="${state}"${claim}
  data-code="${liquidText(code ?? "")}" data-landing="{{ passalong_landing }}"
  data-cart="{{ routes.cart_url | append: ".js" }}" data-cart-update="{{ routes.cart_update_url | append: ".js" }}"
  data-text-working="{{ passalong_working }}" data-text-copied="{{ passalong_copied }}" data-text-copy-yourself="{{ passalong_copy_yourself }}">
  <div class="passalong-page__panels">
${panels}
${outcomePanels(shown, minimumSpend)}
  </div>
</div>
{% raw %}<script>
${script}</script>{% endraw %}
`;
}

/** A page within the shop's theme that only leads to the shop. */
export function plainPage(words: (words: Words) => { heading: string; note: string; button: string }): string {
  return `${inVisitorsLanguage(words)}
<style>
${style}</style>
<div class="passalong-page page-width" lang="{{ passalong_language }}">
  <h1>{{ passalong_heading }}</h1>
  <p>{{ passalong_note }}</p>
  <p><a class="passalong-page__button" href="{{ routes.root_url }}">{{ passalong_button }}</a></p>
</div>
`;
}

/** The reasons that stand below a field or form; the one that applies is seen. */
export function reasons(applying: Shown, possible: Record<string, string>): string {
  const because = applying.state === "refused" ? applying.because : applying.state;
  return Object.entries(possible)
    .map(([codes, text]) => {
      const hidden = codes.split(" ").includes(because) ? "" : " hidden";
      return `<span data-because="${codes}"${hidden}>${text}</span>`;
    })
    .join("");
}

/** The end of a form: why it came to nothing where no field is to blame, its button, and a line for what is going on. */
export function formEnd(shown: Shown, label: string, own: Record<string, string> = {}): string {
  const possible = {
    ...own,
    "no_program unknown_code": "{{ passalong_over }}",
    coupon_over: "{{ passalong_coupon_over }}",
    failed: "{{ passalong_failed }}",
  };
  return `<p class="passalong-page__error" role="alert">${reasons(shown, possible)}</p>
        <button class="passalong-page__button passalong-page__button--main">${label}</button>
        ${STATUS}`;
}

/** Says what the cart must come to, where it must. */
export function minimumLine(minimumSpend: Money | null): string {
  return minimumSpend ? "<p>{{ passalong_minimum }}</p>" : "";
}

/** Read out when the script writes into it. */
const STATUS = `<p class="passalong-page__status" role="status"></p>`;

function outcomePanels(shown: Shown, minimumSpend: Money | null): string {
  const coupon = shown.state === "claimed" ? shown.coupon : "";
  const shopping = coupon && `/discount/${encodeURIComponent(coupon)}?redirect={{ passalong_landing }}`;
  const later = (state: "coming" | "verify") => `    <div data-panel="${state}">
      <h1 tabindex="-1">{{ passalong_${state}_heading }}</h1>
      <p>{{ passalong_${state}_note }}</p>
      <p><a class="passalong-page__button" data-action="shop" href="{{ routes.root_url }}">{{ passalong_to_shop }}</a></p>
    </div>`;
  return `    <div data-panel="claimed">
      <h1 tabindex="-1">{{ passalong_claimed_heading }}</h1>
      <p>{{ passalong_claimed_note }}</p>
      ${minimumLine(minimumSpend)}
      <p>
        <label for="passalong-coupon">{{ passalong_coupon }}</label><br>
        <input class="passalong-page__input" id="passalong-coupon" type="text" readonly value="${liquidText(coupon)}">
        <button type="button" class="passalong-page__button" data-action="copy" hidden>{{ passalong_copy }}</button>
      </p>
      <p><a class="passalong-page__button" data-action="shop" data-coupon-link href="${shopping || "{{ routes.root_url }}"}">{{ passalong_shop_now }}</a></p>
      ${STATUS}
    </div>
${later("coming")}
${later("verify")}`;
}

function outcomeWords({ claim, claimed, coming, verify, refused, unknown }: Words): Record<string, string> {
  return {
    working: claim.working,
    claimed_heading: claimed.heading,
    claimed_note: claimed.note,
    coupon: claimed.label,
    copy: claimed.copy,
    copied: claimed.copied,
    copy_yourself: claimed.copyYourself,
    shop_now: claimed.button,
    coming_heading: coming.heading,
    coming_note: coming.note,
    verify_heading: verify.heading,
    verify_note: verify.note,
    over: refused.over,
    coupon_over: refused.coupon_over,
    failed: refused.failed,
    to_shop: unknown.button,
  };
}
