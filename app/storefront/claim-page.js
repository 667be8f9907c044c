// @ts-check
/** @import { ClaimAnswer } from "./contract.ts" */

// Runs within the pages of a referrer's link and of a verification mail (claim-page.ts), which work without it too. It
// keeps the friend on the page, copies, and writes into the cart who sent them.
(() => {
  const page = document.querySelector("[data-passalong]");
  if (!(page instanceof HTMLElement)) return;
  const { dataset } = page;
  const form = page.querySelector("form");
  const coupon = page.querySelector("input[readonly]");
  const copyButton = page.querySelector("[data-action=copy]");
  let remembered = remember(dataset.claim);

  if (form) form.noValidate = true;
  if (copyButton instanceof HTMLElement) copyButton.hidden = false;

  page.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target instanceof HTMLFormElement) send(event.target);
  });

  page.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    if (pressed?.getAttribute("data-action") === "copy") copy();
    if (pressed instanceof HTMLAnchorElement) follow(pressed, event);
  });

  /** @param {HTMLFormElement} form */
  async function send(form) {
    const button = form.querySelector("button");
    if (!button || button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    say(dataset.textWorking);
    const answer = await ask(form).catch(() => null);
    button.ariaDisabled = null;
    say("");
    show(answer);
  }

  /**
   * A new nonce with every try, so that no two tries are signed alike.
   * @param {HTMLFormElement} form
   * @returns {Promise<ClaimAnswer>}
   */
  async function ask(form) {
    const response = await fetch(`${location.pathname}?claim=${nonce()}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
      signal: AbortSignal.timeout(15_000),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.json();
  }

  /** @param {ClaimAnswer | null} answer null: there was none that can be used */
  function show(answer) {
    const refusal = answer ? answer.state === "refused" && answer.because : "failed";
    explain(refusal || "");
    if (!answer || refusal) return;
    if ("claim" in answer) remembered = remember(answer.claim);
    if (answer.state === "claimed" && coupon instanceof HTMLInputElement) {
      coupon.value = answer.coupon;
      const shopping = page?.querySelector("[data-coupon-link]");
      const discount = `/discount/${encodeURIComponent(answer.coupon)}?redirect=${dataset.landing}`;
      shopping?.setAttribute("href", discount);
    }
    dataset.state = answer.state;
    const heading = page?.querySelector(`[data-panel="${answer.state}"] h1`);
    if (heading instanceof HTMLElement) heading.focus();
  }

  /**
   * Shows why, beside the field that it is about, and goes there.
   * @param {string} because "" for no reason
   */
  function explain(because) {
    for (const field of form?.querySelectorAll("[aria-invalid]") ?? []) field.removeAttribute("aria-invalid");
    for (const reason of form?.querySelectorAll("[data-because]") ?? []) {
      const applies = reason.matches(`[data-because~="${because}"]`);
      reason.toggleAttribute("hidden", !applies);
      const field = applies && form?.querySelector(`[aria-describedby="${reason.parentElement?.id}"]`);
      if (!(field instanceof HTMLElement)) continue;
      field.ariaInvalid = "true";
      field.focus();
    }
  }

  /**
   * Writes code and claim beside the attributes that the cart has already. Where that fails, the coupon, the address or the
   * first page of the visit, which is mostly this one, still says who sent the friend.
   * https://shopify.dev/docs/api/ajax/reference/cart
   * @param {string | undefined} claim the claimed referral, if there is one
   */
  async function remember(claim) {
    const { code, cart, cartUpdate } = dataset;
    if (!code || !cart || !cartUpdate) return;
    const known = await fetch(cart).then((response) => response.json());
    const ours = { _passalong: code, ...(claim ? { _passalong_claim: claim } : {}) };
    await fetch(cartUpdate, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ attributes: { ...known.attributes, ...ours } }),
    });
  }

  /**
   * Goes on to the shop once the cart knows, after 1.5 seconds in any case.
   * @param {HTMLAnchorElement} link
   * @param {MouseEvent} event
   */
  async function follow(link, event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await Promise.race([
      Promise.allSettled([remembered]),
      new Promise((resolve) => {
        setTimeout(resolve, 1500);
      }),
    ]);
    location.assign(link.href);
  }

  async function copy() {
    if (!(coupon instanceof HTMLInputElement)) return;
    const copied = await navigator.clipboard?.writeText(coupon.value).then(
      () => true,
      () => false,
    );
    if (!copied) coupon.select();
    say(copied ? dataset.textCopied : dataset.textCopyYourself);
  }

  /** @param {string | undefined} text shown below, and read out */
  function say(text) {
    const status = page?.querySelector(`[data-panel="${dataset.state}"] [role=status]`);
    if (status) status.textContent = text ?? "";
  }

  /** 128 random bits in base64url. */
  function nonce() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .slice(0, 22);
  }
})();
