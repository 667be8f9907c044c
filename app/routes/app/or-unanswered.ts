import { type ClientActionFunctionArgs, isRouteErrorResponse } from "@remix-run/react";

/** Stands for an answer that did not come, or was none: whether it was done is not known. */
type Unanswered = { readonly ok: false; readonly unanswered: true };

const UNANSWERED: Unanswered = { ok: false, unanswered: true };

/**
 * The clientAction of every page with something to lose: where no usable answer comes (no network, a proxy's 503, a failure
 * of ours), the page stays with what was typed and chosen, and is told so. Redirects, the sign-in's answers and refusals
 * go their way.
 */
export async function clientAction({ request, serverAction }: ClientActionFunctionArgs): Promise<unknown> {
  try {
    return await serverAction();
  } catch (error) {
    const isMeant = error instanceof Response || (isRouteErrorResponse(error) && error.status < 500);
    if (isMeant || request.signal.aborted) throw error;
    // As a Response its status counts: what the page has read is not read again, which would fail as well.
    return Response.json(UNANSWERED, { status: 503 });
  }
}

export function isUnanswered(answer: unknown): answer is Unanswered {
  return typeof answer === "object" && answer !== null && "unanswered" in answer;
}
