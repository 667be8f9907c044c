/** An address as it identifies a person: trimmed and lower-cased. Null for what is no address. */
export function normalEmail(email: string | null | undefined): string | null {
  const address = email?.trim().toLowerCase() ?? "";
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) ? address : null;
}

/**
 * A key that all spellings of one mailbox share: Gmail ignores dots and what follows a plus, googlemail.com is gmail.com.
 * For suspicion only, never for identity: elsewhere `a.b@` and `ab@` are two people.
 * @param email as normalEmail() gives it
 */
export function emailFraudKey(email: string): string {
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1) === "googlemail.com" ? "gmail.com" : email.slice(at + 1);
  const mailbox = email.slice(0, at).split("+", 1)[0] ?? "";
  return `${domain === "gmail.com" ? mailbox.replaceAll(".", "") : mailbox}@${domain}`;
}
