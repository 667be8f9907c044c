/* The admin's side of App Bridge: answers what app-bridge.js asks for from inside the frame. */
(() => {
  const { handle, apiKey, appOrigin, scopes } = JSON.parse(document.getElementById("simulated-admin").textContent);
  const base = `/store/${handle}/apps/${apiKey}`;
  const find = (id) => document.getElementById(id);
  const frame = find("app-frame");
  const post = (message) => frame.contentWindow.postMessage({ simulatedAdmin: 1, ...message }, appOrigin);
  const getJson = async (path) => (await fetch(path)).json();

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  /** A question in the admin's own dialog; resolves with the value of the chosen button, null when closed. */
  function choose(title, body, buttons) {
    return new Promise((resolve) => {
      const dialog = find("dialog");
      const answer = (value) => {
        resolve(value);
        dialog.close();
      };
      const row = buttons.map(({ label, value, className = "" }) =>
        element("button", { type: "button", className, onclick: () => answer(value()) }, label),
      );
      dialog.replaceChildren(element("h2", {}, title), body, element("div", { className: "row" }, ...row));
      dialog.onclose = () => {
        dialog.replaceChildren();
        resolve(null);
      };
      dialog.showModal();
    });
  }

  async function confirmLeave() {
    const text = element("p", {}, "Leaving this page will delete all unsaved changes.");
    const leave = await choose("Leave page with unsaved changes?", text, [
      { label: "Stay", value: () => false },
      { label: "Leave page", value: () => true, className: "critical" },
    ]);
    return leave === true;
  }

  /** shopify://admin/x, shopify:admin/x, a path, or an address (of the real admin too). */
  function go(url, target) {
    const inAdmin = String(url).match(/^shopify:\/*admin\/?(.*)$/i);
    const to = inAdmin
      ? `/store/${handle}/${inAdmin[1]}`
      : String(url).replace(/^https:\/\/admin\.shopify\.com(?=\/)/, location.origin);
    if (target === "_blank") window.open(to);
    else location.assign(to);
  }

  async function pickProducts(options) {
    const products = await getJson(`/store/${handle}/app-api/products`);
    const type = options.multiple ? "checkbox" : "radio";
    const rows = products.map((product) => {
      const checked = options.selectionIds?.some(({ id }) => id === product.id) ?? false;
      return element(
        "label",
        {},
        element("input", { type, name: "product", value: product.id, checked }),
        product.title,
      );
    });
    const list = element("div", { className: "picker" }, ...rows);
    const chosen = () => [...list.querySelectorAll("input:checked")].map((input) => input.value);
    const ids = await choose("Select products", list, [
      { label: "Cancel", value: () => null },
      { label: "Select", value: chosen, className: "primary" },
    ]);
    return (
      ids && products.filter(({ id }) => ids.includes(id)).map((product) => ({ ...product, images: [], variants: [] }))
    );
  }

  const handlers = {
    idToken: async () => (await getJson(`/store/${handle}/app-api/id-token`)).idToken,
    user: async () => ({ accountAccess: "Administrator" }),
    scopes: async () => ({ granted: scopes, required: scopes, optional: [] }),
    confirmLeave,
    resourcePicker: pickProducts,
    loading(isLoading) {
      find("loading").hidden = !isLoading;
    },
    toast({ id, message, isError, duration }) {
      const toast = element("div", { className: isError ? "toast critical" : "toast" }, message);
      toast.dataset.id = id;
      find("toasts").append(toast);
      setTimeout(() => toast.remove(), duration);
    },
    toastHide: (id) => document.querySelector(`.toast[data-id="${id}"]`)?.remove(),
    navigate: ({ url, target }) => go(url, target),
    location(path) {
      history.replaceState(null, "", base + path);
      const current = path.split("?")[0];
      for (const link of find("app-nav").querySelectorAll("a")) {
        if (link.dataset.href === current) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    },
    nav(items) {
      const rows = items
        .filter(({ rel }) => rel !== "home")
        .map(({ index, label, href }) => {
          const link = element("a", { href: base + href }, label);
          link.dataset.href = href;
          link.onclick = async (event) => {
            event.preventDefault();
            if (!find("save-bar").hidden && !(await confirmLeave())) return;
            post({ event: "navClick", data: index });
          };
          return element("li", {}, link);
        });
      find("app-nav").replaceChildren(...rows);
    },
    titleBar({ title, buttons }) {
      const made = buttons.map(({ index, label, disabled, variant }) =>
        element(
          "button",
          {
            type: "button",
            disabled,
            className: variant ?? "",
            onclick: () => post({ event: "titleClick", data: index }),
          },
          label,
        ),
      );
      find("title-bar").replaceChildren(element("h1", {}, title), ...made);
      if (title) document.title = `${title} · Simulated Shopify admin`;
    },
    saveBar({ open, save, discard }) {
      find("save-bar").hidden = !open;
      if (!open) return;
      find("save-button").disabled = save.disabled || save.loading;
      find("discard-button").disabled = discard.disabled;
    },
  };

  find("save-button").onclick = () => post({ event: "saveBarClick", data: "save" });
  find("discard-button").onclick = () => post({ event: "saveBarClick", data: "discard" });
  addEventListener("message", async ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== appOrigin || !data?.simulatedAdmin) return;
    try {
      const result = await handlers[data.method]?.(data.args);
      if (data.id) post({ reply: data.id, result });
    } catch (error) {
      if (data.id) post({ reply: data.id, error: String(error) });
    }
  });
})();
