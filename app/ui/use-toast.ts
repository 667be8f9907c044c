import { useAppBridge } from "@shopify/app-bridge-react";
import { useEffect } from "react";

/**
 * Tells of a success in the admin's own toast. Errors never go here: a toast goes away.
 * @param news a new object is new news; null while there is none
 */
export function useToast(news: { readonly text: string } | null) {
  const shopify = useAppBridge();
  useEffect(() => {
    if (news) shopify.toast.show(news.text);
  }, [news, shopify]);
}
