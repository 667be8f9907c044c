import { Link, useNavigate } from "@remix-run/react";
import { AppProvider, type AppProviderProps } from "@shopify/polaris";
import en from "@shopify/polaris/locales/en.json";
import { type ComponentProps, type ReactNode, useEffect } from "react";

/** Polaris' own texts ("Dismiss", "Loading"), by language of ours. */
const polarisTexts = { en };

/**
 * What all components below need. The App Bridge script itself is in the head of the document (app/root.tsx), not here
 * as in Shopify's provider: it must be the first script of every document.
 */
export function Provider({ language, children }: { language: keyof typeof polarisTexts; children: ReactNode }) {
  useAdminNavigation();
  return (
    <AppProvider i18n={polarisTexts[language]} linkComponent={RouteLink}>
      {children}
    </AppProvider>
  );
}

type LinkProps = ComponentProps<NonNullable<AppProviderProps["linkComponent"]>>;

/** Polaris' links go through Remix unless they lead out of the app. */
function RouteLink({ url, external, target, children, ...rest }: LinkProps) {
  const outward = external || /^[a-z]+:/i.test(url);
  return outward ? (
    <a href={url} target={target ?? "_blank"} rel="noopener noreferrer" {...rest}>
      {children}
    </a>
  ) : (
    <Link to={url} target={target} {...rest}>
      {children}
    </Link>
  );
}

/** The admin's menu tells the app where to go by an event on the menu's link. */
function useAdminNavigation() {
  const navigate = useNavigate();
  useEffect(() => {
    const follow = (event: Event) => {
      const href = event.target instanceof Element ? event.target.getAttribute("href") : null;
      if (href) navigate(href);
    };
    addEventListener("shopify:navigate", follow);
    return () => removeEventListener("shopify:navigate", follow);
  }, [navigate]);
}
