import { randomBytes } from "node:crypto";

/** 128 random bits in base64url, as `nonceShape` wants them. */
export function newNonce(): string {
  return randomBytes(16).toString("base64url");
}
