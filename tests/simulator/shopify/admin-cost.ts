import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

/** Points of the leaky bucket of a shop on a standard plan. */
const MAXIMUM = 2000;
const RESTORE_PER_SECOND = 100;
export const SINGLE_QUERY_LIMIT = 1000;
const MUTATION_COST = 10;

interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
}

/** One bucket per shop, in real time. */
export interface CostBucket {
  status(): ThrottleStatus;
  /** Takes the points, or says no and takes nothing. */
  take(points: number): boolean;
  giveBack(points: number): void;
}

export function createBucket(): CostBucket {
  let level = MAXIMUM;
  let at = Date.now();
  const refill = () => {
    const now = Date.now();
    level = Math.min(MAXIMUM, level + ((now - at) / 1000) * RESTORE_PER_SECOND);
    at = now;
  };
  return {
    status() {
      refill();
      return { maximumAvailable: MAXIMUM, currentlyAvailable: Math.floor(level), restoreRate: RESTORE_PER_SECOND };
    },
    take(points) {
      refill();
      if (level < points) return false;
      level -= points;
      return true;
    },
    giveBack(points) {
      level = Math.min(MAXIMUM, level + points);
    },
  };
}

/**
 * What a query may cost at most: 1 per object, 0 per scalar, 10 per mutation, 2 per connection plus its nodes.
 * Shopify charges a connection far less than one point per node: `variants(first: 250)` with one object in each node is 25
 * points in all (community.shopify.dev/t/23101). 2 × ln(n) fits that figure; the exact curve is not published.
 */
export function requestedCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);

  function ofSet(type: GraphQLNamedType, set: SelectionSetNode): number {
    let own = 0;
    let widest = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) own += ofField(type, selection);
      else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        const target = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
        const cost = fragment && target ? ofSet(target, fragment.selectionSet) : 0;
        if (target === type) own += cost;
        else widest = Math.max(widest, cost);
      }
    }
    return own + widest;
  }

  function ofField(parent: GraphQLNamedType, field: FieldNode): number {
    if (!field.selectionSet || !(isObjectType(parent) || isInterfaceType(parent))) return 0;
    const type = getNamedType(parent.getFields()[field.name.value]?.type);
    if (!type || !isCompositeType(type)) return 0;
    const inner = ofSet(type, field.selectionSet);
    if (type.name === "PageInfo") return 0;
    if (parent.name.endsWith("Edge")) return inner + 1;
    if (type.name.endsWith("Edge")) return inner;
    if (!type.name.endsWith("Connection")) return inner + 1;
    return 2 + Math.ceil(inner * Math.max(1, 2 * Math.log(pageSize(field, variables))));
  }

  const root = operation.operation === "mutation" ? schema.getMutationType() : schema.getQueryType();
  if (!root) return 0;
  const mutations = operation.operation === "mutation" ? operation.selectionSet.selections.length : 0;
  return Math.max(1, mutations * MUTATION_COST + ofSet(root, operation.selectionSet));
}

function pageSize(field: FieldNode, variables: Record<string, unknown>): number {
  for (const argument of field.arguments ?? []) {
    if (argument.name.value !== "first" && argument.name.value !== "last") continue;
    const { value } = argument;
    if (value.kind === Kind.INT) return Math.max(1, Number(value.value));
    if (value.kind === Kind.VARIABLE) return Math.max(1, Number(variables[value.name.value] ?? 1));
  }
  return 1;
}
