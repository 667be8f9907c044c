import { setTimeout as sleep } from "node:timers/promises";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { ClientError, GraphQLClient } from "graphql-request";
import { z } from "zod";
import { AdminRefused, AdminUnavailable, ReconnectNeeded } from "./errors.ts";
import { accessToken, type TokenDeps } from "./token.ts";

/** The version of every call; shopify.app.toml names the same for webhooks (operations.test.ts compares them). */
export const API_VERSION = "2026-10";

const TIMEOUT_MS = 10_000;
/** A THROTTLED call waits for the bucket to fill, but not longer than this in all: a job is retried later. */
const PATIENCE_MS = 20_000;

/** The Admin API of one shop, with that shop's own offline token. */
export type AdminClient = {
  readonly shopDomain: string;
  /**
   * Asks one typed operation. Fields of protected customer data that the app was not granted are null, although the
   * types say otherwise only for the nullable ones.
   * @throws ReconnectNeeded · AdminUnavailable · AdminRefused
   */
  readonly ask: <Result, Variables extends object>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ) => Promise<Result>;
};

export type Admin = (shopDomain: string) => AdminClient;

/** The one way to the Admin API, for routes and jobs. */
export function createAdmin(deps: TokenDeps): Admin {
  return (shopDomain) => ({
    shopDomain,
    ask: async <Result, Variables extends object>(
      document: TypedDocumentNode<Result, Variables>,
      variables: Variables,
    ) => {
      const query = print(document);
      const call = (token: string) => send<Result>(shopDomain, token, query, variables);
      const token = await accessToken(deps, shopDomain);
      const first = await patiently(() => call(token));
      const answer = first === "unauthorized" ? await secondTry(deps, shopDomain, token, call) : first;
      return readAnswer(answer);
    },
  });
}

type Answer<Result> = { readonly data: Result; readonly errors?: readonly unknown[]; readonly extensions?: unknown };

/** A token that was refused is refreshed once; if the new one is refused too, the shop has uninstalled us. */
async function secondTry<Result>(
  deps: TokenDeps,
  shopDomain: string,
  refused: string,
  call: (token: string) => Promise<Answer<Result> | "unauthorized">,
): Promise<Answer<Result>> {
  const token = await accessToken(deps, shopDomain, refused);
  const answer = await patiently(() => call(token));
  if (answer === "unauthorized") throw new ReconnectNeeded(shopDomain);
  return answer;
}

async function send<Result>(
  shopDomain: string,
  token: string,
  query: string,
  variables: object,
): Promise<Answer<Result> | "unauthorized"> {
  const client = new GraphQLClient(`https://${shopDomain}/admin/api/${API_VERSION}/graphql.json`, {
    headers: { "X-Shopify-Access-Token": token },
    errorPolicy: "all",
    fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
  try {
    return await client.rawRequest<Result>(query, { ...variables });
  } catch (error) {
    const status = error instanceof ClientError ? error.response.status : null;
    if (status === 401) return "unauthorized";
    // Not the error itself: it carries the variables, which may be personal data.
    throw new AdminUnavailable("the Admin API", status);
  }
}

const throttled = z.object({
  errors: z.array(z.object({ extensions: z.object({ code: z.literal("THROTTLED") }) })).min(1),
  extensions: z
    .object({
      cost: z.object({
        requestedQueryCost: z.number(),
        throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number().positive() }),
      }),
    })
    .optional(),
});

/** Repeats a THROTTLED call when the bucket has refilled: https://shopify.dev/docs/api/usage/rate-limits */
async function patiently<Result>(
  call: () => Promise<Answer<Result> | "unauthorized">,
): Promise<Answer<Result> | "unauthorized"> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await call();
    const refusal = throttled.safeParse(answer);
    if (!refusal.success) return answer;
    const wait = secondsUntilRestored(refusal.data) * 1000;
    if (performance.now() + wait > deadline) throw new AdminUnavailable("the Admin API is throttling us", 429);
    await sleep(wait);
  }
}

function secondsUntilRestored({ extensions }: z.output<typeof throttled>): number {
  const jitter = Math.random() / 4;
  if (!extensions) return 1 + jitter;
  const { requestedQueryCost, throttleStatus } = extensions.cost;
  const missing = Math.max(0, requestedQueryCost - throttleStatus.currentlyAvailable);
  return Math.max(0.1, missing / throttleStatus.restoreRate) + jitter;
}

const graphqlError = z.object({
  message: z.string().default(""),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  extensions: z.object({ code: z.string().optional() }).optional(),
});

/**
 * The data of an answer. A 200 can hold both data and ACCESS_DENIED errors: the app lacks approval for a field of
 * protected customer data, and that field is null; everything else is still true. Where the whole object is denied, a
 * null would look as if there were none.
 */
function readAnswer<Result>({ data, errors = [] }: Answer<Result>): Result {
  const problems = z.array(graphqlError).parse(errors);
  const onlyFields = problems.every(
    ({ path = [], extensions }) => path.length > 1 && extensions?.code === "ACCESS_DENIED",
  );
  if (data && onlyFields) return data;
  throw new AdminRefused(problems.map(({ message }) => message).join("; ") || "an answer without data");
}
