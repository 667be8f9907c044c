import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";

/** The version of the Admin API that is simulated; every other one is a 404. */
export const API_VERSION = "2026-10";

/** What a type or a field demands, in Shopify's words and as the scopes of which one is enough. */
export interface RequiredAccess {
  words: string;
  anyOf: string[];
}

interface AdminSchema {
  schema: GraphQLSchema;
  /** @param field absent for what the type itself demands. */
  accessOf(type: string, field?: string): RequiredAccess | undefined;
}

interface SchemaFile {
  data: IntrospectionQuery;
  offline_scopes: {
    items: { typeName: string; fieldName?: string; requiredAccess: string; offlineScopes: string[] }[];
  };
}

let loaded: AdminSchema | undefined;

/** Shopify's real Admin schema with the scopes each part requires (0.3 s, then cached). Source: tools/shopify-schema. */
export function loadAdminSchema(): AdminSchema {
  if (loaded) return loaded;
  const packed = readFileSync(new URL(`../../../tools/shopify-schema/admin_${API_VERSION}.json.gz`, import.meta.url));
  const file = JSON.parse(gunzipSync(packed).toString("utf8")) as SchemaFile;
  const access = new Map<string, RequiredAccess>();
  for (const { typeName, fieldName, requiredAccess, offlineScopes } of file.offline_scopes.items) {
    if (offlineScopes.length === 0) continue;
    const key = fieldName ? `${typeName}.${fieldName}` : typeName;
    access.set(key, { words: requiredAccess, anyOf: offlineScopes });
  }
  loaded = {
    schema: buildClientSchema(file.data, { assumeValid: true }),
    accessOf: (type, field) => access.get(field ? `${type}.${field}` : type),
  };
  return loaded;
}
