import { globSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import admin from "#app/locales/en/admin.json";

/** Attributes that people read or hear. */
const SPOKEN = /^(title|text|label|help|alt|placeholder|heading|aria-label|.*Label)$/;
const PLURAL = /_(zero|one|two|few|many|other)$/;

const keys = keysOf(admin);
const families = new Set(keys.map((key) => key.replace(PLURAL, "")));
const sources = globSync("app/**/*.{ts,tsx}")
  .filter((file) => !file.includes(".test."))
  .map((file) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
const nodes = sources.flatMap((source) => [...walk(source)]);

describe("the texts of the merchant's pages", () => {
  it("are all used", () => {
    const literals = new Set(nodes.filter(ts.isStringLiteralLike).map(({ text }) => text));
    const patterns = nodes.filter(ts.isTemplateExpression).flatMap(patternOf);
    const used = (family: string) => literals.has(family) || patterns.some((pattern) => pattern.test(family));
    expect([...families].filter((family) => !used(family))).toEqual([]);
  });

  it("are all there", () => {
    const asked = nodes.filter(isTextCall).map(({ arguments: [key] }) => key);
    const missing = asked.filter((key) => {
      if (key && ts.isStringLiteralLike(key)) return !families.has(key.text);
      if (!key || !ts.isTemplateExpression(key)) return false;
      return !patternOf(key).some((pattern) => [...families].some((family) => pattern.test(family)));
    });
    expect(missing.map((key) => key?.getText())).toEqual([]);
  });

  it("are nowhere written into a page", () => {
    const written = nodes.filter(
      (node) =>
        (ts.isJsxText(node) && /\p{L}/u.test(node.text)) ||
        (ts.isJsxAttribute(node) &&
          SPOKEN.test(node.name.getText()) &&
          node.initializer !== undefined &&
          ts.isStringLiteral(node.initializer)),
    );
    expect(written.map((node) => `${node.getSourceFile().fileName}: ${node.getText()}`)).toEqual([]);
  });
});

function keysOf(texts: object, path = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? keysOf(value, `${path}${key}.`) : [path + key],
  );
}

function* walk(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* walk(child);
}

/** A template that begins with a group of our texts, as a pattern of keys. */
function patternOf({ head, templateSpans }: ts.TemplateExpression): RegExp[] {
  const [group = ""] = head.text.split(".");
  if (!head.text.includes(".") || !Object.hasOwn(admin, group)) return [];
  const parts = [head.text, ...templateSpans.map(({ literal }) => literal.text)];
  return [new RegExp(`^${parts.map((part) => part.replaceAll(".", "\\.")).join("[^.]+")}$`)];
}

function isTextCall(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false;
  const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  return name.getText() === "t";
}
