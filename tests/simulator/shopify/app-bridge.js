/*
 * Stand-in for https://cdn.shopify.com/shopifycloud/app-bridge.js, written from the public types and documentation
 * (@shopify/app-bridge-types 0.7, https://shopify.dev/docs/api/app-home). It runs inside the framed app and talks to
 * admin-host.js in the page around it. Served together with app-bridge-elements.js as one classic script.
 */
(() => {
  if (window.shopify?.simulated) return;
  const script = document.currentScript;
  const here = new URL(location.href);
  // Real host names: the admin is admin.shopify.com. A person's own browser: whoever served this file.
  const scriptOrigin = new URL(script?.src ?? "https://cdn.shopify.com/").origin;
  const ADMIN = scriptOrigin === "https://cdn.shopify.com" ? "https://admin.shopify.com" : scriptOrigin;
  const embedded = window.top !== window;

  // Third-party storage may throw (blocked cookies, private windows): a convenience, never relied on.
  function remembered() {
    try {
      return JSON.parse(sessionStorage.getItem("simulated-app-bridge") ?? "{}");
    } catch (error) {
      return { unavailable: String(error) };
    }
  }
  function remember(config) {
    try {
      sessionStorage.setItem("simulated-app-bridge", JSON.stringify(config));
    } catch (error) {
      return String(error);
    }
  }
  const before = remembered();
  const config = {
    apiKey: script?.dataset.apiKey || document.querySelector("meta[name=shopify-api-key]")?.content || before.apiKey,
    shop: here.searchParams.get("shop") || before.shop,
    host: here.searchParams.get("host") || before.host,
    locale: here.searchParams.get("locale") || before.locale || "en-US",
    appOrigins: [],
    disabledFeatures: [],
    experimentalFeatures: [],
    debug: {},
  };
  remember(config);

  // Opened outside the admin: go back into it.
  if (!embedded && config.host) {
    const store = atob(config.host).replace(/^admin\.shopify\.com/, "");
    location.replace(`${ADMIN}${store}/apps/${config.apiKey}${here.pathname}`);
  }

  // ---- Calls to the admin around us, and its events
  let sequence = 0;
  const waiting = new Map();
  const listeners = {};
  const tell = (method, args) => parent.postMessage({ simulatedAdmin: 1, method, args }, ADMIN);
  const ask = (method, args) =>
    new Promise((resolve, reject) => {
      const id = ++sequence;
      waiting.set(id, { resolve, reject });
      parent.postMessage({ simulatedAdmin: 1, id, method, args }, ADMIN);
    });
  addEventListener("message", ({ origin, data }) => {
    if (origin !== ADMIN || !data?.simulatedAdmin) return;
    if (!data.reply) return listeners[data.event]?.(data.data);
    const call = waiting.get(data.reply);
    waiting.delete(data.reply);
    if (data.error) call?.reject(new Error(data.error));
    else call?.resolve(data.result);
  });

  // ---- Session token, kept until shortly before it expires
  let token;
  let tokenExpiresAt = 0;
  async function idToken(fresh) {
    if (fresh || !token || Date.now() > tokenExpiresAt - 5000) {
      token = await ask("idToken");
      const claims = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
      tokenExpiresAt = JSON.parse(atob(claims)).exp * 1000;
    }
    return token;
  }

  // ---- fetch: signs the app's own requests, retries once when asked to, leaves the frame to re-authorise
  const plainFetch = window.fetch.bind(window);
  window.fetch = async function fetch(input, init) {
    const request = new Request(input, init);
    const isOwn = new URL(request.url).origin === location.origin;
    if (!isOwn || request.headers.has("authorization")) return plainFetch(input, init);
    const send = async (fresh) => {
      const signed = new Request(request.clone());
      signed.headers.set("Authorization", `Bearer ${await idToken(fresh)}`);
      if (!signed.headers.has("X-Requested-With")) signed.headers.set("X-Requested-With", "XMLHttpRequest");
      return plainFetch(signed);
    };
    let response = await send(false);
    if (response.status === 401 && response.headers.get("X-Shopify-Retry-Invalid-Session-Request")) {
      response = await send(true);
    }
    const reauthorize = response.headers.get("X-Shopify-API-Request-Failure-Reauthorize-Url");
    if (!reauthorize) return response;
    tell("navigate", { url: new URL(reauthorize, location.origin).href });
    return new Promise(() => {});
  };

  // ---- Links that leave the frame
  const plainOpen = window.open.bind(window);
  const leavesFrame = (url, target) => /^shopify:/i.test(url) || (embedded && ["_top", "_parent"].includes(target));
  window.open = (url, target, features) => {
    if (!url || !leavesFrame(String(url), target)) return plainOpen(url, target, features);
    tell("navigate", { url: /^shopify:/i.test(url) ? String(url) : new URL(url, location.href).href, target });
    return null;
  };
  addEventListener(
    "click",
    (event) => {
      const link = event.composedPath().find((node) => node.tagName === "A");
      const href = link?.getAttribute("href");
      if (!href || !leavesFrame(href, link.target)) return;
      event.preventDefault();
      window.open(href, link.target || "_top");
    },
    true,
  );

  // ---- The admin's address bar follows the frame
  const ADDED = ["embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp", "shopify-reload"];
  function reportLocation() {
    const url = new URL(location.href);
    for (const name of ADDED) url.searchParams.delete(name);
    tell("location", url.pathname + url.search);
  }
  for (const method of ["pushState", "replaceState"]) {
    const plain = history[method].bind(history);
    history[method] = (...args) => {
      plain(...args);
      reportLocation();
    };
  }
  addEventListener("popstate", reportLocation);

  const elements = window.defineSimulatedElements({ tell, listeners, reportLocation });

  // ---- window.shopify
  const byId = (id) => {
    const element = document.getElementById(id);
    if (!element) throw new Error(`There is no element with the id ${id}`);
    return element;
  };
  const switches = {
    show: async (id) => byId(id).show(),
    hide: async (id) => byId(id).hide(),
    toggle: async (id) => byId(id).toggle(),
  };
  const scopes = () => ask("scopes");
  let toasts = 0;
  window.shopify = {
    simulated: true,
    config,
    origin: ADMIN,
    ready: Promise.resolve(),
    environment: { mobile: false, embedded, pos: false, intent: false },
    idToken: () => idToken(false),
    user: () => ask("user"),
    loading: (isLoading) => tell("loading", isLoading !== false),
    toast: {
      show(message, options = {}) {
        const id = `toast-${++toasts}`;
        tell("toast", { id, message, isError: options.isError ?? false, duration: options.duration ?? 5000 });
        return id;
      },
      hide: (id) => tell("toastHide", id),
    },
    modal: switches,
    saveBar: {
      ...switches,
      // Resolves when there is nothing unsaved or the merchant agrees to lose it; otherwise it stays pending.
      async leaveConfirmation() {
        if (elements.isSaveBarOpen() && !(await ask("confirmLeave"))) return new Promise(() => {});
      },
    },
    resourcePicker: async (options) => {
      const chosen = await ask("resourcePicker", options);
      if (!chosen) return undefined;
      chosen.selection = chosen;
      return chosen;
    },
    scopes: {
      query: scopes,
      request: async () => ({ result: "granted-all", detail: await scopes() }),
      revoke: async () => ({ detail: await scopes() }),
    },
    app: { extensions: async () => [] },
    reviews: { request: async () => ({ success: false, code: "cooldown-period", message: "simulated" }) },
    support: { registerHandler: async () => {} },
    webVitals: { onReport: async () => {} },
    intents: { register: () => () => {}, invoke: async () => ({}) },
  };

  // ---- The bounce page: load the wanted page again, with a token this time
  const wanted = here.searchParams.get("shopify-reload");
  if (wanted && embedded) {
    const target = new URL(wanted, location.origin);
    idToken(true).then((fresh) => {
      target.searchParams.set("id_token", fresh);
      location.replace(target.pathname + target.search);
    });
  } else if (embedded) reportLocation();
})();
