import { randomUUID } from "node:crypto";
import type { Incoming } from "../../http.ts";
import type { Shop } from "../state.ts";

interface CartLine {
  variantId: number;
  quantity: number;
}

/** What the storefront remembers of one browser. */
export interface Visit {
  id: string;
  cartToken: string;
  lines: CartLine[];
  attributes: Record<string, string>;
  note: string;
  customerId: number | null;
  discountCode: string | null;
  /** Path and query of the first page, and where the buyer came from. */
  landingSite: string | null;
  referringSite: string | null;
}

export type Visits = Map<string, Visit>;

/** Cookies of localhost are shared by all its ports: the name carries the shop. */
const cookieName = (shop: Shop) => `simulated_visit_${shop.handle}`;

export function findVisit(visits: Visits, shop: Shop, request: Incoming): Visit {
  const id = request.headers.cookie
    ?.split("; ")
    .find((part) => part.startsWith(`${cookieName(shop)}=`))
    ?.slice(cookieName(shop).length + 1);
  const known = id === undefined ? undefined : visits.get(id);
  if (known) return known;
  const fresh: Visit = {
    id: randomUUID(),
    cartToken: randomUUID().replaceAll("-", ""),
    lines: [],
    attributes: {},
    note: "",
    customerId: null,
    discountCode: null,
    landingSite: null,
    referringSite: null,
  };
  visits.set(fresh.id, fresh);
  if (visits.size > 5000) visits.delete(visits.keys().next().value ?? "");
  return fresh;
}

export function visitCookie(shop: Shop, visit: Visit): string {
  return `${cookieName(shop)}=${visit.id}; Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600`;
}

/** Kept once, from the first page that is shown (redirects such as /discount/… are not pages). */
export function rememberLanding(visit: Visit, request: Incoming): void {
  if (visit.landingSite !== null) return;
  visit.landingSite = request.url.pathname + request.url.search;
  const { referer } = request.headers;
  const isOutside = referer && URL.canParse(referer) && new URL(referer).host !== request.url.host;
  visit.referringSite = isOutside ? referer : "";
}

export function emptyCart(visit: Visit): void {
  visit.lines = [];
  visit.attributes = {};
  visit.note = "";
  visit.discountCode = null;
  visit.cartToken = randomUUID().replaceAll("-", "");
}
