import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { themeCheckRun } from "@shopify/theme-check-node";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { inviteAnswer, nonceShape } from "#app/storefront/contract.ts";
import { readExtension } from "#tests/simulator/shopify/storefront/extension.ts";
import { createLiquid } from "#tests/simulator/shopify/storefront/liquid.ts";

const extension = path.resolve("extensions/passalong-theme");
const read = (file: string) => readFileSync(path.join(extension, file), "utf8");
const list = (folder: string) => readdirSync(path.join(extension, folder));

/** What the pages behind links bring with them (app/storefront/claim-page.ts). */
const CLAIM_SCRIPT = "../../app/storefront/claim-page.js";
const CLAIM_STYLE = "../../app/storefront/claim-page.css";

const languages = ["en.default", "de", "es", "fr", "ja"];
type Texts = Map<string, string>;

/** A locale file's texts by their dotted keys. */
function texts(file: string): Texts {
  const found: Texts = new Map();
  const collect = (value: unknown, key: string) => {
    if (typeof value === "string") found.set(key, value);
    else
      for (const [name, part] of Object.entries(z.record(z.string(), z.unknown()).parse(value)))
        collect(part, key ? `${key}.${name}` : name);
  };
  collect(JSON.parse(read(`locales/${file}.json`)), "");
  return found;
}

/** Everything in a text that Liquid fills in. */
const holes = (text: string) => [...text.matchAll(/\{\{ *(\w+) *\}\}/g)].map(([, name]) => name).sort();

const translated = z.string().regex(/^t:[a-z_.]+$/);
const id = z.string().regex(/^[a-z][a-z_]*$/);
/** The settings we use, as Shopify documents them; theme-check does not look at app blocks' settings. */
const setting = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), content: translated }),
  z.strictObject({
    type: z.literal(["text", "textarea"]),
    id,
    label: translated,
    info: translated.optional(),
    default: z.string().min(1).optional(),
  }),
  z.strictObject({
    type: z.literal("checkbox"),
    id,
    label: translated,
    info: translated.optional(),
    default: z.boolean(),
  }),
  z.strictObject({ type: z.literal("color"), id, label: translated, info: translated.optional() }),
  z
    .strictObject({
      type: z.literal("select"),
      id,
      label: translated,
      options: z.array(z.strictObject({ value: z.string().min(1), label: translated })).min(2),
      default: z.string(),
    })
    .refine(({ options, default: chosen }) => options.some(({ value }) => value === chosen)),
]);
/** https://shopify.dev/docs/apps/build/online-store/theme-app-extensions/configuration#schema */
const blockSchema = z.strictObject({
  name: translated,
  target: z.enum(["section", "head", "body", "compliance_head"]),
  stylesheet: z.string().optional(),
  javascript: z.string().optional(),
  settings: z.array(setting),
});
const MAX_NAME = 25;

const blocks = list("blocks").map((file) => {
  const liquid = read(`blocks/${file}`);
  const json = /\{% schema %\}([\s\S]*)\{% endschema %\}/.exec(liquid)?.[1] ?? "";
  return { file, liquid, schema: blockSchema.parse(JSON.parse(json)) };
});

describe("the theme extension", () => {
  it("has nothing that Shopify's theme-check objects to", async () => {
    const { offenses, config } = await themeCheckRun(extension);
    expect(config.context).toBe("app");
    expect(offenses.map(({ check, uri, message }) => `${path.basename(uri)} ${check}: ${message}`)).toEqual([]);
  }, 30_000);

  it.each(blocks)("$file names files that exist, and each setting once", ({ schema }) => {
    for (const asset of [schema.stylesheet, schema.javascript]) if (asset) expect(list("assets")).toContain(asset);
    const ids = schema.settings.flatMap((one) => ("id" in one ? [one.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(blocks)("$file uses every setting it offers, and no other", ({ liquid, schema }) => {
    const offered = schema.settings.flatMap((one) => ("id" in one ? [one.id] : []));
    const used = [...liquid.matchAll(/block\.settings\.(\w+)/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual([...offered].sort());
  });

  it.each(languages)("speaks %s to merchants, with block names that fit", (language) => {
    const words = texts(`${language}.schema`);
    const used = blocks.flatMap(({ liquid }) => [...liquid.matchAll(/"t:([a-z_.]+)"/g)].map(([, key]) => key ?? ""));
    expect([...words.keys()].sort()).toEqual([...new Set(used)].sort());
    for (const { schema } of blocks) expect(words.get(schema.name.slice(2))?.length).toBeLessThanOrEqual(MAX_NAME);
  });

  it.each(languages)("speaks %s to customers, and says all that English says", (language) => {
    const words = texts(language);
    const liquid = [
      ...blocks.map((block) => block.liquid),
      ...list("snippets").map((file) => read(`snippets/${file}`)),
    ];
    const used = liquid.flatMap((text) => [...text.matchAll(/'([a-z_.]+)' \| t\b/g)].map(([, key]) => key ?? ""));
    expect([...words.keys()].sort()).toEqual([...new Set(used)].sort());
    for (const [key, english] of texts("en.default")) expect(holes(words.get(key) ?? "")).toEqual(holes(english));
  });

  it("says that our words are English where it does not speak the shop's language, and that the merchant's are not", async () => {
    const render = (locale: string, settings: object) =>
      createLiquid({ extension: readExtension(extension), locale, currency: "EUR", assetBase: "" }).parseAndRender(
        read("blocks/referral.liquid"),
        { request: { locale: { iso_code: locale } }, customer: {}, block: { id: "1", settings } },
      );
    const langs = (html: string) => [...html.matchAll(/ lang="([^"]*)"/g)].map(([, lang]) => lang);
    expect(langs(await render("de", {}))).toEqual(["de"]);
    expect(langs(await render("pt-BR", {}))).toEqual(["en"]);
    const words = { heading: "Convide", text: "Compartilhe", join_label: "Participar" };
    expect(langs(await render("pt-BR", words))).toEqual(["en", "pt-BR", "pt-BR", "pt-BR"]);
  });

  it("brings, with the pages behind links, at most 10 kB of compressed JavaScript, and little style", () => {
    const weigh = (ending: string) =>
      [...list("assets").map((file) => `assets/${file}`), CLAIM_SCRIPT, CLAIM_STYLE]
        .filter((file) => file.endsWith(ending))
        .reduce((sum, file) => sum + gzipSync(read(file)).length, 0);
    expect(weigh(".js")).toBeLessThanOrEqual(10_000);
    expect(weigh(".css")).toBeLessThanOrEqual(4_000);
  });

  it.each(["assets/referral.js", CLAIM_SCRIPT])("%s makes nonces as the contract says, never the same", (file) => {
    const source = /function nonce\(\) (\{[\s\S]*?\n {2}\})/.exec(read(file))?.[1] ?? "";
    const nonces = Array.from({ length: 200 }, () => String(new Function(source)()));
    for (const nonce of nonces) expect(nonce).toMatch(nonceShape);
    expect(new Set(nonces).size).toBe(200);
  });

  it("has words for every answer to an invitation", () => {
    const [, , refused] = inviteAnswer.options;
    const general = ["no_program", "not_joined"];
    const block = read("blocks/referral.liquid");
    for (const because of refused.shape.because.options.filter((code) => !general.includes(code)))
      expect(block).toContain(`data-text-${because.replaceAll("_", "-")}="{{ 'referral.${because}' | t }}"`);
  });
});
