import { claimPage, formEnd, minimumLine, plainPage, reasons, type Shown } from "./claim-page.ts";
import type { Offer } from "./read-offer.ts";
import { fill, type Language, liquidText, savingIn, type Words } from "./words.ts";

/** What a friend has typed into the form, as far as it came with the request. */
export type Typed = Readonly<Partial<Record<"firstName" | "lastName" | "email" | "consent", string>>>;

/**
 * The page that a referrer's link leads to, as Liquid: it shows the offer, remembers the code in the cart, and takes the
 * details of the friend, who gets their coupon on it. Without JavaScript it does all of it but the cart.
 * @param nonce for the form where no script makes one
 * @param posted what became of a form that was posted without script
 */
export function offerPage(offer: Offer, nonce: string, posted?: { shown: Shown; typed: Typed }): string {
  const shown = posted?.shown ?? { state: "open" };
  return claimPage({
    code: offer.code,
    shown,
    minimumSpend: offer.minimumSpend,
    panels: openPanel(offer, nonce, shown, posted?.typed ?? null),
    words: (words, language) => offerWords(offer, words, language),
  });
}

/** The page of a link whose code nobody has, or has any more. */
export function unknownLinkPage(): string {
  return plainPage(({ unknown }) => unknown);
}

/** The page of a link that came with something that we must not believe, or when the shop could not be served. */
export function unreadableLinkPage(): string {
  return plainPage(({ unreadable }) => unreadable);
}

function openPanel(offer: Offer, nonce: string, shown: Shown, typed: Typed | null): string {
  const value = (name: "firstName" | "lastName" | "email", customers: string) =>
    typed ? liquidText(typed[name] ?? "") : `{{ customer.${customers} | escape }}`;
  const ticked = typed?.consent ? " checked" : "";
  return `    <div data-panel="open">
      <h1>{{ passalong_heading }}</h1>
      <p>{{ passalong_note }}</p>
      ${minimumLine(offer.minimumSpend)}
      <form method="post" action="?claim=${nonce}">
        <input type="hidden" name="locale" value="{{ request.locale.iso_code | escape }}">
${field("firstName", `autocomplete="given-name" required maxlength="100"`, value("firstName", "first_name"), shown)}
${field("lastName", `autocomplete="family-name" maxlength="100"`, value("lastName", "last_name"), shown)}
${field("email", `type="email" autocomplete="email" required maxlength="254"`, value("email", "email"), shown)}
        <p class="passalong-page__consent">
          <input type="checkbox" id="passalong-consent" name="consent" value="yes"${ticked}>
          <label for="passalong-consent">{{ passalong_consent }}</label>
        </p>
        ${formEnd(shown, "{{ passalong_submit }}")}
      </form>
${offer.ownCodeCounts ? skip(offer.code) : ""}
    </div>`;
}

/** Why a field may be refused, by field. */
const refusals = {
  firstName: ["bad_first_name"],
  lastName: ["bad_last_name"],
  email: ["bad_email", "self_referral", "not_first_order"],
} as const;

function field(name: keyof typeof refusals, attributes: string, value: string, shown: Shown): string {
  const id = `passalong-${name}`;
  const invalid = shown.state === "refused" && refusals[name].some((because) => because === shown.because);
  const possible = Object.fromEntries(refusals[name].map((because) => [because, `{{ passalong_${because} }}`]));
  return `        <label for="${id}">{{ passalong_${name} }}</label>
        <input class="passalong-page__input" id="${id}" name="${name}" ${attributes} aria-describedby="${id}-error"${invalid ? ` aria-invalid="true"` : ""} value="${value}">
        <p class="passalong-page__error" id="${id}-error">${reasons(shown, possible)}</p>`;
}

/** The way to the shop for who leaves no details: the referrer's own code counts as well. */
function skip(code: string): string {
  const discount = `/discount/${encodeURIComponent(code)}?redirect={{ passalong_landing }}`;
  return `      <p>{{ passalong_skip }} <strong>${liquidText(code)}</strong></p>
      <p><a data-action="shop" href="${discount}">{{ passalong_button }}</a></p>`;
}

function offerWords(terms: Offer, { offer, claim, refused }: Words, language: Language): Record<string, string> {
  const reward = savingIn(terms, language);
  const { firstName, lastName, email, submit } = claim;
  return {
    heading: reward === null ? offer.headingFreeShipping : fill(offer.heading, "reward", reward),
    note: terms.firstOrderOnly ? offer.noteFirstOrder : offer.note,
    firstName,
    lastName,
    email,
    consent: fill(claim.consent, "shop", terms.shopName),
    submit,
    skip: offer.skip,
    button: reward === null ? offer.buttonFreeShipping : fill(offer.button, "reward", reward),
    bad_first_name: refused.bad_first_name,
    bad_last_name: refused.bad_last_name,
    bad_email: refused.bad_email,
    self_referral: refused.self_referral,
    not_first_order: refused.not_first_order,
  };
}
