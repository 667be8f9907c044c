/** The number at the end of `gid://shopify/Order/5400000000001`: text, for it may be longer than a JavaScript number holds. */
export function numberOf(gid: string): string {
  return gid.slice(gid.lastIndexOf("/") + 1);
}
