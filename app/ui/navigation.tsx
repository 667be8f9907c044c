import { Link, useNavigation } from "@remix-run/react";
import { NavMenu, useAppBridge } from "@shopify/app-bridge-react";
import { useEffect, useState } from "react";

type Destination = { to: string; label: string };

/** The app's entries in the admin's own menu. The admin does not show `home`; it is where the app's name leads. */
export function Navigation({ home, links }: { home: Destination; links: readonly Destination[] }) {
  return (
    <NavMenu>
      <Link to={home.to} rel="home">
        {home.label}
      </Link>
      {links.map(({ to, label }) => (
        <Link key={to} to={to}>
          {label}
        </Link>
      ))}
    </NavMenu>
  );
}

/** Runs the admin's loading bar while a page is on its way. */
export function useLoadingBar() {
  const shopify = useAppBridge();
  const busy = useNavigation().state === "loading";
  useEffect(() => {
    if (!busy) return;
    shopify.loading(true);
    return () => shopify.loading(false);
  }, [busy, shopify]);
}

/** Below this a page that changes at once is calmer than a skeleton that flashes. */
const PATIENCE_MS = 200;

/** The path of another page that has been on its way for a while, so that its skeleton can be shown; else null. */
export function useSlowDestination(current: string): string | null {
  const { location, state } = useNavigation();
  const next = state === "loading" && location.pathname !== current ? location.pathname : null;
  const [slow, setSlow] = useState<string | null>(null);
  useEffect(() => {
    if (!next) return;
    const timer = setTimeout(() => setSlow(next), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setSlow(null);
    };
  }, [next]);
  return slow;
}
