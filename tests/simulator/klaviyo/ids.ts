import { randomBytes, randomUUID } from "node:crypto";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function draw(alphabet: string, length: number): string {
  let text = "";
  for (const byte of randomBytes(length)) text += alphabet.charAt(byte % alphabet.length);
  return text;
}

/** A profile or job id: a ULID such as Klaviyo's `01GDDKASAP8TKDDA2GRZDSVP4H`, sortable by `at`. */
export function ulid(at: Date): string {
  let time = "";
  for (let rest = at.getTime(), digit = 0; digit < 10; digit++, rest = Math.floor(rest / 32)) {
    time = CROCKFORD.charAt(rest % 32) + time;
  }
  return time + draw(CROCKFORD, 16);
}

/** A list, metric or account id and a public key: six characters such as `Y6nRLr`. */
export function shortId(): string {
  return draw(ALPHANUMERIC, 6);
}

/** A private key: `pk_` and 34 characters. */
export function privateKey(): string {
  return `pk_${randomBytes(17).toString("hex")}`;
}

export { randomUUID as uuid };
