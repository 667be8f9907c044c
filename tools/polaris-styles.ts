import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import postcss from "postcss";
import type { Plugin } from "vite";

const ESM = path.resolve("node_modules/@shopify/polaris/build/esm");
const STYLES = path.join(ESM, "styles.css");
const UI = path.resolve("app/ui");

/**
 * Serves Polaris' style sheet without the rules of components that app/ui does not use, two thirds of it: every page of
 * the merchant waits for it, and the browser reads and matches all of it.
 */
export function polarisStyles(): Plugin {
  return {
    name: "polaris-styles",
    enforce: "pre",
    load(id) {
      const [file, query = ""] = id.split("?");
      if (file !== STYLES || /(^|&)url(&|$)/.test(query)) return null;
      return withoutUnused(readFileSync(STYLES, "utf8"), usedClasses());
    },
  };
}

/** Leaves out selectors that need a class of Polaris which no element of the app can have. */
export function withoutUnused(css: string, used: ReadonlySet<string>): string {
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    const needed = rule.selectors.filter((selector) => classesIn(withoutNegations(selector)).every((c) => used.has(c)));
    if (needed.length === 0) rule.remove();
    else if (needed.length < rule.selectors.length) rule.selectors = needed;
  });
  root.walkAtRules((rule) => {
    if (rule.nodes?.length === 0) rule.remove();
  });
  return root.toString();
}

/** What stands in `:not()`, and alternatives in `:is()`, need not be there. */
function withoutNegations(selector: string): string {
  return selector.replaceAll(/:(?:not|is|where)\([^()]*\)/g, "");
}

function classesIn(text: string): string[] {
  return text.match(/Polaris-[\w-]+/g) ?? [];
}

/** The classes of the components that app/ui imports, and of those that they are made of. */
function usedClasses(): Set<string> {
  const exported = exportsOf(readFileSync(path.join(ESM, "index.js"), "utf8"));
  const waiting = readdirSync(UI)
    .filter((file) => file.endsWith(".tsx"))
    .flatMap((file) => polarisNamesIn(readFileSync(path.join(UI, file), "utf8")))
    .map((name) => exported.get(name) ?? fail(`Polaris exports no ${name}`));
  const seen = new Set<string>();
  const used = new Set<string>();
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const code = readFileSync(file, "utf8");
    if (file.endsWith(".css.js")) for (const name of classesIn(code)) used.add(name);
    for (const [, from = ""] of code.matchAll(/from '(\.[^']+)'/g))
      waiting.push(path.resolve(path.dirname(file), from));
  }
  return used;
}

function exportsOf(index: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const [, names = "", from = ""] of index.matchAll(/export \{([^}]*)\} from '([^']+)'/g)) {
    for (const name of names.split(",")) files.set(name.trim().split(" as ").at(-1) ?? "", path.join(ESM, from));
  }
  return files;
}

function polarisNamesIn(code: string): string[] {
  const imports = [...code.matchAll(/import \{([^}]*)\} from "@shopify\/polaris"/g)];
  return imports
    .flatMap(([, names = ""]) => names.split(","))
    .map((name) => name.trim().split(" as ")[0] ?? "")
    .filter((name) => name && !name.startsWith("type "));
}

function fail(message: string): never {
  throw new Error(message);
}
