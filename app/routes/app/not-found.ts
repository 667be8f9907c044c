/** What a loader throws when the page, or the thing it is about, does not exist in this shop. */
export function notFound(): Response {
  return new Response(null, { status: 404 });
}
