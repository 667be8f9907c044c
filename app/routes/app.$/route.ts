import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { boundary } from "@shopify/shopify-app-remix/server";
import { merchant } from "#app/merchant.server.ts";
import { notFound } from "#app/routes/app/not-found.ts";

export const headers: HeadersFunction = (args) => boundary.headers(args);

/** An address under /app that no page has. */
export async function loader({ request }: LoaderFunctionArgs) {
  await merchant(request);
  throw notFound();
}

export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

/** Never shown: the loader always throws. A route without a component would answer as a resource. */
export default function Nothing() {
  return null;
}
