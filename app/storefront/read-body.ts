/** What came with a request: JSON from a script, or a form from a browser that runs none. */
export type Body = { readonly kind: "json" | "form"; readonly value: unknown };

/**
 * Reads what came with a request; null where it is neither, or no JSON. A form of another site can send forms but no JSON,
 * so whoever acts for the customer who is signed in takes JSON only.
 */
export async function readBody(request: Request): Promise<Body | null> {
  switch (request.headers.get("Content-Type")?.split(";")[0]?.trim()) {
    case "application/json": {
      const value: unknown = await request.json().catch(() => undefined);
      return value === undefined ? null : { kind: "json", value };
    }
    case "application/x-www-form-urlencoded":
      return { kind: "form", value: Object.fromEntries(new URLSearchParams(await request.text())) };
    default:
      return null;
  }
}
