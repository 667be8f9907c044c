import { claimPage, formEnd, minimumLine, type Shown } from "./claim-page.ts";
import type { Proof } from "./read-offer.ts";

/**
 * The page that the link of a verification mail leads to, as Liquid: one button, because programs that look through mails
 * follow links. A link that has done its work, or never will, leads back to the offer.
 * @param proof null where nobody knows the link
 * @param nonce for the form where no script makes one
 * @param posted what became of a form that was posted without script
 */
export function proofPage(proof: Proof | null, nonce: string, posted?: Shown): string {
  const shown: Shown = posted ?? { state: proof?.open ? "open" : "expired" };
  const again = proof
    ? `<a class="passalong-page__button" href="../${encodeURIComponent(proof.code)}">{{ passalong_again }}</a>`
    : `<a class="passalong-page__button" href="{{ routes.root_url }}">{{ passalong_to_shop }}</a>`;
  return claimPage({
    code: proof?.code ?? null,
    shown,
    minimumSpend: proof?.minimumSpend ?? null,
    panels: `    <div data-panel="open">
      <h1>{{ passalong_heading }}</h1>
      <p>{{ passalong_note }}</p>
      ${minimumLine(proof?.minimumSpend ?? null)}
      <form method="post" action="?claim=${nonce}">
        ${formEnd(shown, "{{ passalong_button }}", { not_first_order: "{{ passalong_not_first_order }}" })}
      </form>
    </div>
    <div data-panel="expired">
      <h1 tabindex="-1">{{ passalong_expired_heading }}</h1>
      <p>{{ passalong_expired_note }}</p>
      <p>${again}</p>
    </div>`,
    words: ({ proof: { heading, note, button }, expired, refused }) => ({
      heading,
      note,
      button,
      not_first_order: refused.not_first_order,
      expired_heading: expired.heading,
      expired_note: expired.note,
      again: expired.button,
    }),
  });
}
