import { type LoaderFunctionArgs, redirect } from "@remix-run/node";

/** Shopify opens the app's bare address; what it says in the query (shop, host, id_token) signs the merchant in. */
export function loader({ request }: LoaderFunctionArgs) {
  return redirect(`/app${new URL(request.url).search}`);
}
