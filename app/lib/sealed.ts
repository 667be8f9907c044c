import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";

/** The keys that open what was sealed; the first one seals. */
export type Keyring = { readonly sealing: string; readonly keys: ReadonlyMap<string, KeyObject> };

/** A sealed text that cannot be opened: damaged, altered, sealed for another purpose or with a key we do not have. */
export class SealError extends Error {
  override readonly name = "SealError";
}

/**
 * Reads a keyring as the environment gives it: `id:base64(32 bytes)`, newest first, separated by commas. To rotate, put
 * a new key in front and keep the old one until nothing needs it (`needsReseal`).
 * @throws RangeError naming the entry that is wrong, never its key
 */
export function keyringOf(text: string): Keyring {
  const keys = new Map<string, KeyObject>();
  for (const [index, entry] of text.split(",").entries()) {
    const match = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/.exec(entry.trim());
    const [, id, key] = match ?? [];
    if (!id || !key) throw new RangeError(`key ${index + 1} is not id:base64 of 32 bytes`);
    if (keys.has(id)) throw new RangeError(`two keys are called ${id}`);
    keys.set(id, createSecretKey(key, "base64"));
  }
  const [sealing] = keys.keys();
  if (!sealing) throw new RangeError("no key");
  return { sealing, keys };
}

/** A new random keyring with one key, in the form that `keyringOf` reads. */
export function newKeyringText(id: string): string {
  return `${id}:${randomBytes(32).toString("base64")}`;
}

/**
 * Encrypts with AES-256-GCM and a fresh 96-bit nonce (NIST SP 800-38D §8.2.2).
 * @param aad what the text is for ("connection con_… credentials"): it opens for the same purpose only, so that one
 *   row's ciphertext is of no use in another row
 * @returns `v1.<key id>.<nonce>.<tag>.<data>`, the last three in base64url
 */
export function seal(ring: Keyring, plaintext: string, aad: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyCalled(ring, ring.sealing), nonce).setAAD(Buffer.from(aad));
  const data = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  const parts = [nonce, cipher.getAuthTag(), data].map((part) => part.toString("base64url"));
  return ["v1", ring.sealing, ...parts].join(".");
}

/** @throws SealError when it was altered, is for another purpose, or needs a key that the ring lacks */
export function unseal(ring: Keyring, sealed: string, aad: string): string {
  const [version, keyId, nonce, tag, data] = sealed.split(".");
  if (version !== "v1" || !keyId || !nonce || !tag || data === undefined) throw new SealError("not a sealed text");
  const key = keyCalled(ring, keyId);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"), { authTagLength: 16 })
      .setAAD(Buffer.from(aad))
      .setAuthTag(Buffer.from(tag, "base64url"));
    return decipher.update(data, "base64url", "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw new SealError(`does not open with key ${keyId} for "${aad}"`, { cause });
  }
}

/** Whether it was sealed with a key other than the newest. */
export function needsReseal(ring: Keyring, sealed: string): boolean {
  return sealed.split(".")[1] !== ring.sealing;
}

function keyCalled(ring: Keyring, id: string): KeyObject {
  const key = ring.keys.get(id);
  if (!key) throw new SealError(`no key ${id} in ENCRYPTION_KEYS`);
  return key;
}
