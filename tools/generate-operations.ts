import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "@graphql-codegen/cli";
import { readAdminSchema } from "./admin-schema.ts";

/**
 * Checks every `app/shopify/admin/*.graphql` against Shopify's real schema and writes their types and documents.
 *
 *   node tools/generate-operations.ts            writes app/shopify/admin/operations.generated.ts
 *   node tools/generate-operations.ts --check    fails when that file is not what would be written
 */
const TARGET = "app/shopify/admin/operations.generated.ts";

const content = await generateOperations();
if (!process.argv.includes("--check")) {
  writeFileSync(TARGET, content);
} else if (readFileSync(TARGET, "utf8") !== content) {
  console.error(`${TARGET} is stale: run node tools/generate-operations.ts`);
  process.exitCode = 1;
}

async function generateOperations(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "admin-schema-"));
  const schema = join(folder, "schema.json");
  try {
    writeFileSync(schema, JSON.stringify(readAdminSchema().introspection));
    const [output] = await generate(
      {
        schema,
        documents: "app/shopify/admin/*.graphql",
        silent: true,
        generates: {
          [TARGET]: {
            plugins: ["typescript-operations", "typed-document-node"],
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
          },
        },
      },
      false,
    );
    if (!output) throw new Error("codegen wrote nothing");
    return output.content;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
