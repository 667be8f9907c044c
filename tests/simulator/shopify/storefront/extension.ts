import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { parse } from "smol-toml";

/** A block's `{% schema %}`, as far as rendering needs it. */
interface BlockSchema {
  name: string;
  target: "section" | "body" | "head" | "compliance_head";
  stylesheet?: string;
  javascript?: string;
  settings?: { id?: string; type: string; default?: unknown }[];
}

export interface Block {
  name: string;
  source: string;
  schema: BlockSchema;
}

/** A theme app extension as it lies in its folder; read again for every page, so that edits show at once. */
export interface Extension {
  handle: string;
  folder: string;
  blocks: Block[];
  /** Locales with a translation, the default one first. */
  locales: string[];
  translations(locale: string): Record<string, unknown>;
}

const TYPES: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

/** Shopify puts assets under a random id per version; the storefront only needs some stable one. */
const VERSION_ID = "0199c0de-0000-7000-8000-000000000000";

const readJson = (file: string): Record<string, unknown> => JSON.parse(readFileSync(file, "utf8"));

/** Null where there is no such folder: the storefront then has no blocks. */
export function readExtension(folder: string): Extension | null {
  const toml = join(folder, "shopify.extension.toml");
  if (!existsSync(toml)) return null;
  const parsed = parse(readFileSync(toml, "utf8"));
  const blocks = readdirSync(join(folder, "blocks"))
    .filter((file) => file.endsWith(".liquid"))
    .map((file) => readBlock(join(folder, "blocks", file)));
  const localeFolder = join(folder, "locales");
  const files = existsSync(localeFolder)
    ? readdirSync(localeFolder).filter((f) => /^[\w-]+(\.default)?\.json$/.test(f))
    : [];
  const defaultFile = files.find((file) => file.endsWith(".default.json"));
  const localeOf = (file: string) => file.replace(/(\.default)?\.json$/, "");
  const locales = [defaultFile, ...files.filter((file) => file !== defaultFile)]
    .filter((f) => f !== undefined)
    .map(localeOf);
  return {
    handle: typeof parsed.handle === "string" ? parsed.handle : basename(folder),
    folder,
    blocks,
    locales,
    translations(locale) {
      const file = files.find((candidate) => localeOf(candidate) === locale) ?? defaultFile;
      return file ? readJson(join(localeFolder, file)) : {};
    },
  };
}

function readBlock(file: string): Block {
  const source = readFileSync(file, "utf8");
  const schema = source.match(/{%-?\s*schema\s*-?%}([\s\S]*?){%-?\s*endschema/)?.[1];
  if (!schema) throw new Error(`${file} has no {% schema %}`);
  return { name: basename(file, ".liquid"), source, schema: JSON.parse(schema) as BlockSchema };
}

/** Path of an asset below the CDN. */
export function assetPath(extension: Extension, file: string): string {
  return `/extensions/${VERSION_ID}/${extension.handle}/assets/${file}`;
}

export function extensionAsset(folder: string, pathname: string): { body: Buffer; type: string } | null {
  const name = pathname.match(/^\/extensions\/[^/]+\/[^/]+\/assets\/([\w.-]+)$/)?.[1];
  const file = name && join(folder, "assets", name);
  if (!file || !existsSync(file) || !statSync(file).isFile()) return null;
  return { body: readFileSync(file), type: TYPES[extname(file)] ?? "application/octet-stream" };
}
