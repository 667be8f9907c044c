import polaris from "@shopify/polaris/build/esm/styles.css?url";

/** Style sheets of every page of the merchant, linked rather than inlined. */
export const styleSheets: readonly string[] = [polaris];

/** What Polaris sets on the document only after hydration; from the start there is no flash. */
export const themeClass = "p-theme-light";
export const bodyStyle = { backgroundColor: "var(--p-color-bg)", color: "var(--p-color-text)" };
