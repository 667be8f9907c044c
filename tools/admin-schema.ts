import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { IntrospectionQuery } from "graphql";
import { z } from "zod";

/** Shopify's Admin schema of this version, from the package @shopify/dev-mcp (ISC): the introspection and the scopes. */
const FILE = new URL("./shopify-schema/admin_2026-10.json.gz", import.meta.url);

const introspected = z.object({ __schema: z.object({ types: z.array(z.unknown()) }) });

const schemaFile = z.object({
  data: z.custom<IntrospectionQuery>((data) => introspected.safeParse(data).success),
  offline_scopes: z.object({
    items: z.array(
      z.object({
        type: z.enum(["type", "field"]),
        typeName: z.string(),
        fieldName: z.string().optional(),
        offlineScopes: z.array(z.string()),
      }),
    ),
  }),
});

/** What an app token may need for a type or a field; any one of the scopes will do. */
export type ScopeRule = { readonly typeName: string; readonly fieldName: string | null; readonly anyOf: string[] };

/** The introspection result (for graphql's `buildClientSchema`) and the scopes by type and field. */
export function readAdminSchema(): { introspection: IntrospectionQuery; scopes: ScopeRule[] } {
  const { data, offline_scopes } = schemaFile.parse(JSON.parse(gunzipSync(readFileSync(FILE)).toString("utf8")));
  const scopes = offline_scopes.items
    .filter(({ offlineScopes }) => offlineScopes.length > 0)
    .map(({ typeName, fieldName, offlineScopes }) => ({
      typeName,
      fieldName: fieldName ?? null,
      anyOf: offlineScopes,
    }));
  return { introspection: data, scopes };
}
