import { globSync, readFileSync } from "node:fs";
import {
  buildClientSchema,
  type DefinitionNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  getNamedType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { parse as parseToml } from "smol-toml";
import { expect, test } from "vitest";
import { z } from "zod";
import { readAdminSchema } from "#tools/admin-schema.ts";
import { API_VERSION } from "./client.ts";

const { introspection, scopes: rules } = readAdminSchema();
const schema = buildClientSchema(introspection);
const toml = z
  .object({ access_scopes: z.object({ scopes: z.string() }), webhooks: z.object({ api_version: z.string() }) })
  .parse(parseToml(readFileSync("shopify.app.toml", "utf8")));
const granted = grantedBy(toml.access_scopes.scopes.split(","));
const files = globSync("app/shopify/admin/*.graphql").sort();
const fragments = files.flatMap((file) => parse(readFileSync(file, "utf8")).definitions.filter(isFragment));

/** `write_x` grants `read_x`: https://shopify.dev/docs/api/usage/access-scopes */
function grantedBy(scopes: string[]): Set<string> {
  return new Set(scopes.flatMap((scope) => [scope, scope.replace(/^write_/, "read_")]));
}

function isFragment(definition: DefinitionNode): definition is FragmentDefinitionNode {
  return definition.kind === "FragmentDefinition";
}

/** Types and fields of an operation for which the app has none of the scopes that they ask for. */
function forbidden(source: string): string[] {
  const typeInfo = new TypeInfo(schema);
  const found: string[] = [];
  const demand = (typeName: string, fieldName: string | null) => {
    const rule = rules.find((candidate) => candidate.typeName === typeName && candidate.fieldName === fieldName);
    if (rule && !rule.anyOf.some((scope) => granted.has(scope)))
      found.push(fieldName ? `${typeName}.${fieldName}` : typeName);
  };
  visit(
    parse(source),
    visitWithTypeInfo(typeInfo, {
      Field: ({ name }) => {
        const parent = typeInfo.getParentType();
        if (parent) demand(parent.name, name.value);
        const type: GraphQLOutputType | null | undefined = typeInfo.getType();
        if (type) demand(getNamedType(type).name, null);
      },
    }),
  );
  return found;
}

test("there are operations to check", () => expect(files.length).toBeGreaterThan(5));

test.each(files)("%s is valid in Shopify's schema and needs no scope that the app lacks", (file) => {
  const source = readFileSync(file, "utf8");
  const document = parse(source);
  const own = new Set(document.definitions.filter(isFragment).map(({ name }) => name.value));
  const others = fragments.filter(({ name }) => !own.has(name.value));
  const complete = { ...document, definitions: [...document.definitions, ...others] };
  const used = validate(schema, complete).filter(({ message }) => !message.includes("is never used"));
  expect(used).toEqual([]);
  expect(forbidden(source)).toEqual([]);
});

test("a field that needs another scope is found", () => {
  expect(forbidden("{ customer(id: 1) { unsubscribeUrl } }")).toEqual(["Customer.unsubscribeUrl"]);
});

test("webhooks and calls speak the same version", () => expect(API_VERSION).toBe(toml.webhooks.api_version));
