import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { buildClientSchema, Kind, parse } from "graphql";
import { readAdminSchema } from "./admin-schema.ts";

/**
 * Checks every `app/shopify/admin/*.graphql` against Shopify's real schema and writes their types and documents.
 *
 *   node tools/generate-operations.ts            writes app/shopify/admin/operations.generated.ts
 *   node tools/generate-operations.ts --check    fails when that file is not what would be written
 */
const FOLDER = "app/shopify/admin";
const TARGET = path.join(FOLDER, "operations.generated.ts");

const content = await generateOperations();
if (!process.argv.includes("--check")) {
  writeFileSync(TARGET, content);
} else if (readFileSync(TARGET, "utf8") !== content) {
  console.error(`${TARGET} is stale: run npm run generate`);
  process.exitCode = 1;
}

/** @throws Error that names what a document asks for and the schema does not have */
function generateOperations(): Promise<string> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".graphql"));
  return codegen({
    filename: TARGET,
    schema: { kind: Kind.DOCUMENT, definitions: [] }, // the plug-ins read the schema itself, below
    schemaAst: buildClientSchema(readAdminSchema().introspection),
    documents: files.sort().map((name) => {
      const location = path.join(FOLDER, name);
      return { location, document: parse(readFileSync(location, "utf8")) };
    }),
    plugins: [{ "typescript-operations": {} }, { "typed-document-node": {} }],
    pluginMap: { "typescript-operations": typescriptOperations, "typed-document-node": typedDocumentNode },
    config: {
      onlyOperationTypes: true,
      useTypeImports: true,
      enumsAsTypes: true,
      skipTypename: true,
      disableDescriptions: true,
      defaultScalarType: "unknown",
      // As they are on the wire; amounts are decimal strings, moments ISO 8601.
      scalars: {
        ID: "string",
        DateTime: "string",
        Decimal: "string",
        Money: "string",
        URL: "string",
        UnsignedInt64: "string",
      },
    },
  });
}
