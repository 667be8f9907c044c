import { redirect } from "@remix-run/node";

/** What Shopify's admin says in the address of the frame, but for its session token, which is fetched anew. */
const SAID = ["shop", "host", "embedded", "locale"];

/**
 * A link that is followed before the app's script runs, as on a slow line, loads a document of our own without what Shopify
 * said in the address, and without that nobody can be signed in. The page that it was followed from still has it.
 * Nobody is believed for it: it says where a session token is to be fetched, as it does in every address.
 * @throws Response that leads to the same page with the whole address
 */
export function keepAddress(request: Request): void {
  const asked = new URL(request.url);
  const from = request.headers.get("referer");
  if (!from || request.headers.has("authorization") || asked.searchParams.has("shop")) return;
  const said = URL.canParse(from) ? new URL(from).searchParams : null;
  if (!said?.has("shop") || !said.has("host")) return;
  for (const name of SAID) {
    const value = said.get(name);
    if (value !== null) asked.searchParams.set(name, value);
  }
  throw redirect(`${asked.pathname}${asked.search}`);
}
