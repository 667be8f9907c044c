// @ts-check
/** @import { BlockAnswer, InviteAnswer } from "../../../app/storefront/contract.ts" */

(() => {
  /**
   * `<passalong-referral data-state>`: shows the customer their link, lets them join, copy it, and invite friends. A
   * custom element, so that the theme editor may take it out and put it in again.
   */
  class PassalongReferral extends HTMLElement {
    connectedCallback() {
      this.addEventListener("click", this);
      this.addEventListener("submit", this);
      const form = this.querySelector("form");
      if (form) form.noValidate = true;
      if (this.dataset.state === "loading") this.run(() => this.look());
    }

    disconnectedCallback() {
      this.removeEventListener("click", this);
      this.removeEventListener("submit", this);
    }

    /** @param {Event} event */
    handleEvent(event) {
      if (event instanceof SubmitEvent) {
        event.preventDefault();
        this.invite(event.submitter);
        return;
      }
      const button = event.target instanceof Element && event.target.closest("[data-action]");
      if (!button || button.ariaDisabled === "true") return;
      const action = button.getAttribute("data-action");
      if (action === "copy") this.copy();
      if (action === "join") this.run(() => this.join(), button);
      if (action === "retry") this.run(() => this.look(), button);
    }

    /** How the customer stands; whoever may join does so at once, unless the merchant wants a button for it. */
    async look() {
      /** @type {BlockAnswer} */
      const answer = await ask(this.endpoint);
      return answer.state === "outside" && this.dataset.join !== "button" ? this.join() : answer;
    }

    /**
     * A new nonce with every try, so that no two tries are signed alike.
     * @returns {Promise<BlockAnswer>}
     */
    async join() {
      return ask(`${this.endpoint}?join=${nonce()}`, {});
    }

    /**
     * Invites whoever's address was typed, and says what became of it.
     * @param {HTMLElement | null} button what the customer pressed
     */
    async invite(button) {
      const field = this.querySelector("form input");
      if (!(field instanceof HTMLInputElement) || button?.ariaDisabled === "true") return;
      if (button) button.ariaDisabled = "true";
      this.say(this.dataset.textWorking);
      const answer = await this.sendInvitation(field.value).catch(() => null);
      if (button) button.ariaDisabled = null;
      const invited = answer?.state === "invited";
      const because = answer?.state === "refused" ? answer.because.replaceAll("_", "-") : "not-invited";
      const why = this.getAttribute(`data-text-${because}`) ?? this.dataset.textNotInvited;
      this.say(invited ? this.dataset.textInvited : why);
      field.ariaInvalid = answer?.state === "refused" ? "true" : null;
      if (invited) field.value = "";
      else field.focus();
    }

    /**
     * @param {string} email
     * @returns {Promise<InviteAnswer>}
     */
    async sendInvitation(email) {
      return ask(`${this.endpoint}?invite=${nonce()}`, { email });
    }

    /**
     * Asks the app and shows its answer; an answer that cannot be used, or none, is a failure.
     * @param {() => Promise<BlockAnswer>} work
     * @param {Element} [button] what the customer pressed: it keeps its place and the focus until there is an answer
     */
    async run(work, button) {
      if (button) {
        button.ariaDisabled = "true";
        this.say(this.dataset.textWorking);
      }
      const answer = await work().catch(() => null);
      const state = answer?.state ?? "failed";
      if (answer?.state === "joined") this.link.value = answer.link;
      this.dataset.state = state;
      if (state === "refused") this.say(this.dataset.textRefused);
      else if (state === "failed") this.say(this.dataset.textFailed);
      else this.say(button && state === "joined" ? this.dataset.textJoined : "");
      if (!button) return;
      button.ariaDisabled = null;
      const next = this.querySelector(`[data-panel="${state}"] :is(button, a)`);
      if (next instanceof HTMLElement) next.focus();
    }

    async copy() {
      const copied = await navigator.clipboard?.writeText(this.link.value).then(
        () => true,
        () => false,
      );
      if (!copied) this.link.select();
      this.say(copied ? this.dataset.textCopied : this.dataset.textCopyYourself);
    }

    /** @param {string | undefined} text shown below, and read out */
    say(text) {
      const status = this.querySelector("[role=status]");
      if (status) status.textContent = text ?? "";
    }

    get endpoint() {
      return this.dataset.endpoint ?? "";
    }

    get link() {
      const field = /** @type {HTMLInputElement | null} */ (this.querySelector("[data-link]"));
      if (!field) throw new Error("passalong-referral has no field for the link");
      return field;
    }
  }

  /**
   * @param {string} url
   * @param {object} [body] for what changes something
   */
  async function ask(url, body) {
    const headers = { "Content-Type": "application/json" };
    const post = body && { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch(url, { ...post, signal: AbortSignal.timeout(15_000) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.json();
  }

  /** 128 random bits in base64url. */
  function nonce() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .slice(0, 22);
  }

  if (!customElements.get("passalong-referral")) customElements.define("passalong-referral", PassalongReferral);
})();
