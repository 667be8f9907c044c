import type { ReactNode } from "react";
import { I18nextProvider } from "react-i18next";
import { i18nFor, languageOf } from "#app/i18n.ts";
import { Provider } from "#app/ui/provider.tsx";

/** What every page of the merchant stands in: the texts of their language, and Polaris. */
export function Frame({ locale, children }: { locale: string; children: ReactNode }) {
  return (
    <I18nextProvider i18n={i18nFor(locale)}>
      <Provider language={languageOf(locale)}>{children}</Provider>
    </I18nextProvider>
  );
}
