import { createHash, randomBytes } from "node:crypto";

/** What an id is of; a log line explains itself. */
export type IdPrefix =
  | "shp" // shop
  | "whk" // webhook as received
  | "per" // person
  | "cns" // consent record
  | "prg" // program
  | "rfr" // referrer
  | "rfl" // referral
  | "trn" // transition of a referral
  | "dsc" // discount (one per set of terms)
  | "cpn" // coupon
  | "rwd" // reward
  | "evt" // outbox event
  | "con" // connection
  | "dlv" // delivery
  | "cal" // call to an ESP
  | "att"; // attempt

/** Crockford's alphabet in lower case: sorts like the bytes it stands for, and has no i, l, o, u. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A new id: prefix and UUIDv7 (RFC 9562 §5.7) in base32, so that ids made later sort later and indexes stay hot.
 * @param at the moment of the decision; its milliseconds lead the id
 */
export function newId(prefix: IdPrefix, at: Date): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return `${prefix}_${base32(bytes)}`;
}

/** An id that the same parts always give again: what was done once cannot be written twice. */
export function derivedId(prefix: IdPrefix, ...parts: string[]): string {
  const digest = createHash("sha256").update(parts.join("\u0000")).digest();
  return `${prefix}_${base32(digest.subarray(0, 16))}`;
}

function base32(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}
