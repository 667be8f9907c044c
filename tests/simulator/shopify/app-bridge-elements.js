/* The elements of the App Bridge stand-in: navigation, title bar, save bar and modal. */

/**
 * Defines them in the framed page.
 * @param tell sends a message to the admin around the frame.
 * @param listeners where the admin's events find their handlers.
 */
window.defineSimulatedElements = ({ tell, listeners, reportLocation }) => {
  // Hidden by an adopted sheet: a <style> in <head> would break React's hydration of the document.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("ui-nav-menu,s-app-nav,ui-title-bar,ui-save-bar,ui-modal,s-app-window{display:none!important}");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  /** Runs once now and after every change inside the element. */
  function watch(element, run) {
    let queued = false;
    const soon = () => {
      if (queued) return;
      queued = true;
      queueMicrotask(() => {
        queued = false;
        if (element.isConnected) run();
      });
    };
    const observer = new MutationObserver(soon);
    observer.observe(element, { subtree: true, childList: true, attributes: true, characterData: true });
    soon();
    return observer;
  }

  class NavMenu extends HTMLElement {
    connectedCallback() {
      this.observer = watch(this, () => {
        this.links = [...this.querySelectorAll("a")];
        const items = this.links.map((link, index) => ({
          index,
          label: link.textContent,
          href: link.getAttribute("href"),
          rel: link.rel,
        }));
        tell("nav", items);
        reportLocation();
      });
      listeners.navClick = (index) => this.links[index]?.click();
    }
    disconnectedCallback() {
      this.observer.disconnect();
      tell("nav", []);
    }
  }

  class TitleBar extends HTMLElement {
    connectedCallback() {
      if (this.closest("ui-modal")) return;
      this.observer = watch(this, () => {
        this.items = [...this.querySelectorAll("button,a")];
        const buttons = this.items.map((item, index) => ({
          index,
          label: item.textContent,
          variant: item.getAttribute("variant"),
          tone: item.getAttribute("tone"),
          disabled: item.hasAttribute("disabled"),
        }));
        tell("titleBar", { title: this.getAttribute("title") ?? "", buttons });
      });
      listeners.titleClick = (index) => this.items[index]?.click();
    }
    disconnectedCallback() {
      if (!this.observer) return;
      this.observer.disconnect();
      tell("titleBar", { title: "", buttons: [] });
    }
  }

  let openBar = null;
  class SaveBar extends HTMLElement {
    get showing() {
      return openBar === this;
    }
    async show() {
      if (openBar === this) return;
      openBar = this;
      this.observer = watch(this, () => {
        const save = this.button("save");
        const discard = this.button("discard");
        tell("saveBar", {
          open: true,
          save: { disabled: save?.disabled ?? false, loading: save?.hasAttribute("loading") ?? false },
          discard: { disabled: discard?.disabled ?? false },
        });
      });
      this.dispatchEvent(new Event("show"));
    }
    async hide() {
      if (openBar !== this) return;
      openBar = null;
      this.observer.disconnect();
      tell("saveBar", { open: false });
      this.dispatchEvent(new Event("hide"));
    }
    async toggle() {
      return this.showing ? this.hide() : this.show();
    }
    button(which) {
      const isPrimary = (button) => button.getAttribute("variant") === "primary";
      return [...this.querySelectorAll("button")].find((button) => isPrimary(button) === (which === "save"));
    }
    connectedCallback() {
      listeners.saveBarClick = (which) => openBar?.button(which)?.click();
    }
    disconnectedCallback() {
      this.hide();
    }
  }

  class Modal extends HTMLElement {
    get content() {
      this.portal ??= document.createElement("div");
      return this.portal;
    }
    get src() {
      return this.getAttribute("src") ?? undefined;
    }
    set src(value) {
      this.setAttribute("src", value);
    }
    get variant() {
      return this.getAttribute("variant") ?? "base";
    }
    set variant(value) {
      this.setAttribute("variant", value);
    }
    get contentWindow() {
      return this.dialog?.querySelector("iframe")?.contentWindow ?? null;
    }
    async show() {
      if (this.dialog) return;
      const bar = this.querySelector("ui-title-bar");
      this.dialog = document.createElement("dialog");
      this.dialog.style.cssText = "border:0;border-radius:12px;padding:0;min-width:420px;max-width:90%;max-height:90%";
      this.dialog.setAttribute("aria-label", bar?.getAttribute("title") ?? "");
      const header = document.createElement("header");
      header.style.cssText = "display:flex;justify-content:space-between;padding:12px 16px;background:#f3f3f3";
      const title = document.createElement("strong");
      title.textContent = bar?.getAttribute("title") ?? "";
      header.append(
        title,
        this.makeButton("✕", () => this.hide(), "Close"),
      );
      this.dialog.append(header, this.body());
      const footer = document.createElement("footer");
      footer.style.cssText = "display:flex;gap:8px;justify-content:flex-end;padding:12px 16px";
      for (const button of bar?.querySelectorAll("button") ?? []) {
        footer.append(this.makeButton(button.textContent, () => button.click()));
      }
      this.dialog.append(footer);
      this.dialog.addEventListener("close", () => this.hide());
      document.body.append(this.dialog);
      this.dialog.showModal();
      this.dispatchEvent(new Event("show"));
    }
    body() {
      if (this.src) {
        const frame = document.createElement("iframe");
        frame.src = this.src;
        frame.style.cssText = "border:0;width:600px;height:400px";
        return frame;
      }
      const { content } = this;
      const declared = [...this.children].filter((child) => !child.tagName.startsWith("UI-"));
      if (!content.childNodes.length) content.append(...declared.map((child) => child.cloneNode(true)));
      return content;
    }
    makeButton(label, run, name) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      if (name) button.setAttribute("aria-label", name);
      button.addEventListener("click", run);
      return button;
    }
    async hide() {
      const { dialog } = this;
      if (!dialog) return;
      this.dialog = null;
      dialog.remove();
      this.dispatchEvent(new Event("hide"));
    }
    async toggle() {
      return this.dialog ? this.hide() : this.show();
    }
    disconnectedCallback() {
      this.hide();
    }
  }

  const tags = {
    "ui-nav-menu": NavMenu,
    "s-app-nav": class extends NavMenu {},
    "ui-title-bar": TitleBar,
    "ui-save-bar": SaveBar,
    "ui-modal": Modal,
    "s-app-window": class extends Modal {},
  };
  for (const [name, element] of Object.entries(tags)) customElements.get(name) ?? customElements.define(name, element);

  return { isSaveBarOpen: () => openBar !== null };
};
