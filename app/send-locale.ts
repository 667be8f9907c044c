/**
 * From here on, requests to the app say the locale of the document that they come from: Shopify names the person's in the
 * address of the frame and nowhere else, and a frame of another site need have neither cookies nor storage to keep it in.
 */
export function sendLocale(): void {
  const locale = new URLSearchParams(location.search).get("locale");
  if (!locale) return;
  // App Bridge's own, which signs what goes to the app.
  const { fetch } = window;
  window.fetch = (resource, init = {}) => {
    const url = new URL(resource instanceof Request ? resource.url : resource, location.href);
    if (url.origin !== location.origin) return fetch(resource, init);
    const headers = new Headers(init.headers ?? (resource instanceof Request ? resource.headers : {}));
    headers.set("Accept-Language", locale);
    return fetch(resource, { ...init, headers });
  };
}
