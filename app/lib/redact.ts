/** Fields that say who somebody is, or that open something; whatever they hold, at any depth, is not for a log. */
const PRIVATE =
  /^(authorization|cookie|set-?cookie|.*(token|secret|password|credentials?|hmac|signature|api-?key|private-?key|encryption-?keys?).*|keyring|e-?mail.*|.*email(address)?|.*phone.*|(first|last|full|customer|referrer|recipient|account)-?name|address\d?|body|payload|request|response|properties|facts|detail|parameters|where|client)$/i;

const ADDRESS = /[^\s@/"'<>()=:,]+(?:@|%40)[^\s@/"'<>()=,]+\.[^\s@/"'<>()=:,.&]+/g;
const SIGNED = /\b(id_token|hmac|signature|access_token|refresh_token|logged_in_customer_id)=[^&\s"']+/g;
/** The token of a verification link, in its path: whoever has it can prove that the address is theirs. */
const PROOF = /(\/verify\/)[^\s/?#"'\\]+/g;
/** What Prisma prints of a query that it found invalid, in a text or in a line of JSON. */
const QUERY = /( invocation:(?:\n|\\n)+)\{.*?(?:\n|\\n)\}(?=\n|\\n)/gs;
const DEEPEST = 6;

/** A copy that can be logged: private fields become "[redacted]". */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (depth === DEEPEST) return "[deeper]";
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      PRIVATE.test(name) && field !== null && field !== undefined ? "[redacted]" : redact(field, depth + 1),
    ]),
  );
}

/** The same text without e-mail addresses, the values of signed parameters, tokens of links and the arguments of a query. */
export function scrub(text: string): string {
  return text
    .replace(QUERY, "$1{…}")
    .replace(ADDRESS, "[email]")
    .replace(SIGNED, "$1=[redacted]")
    .replace(PROOF, "$1[redacted]");
}
