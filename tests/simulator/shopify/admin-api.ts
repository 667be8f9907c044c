import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type DocumentNode,
  defaultTypeResolver,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  getOperationAST,
  Kind,
  parse,
  validate,
} from "graphql";
import { type Answer, bodyOf, type Incoming, json } from "../http.ts";
import { missingAccess } from "./admin-access.ts";
import { type CostBucket, createBucket, requestedCost, SINGLE_QUERY_LIMIT } from "./admin-cost.ts";
import { API_VERSION, loadAdminSchema } from "./admin-schema.ts";
import { refuseToken } from "./oauth.ts";
import type { AdminApiCall, AdminContext, Platform } from "./platform.ts";
import { rootResolvers } from "./resolvers/index.ts";
import type { Shop } from "./state.ts";

const buckets = new WeakMap<Shop, CostBucket>();
const parsed = new Map<string, { document: DocumentNode; errors: GraphQLError[] }>();

/** POST /admin/api/{version}/graphql.json */
export async function answerAdminApi(
  platform: Platform,
  shop: Shop | undefined,
  version: string,
  request: Incoming,
): Promise<Answer> {
  if (version !== API_VERSION || !shop) return json(404, { errors: "Not Found" });
  if (request.method !== "POST") return json(405, { errors: "Method Not Allowed" });
  const refused = refuseToken(shop, request.headers["x-shopify-access-token"]);
  if (refused) return refused;

  const body = bodyOf(request);
  const call: AdminApiCall = {
    at: new Date().toISOString(),
    shop: shop.handle,
    operationName: typeof body.operationName === "string" ? body.operationName : null,
    query: String(body.query ?? ""),
    variables: body.variables ?? {},
    status: 200,
    errors: [],
    cost: 0,
  };
  const failure = await failureOnDemand(platform, call);
  const lost = failure && json(failure.status, { errors: `Simulated failure ${failure.status}` });
  const answer = lost && !failure.done ? lost : await run(platform, shop, call).then((result) => lost ?? result);
  call.status = answer.status;
  platform.adminApi.calls.push(call);
  if (platform.adminApi.calls.length > 2000) platform.adminApi.calls.shift();
  return { ...answer, headers: { ...answer.headers, "x-request-id": randomUUID(), "x-shopify-api-version": version } };
}

/** The failure that a test has asked for. */
async function failureOnDemand(platform: Platform, call: AdminApiCall) {
  const mode = platform.adminApi;
  if (mode.latencyMs > 0) await sleep(mode.latencyMs);
  const { fail } = mode;
  const named = call.operationName ?? call.query.match(/\b(?:query|mutation)\s+(\w+)/)?.[1] ?? null;
  call.operationName = named;
  if (!fail || fail.times <= 0 || (fail.operationName !== null && fail.operationName !== named)) return null;
  fail.times -= 1;
  return fail;
}

async function run(platform: Platform, shop: Shop, call: AdminApiCall): Promise<Answer> {
  const { schema } = loadAdminSchema();
  const bucket = bucketOf(shop);
  const refuse = (errors: readonly object[], cost?: number) => {
    call.errors = errors.map((error) => ("message" in error ? String(error.message) : ""));
    const throttleStatus = bucket.status();
    const extensions = { cost: { requestedQueryCost: cost, actualQueryCost: null, throttleStatus } };
    return json(200, { errors, ...(cost === undefined ? {} : { extensions }) });
  };

  const prepared = prepare(call.query);
  if (prepared.errors.length > 0) return refuse(prepared.errors.map(wordAsShopify));
  const operation = getOperationAST(prepared.document, call.operationName);
  if (!operation) return refuse([{ message: "An operation name is required", extensions: { code: "BAD_REQUEST" } }]);
  const variables = { ...(call.variables as Record<string, unknown> | null) };
  const tooLong = oversizedInput(variables);
  if (tooLong) return refuse([tooLong]);

  const cost = requestedCost(schema, prepared.document, operation, variables);
  if (cost > SINGLE_QUERY_LIMIT) {
    const message = `Query cost is ${cost}, which exceeds the single query max cost limit (${SINGLE_QUERY_LIMIT}).`;
    return refuse([{ message, extensions: { code: "MAX_COST_EXCEEDED", cost, maxCost: SINGLE_QUERY_LIMIT } }]);
  }
  const forced = platform.adminApi.throttle > 0;
  if (forced) platform.adminApi.throttle -= 1;
  if (forced || !bucket.take(cost)) {
    const documentation = "https://shopify.dev/api/usage/rate-limits";
    return refuse([{ message: "Throttled", extensions: { code: "THROTTLED", documentation } }], cost);
  }

  const context: AdminContext = { platform, shop };
  const result = await execute({
    schema,
    document: prepared.document,
    rootValue: rootResolvers,
    contextValue: context,
    variableValues: variables,
    operationName: call.operationName,
    fieldResolver: resolveField,
    typeResolver: defaultTypeResolver,
  });
  const actual = Math.min(cost, Math.max(1, countObjects(result.data)) + (operation.operation === "mutation" ? 9 : 0));
  bucket.giveBack(cost - actual);
  call.cost = actual;
  call.errors = result.errors?.map((error) => error.message) ?? [];
  return json(200, {
    ...("data" in result ? { data: result.data } : {}),
    ...(result.errors ? { errors: result.errors.map((error) => withCode(error, !("data" in result))) } : {}),
    extensions: { cost: { requestedQueryCost: cost, actualQueryCost: actual, throttleStatus: bucket.status() } },
  });
}

function bucketOf(shop: Shop): CostBucket {
  const bucket = buckets.get(shop) ?? createBucket();
  buckets.set(shop, bucket);
  return bucket;
}

function prepare(query: string): { document: DocumentNode; errors: readonly GraphQLError[] } {
  const known = parsed.get(query);
  if (known) return known;
  const empty: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };
  let fresh: { document: DocumentNode; errors: GraphQLError[] };
  try {
    const document = parse(query);
    fresh = { document, errors: [...validate(loadAdminSchema().schema, document)] };
  } catch (error) {
    fresh = { document: empty, errors: [error instanceof GraphQLError ? error : new GraphQLError(String(error))] };
  }
  if (parsed.size > 500) parsed.clear();
  parsed.set(query, fresh);
  return fresh;
}

/** graphql-js says 'Cannot query field "a" on type "B"', Shopify says it its own way and gives a code. */
function wordAsShopify(error: GraphQLError): object {
  const { message, locations } = error.toJSON();
  const unknown = message.match(/^Cannot query field "(\w+)" on type "(\w+)"/);
  if (!unknown) return { message, locations, extensions: { code: "GRAPHQL_VALIDATION_FAILED" } };
  const [, fieldName, typeName] = unknown;
  return {
    message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
    locations,
    path: ["query", fieldName],
    extensions: { code: "undefinedField", typeName, fieldName },
  };
}

function withCode(error: GraphQLError, beforeExecution: boolean): object {
  const plain = error.toJSON();
  if (plain.extensions || !beforeExecution) return plain;
  return { ...plain, extensions: { code: "INVALID_VARIABLE" } };
}

/** No input array may hold more than 250 elements: https://shopify.dev/docs/api/usage/limits */
function oversizedInput(value: unknown): object | null {
  if (Array.isArray(value) && value.length > 250) {
    const message = `The input array size of ${value.length} is greater than the maximum allowed of 250.`;
    return { message, extensions: { code: "MAX_INPUT_SIZE_EXCEEDED" } };
  }
  if (value === null || typeof value !== "object") return null;
  for (const inner of Object.values(value)) {
    const found = oversizedInput(inner);
    if (found) return found;
  }
  return null;
}

function countObjects(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((total, item) => total + countObjects(item), 0);
  if (value === null || typeof value !== "object") return 0;
  return Object.values(value).reduce<number>(
    (total, inner) =>
      total + (inner !== null && typeof inner === "object" && !Array.isArray(inner) ? 1 : 0) + countObjects(inner),
    0,
  );
}

/**
 * Resolves from plain objects whose keys are field names (values, or functions of the arguments). A field that they lack is
 * an error that names it: the simulator never makes a value up. Scopes are checked here, field by field, as Shopify does.
 */
const resolveField: GraphQLFieldResolver<unknown, AdminContext> = (source, args, context, info) => {
  const denied = missingAccess(context.shop, info.parentType.name, info.fieldName, info.returnType);
  if (denied) {
    throw new GraphQLError(`Access denied for ${info.fieldName} field. Required access: ${denied.words}`, {
      extensions: {
        code: "ACCESS_DENIED",
        documentation: "https://shopify.dev/api/usage/access-scopes",
        requiredAccess: denied.words,
      },
    });
  }
  const value = source !== null && typeof source === "object" ? Reflect.get(source, info.fieldName) : undefined;
  if (value === undefined) {
    throw new GraphQLError(
      `The simulated Shopify has no resolver for ${info.parentType.name}.${info.fieldName}: add it in tests/simulator/shopify/resolvers`,
      { extensions: { code: "NOT_SIMULATED" } },
    );
  }
  return typeof value === "function" ? value(args, context, info) : value;
};
