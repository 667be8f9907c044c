import { createInstance, type i18n, type ParseKeys } from "i18next";
import admin from "#app/locales/en/admin.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "admin";
    resources: { admin: typeof admin };
  }
}

/** The languages that the merchant's pages speak; the first is what everyone else gets. */
const languages = { en: admin };
const fallback = "en";
const instances = new Map<string, i18n>();

/**
 * The texts for a merchant. Instances are shared, hold nothing of a request, and know only the languages we have.
 * @param locale as Shopify names it: `en`, `fr-CA`
 */
export function i18nFor(locale: string): i18n {
  const language = languageOf(locale);
  const made = instances.get(language) ?? make(language);
  instances.set(language, made);
  return made;
}

/** The language of ours that comes nearest to a locale. */
export function languageOf(locale: string): keyof typeof languages {
  const [language = fallback] = locale.toLowerCase().split("-");
  return Object.hasOwn(languages, language) ? (language as keyof typeof languages) : fallback;
}

function make(lng: string): i18n {
  const instance = createInstance();
  instance.init({
    lng,
    fallbackLng: fallback,
    defaultNS: "admin",
    resources: Object.fromEntries(Object.entries(languages).map(([language, texts]) => [language, { admin: texts }])),
    initAsync: false,
    interpolation: { escapeValue: false }, // React escapes
  });
  return instance;
}

/** Whether a text of ours goes by that key; for keys that come from a plug-in or an answer. */
export function isTextKey(key: string): key is ParseKeys {
  return i18nFor(fallback).exists(key);
}
