import { randomInt } from "node:crypto";

/** No 0/O, 1/I/L, U: what people read aloud and type from paper. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

/** `length` characters from an unambiguous alphabet, drawn from a CSPRNG. */
function randomCode(length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join("");
}

/** A coupon's code: `THANKS-7QKX2MHRWD`; about 49 bits after the prefix, not guessable. */
export function couponCode(prefix: string): string {
  return prefix ? `${prefix}-${randomCode(10)}` : randomCode(10);
}

/** A referrer's code, which they say and share: `OCEAN7QKX2`; of their name only letters A–Z survive. */
export function referrerCode(firstName: string | null): string {
  const name = (firstName ?? "")
    .normalize("NFKD")
    .replace(/[^A-Za-z]/g, "")
    .toUpperCase()
    .slice(0, 10);
  return name + randomCode(name ? 5 : 8);
}
