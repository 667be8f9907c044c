import { type GraphQLNamedType, type GraphQLOutputType, getNamedType, isObjectType } from "graphql";
import { loadAdminSchema, type RequiredAccess } from "./admin-schema.ts";
import type { Shop } from "./state.ts";

/** What reading the field demands and the app lacks: of the field, of the type it gives, of the type it is on. */
export function missingAccess(
  shop: Shop,
  parent: string,
  field: string,
  returnType: GraphQLOutputType,
): RequiredAccess | undefined {
  const { accessOf } = loadAdminSchema();
  const type: GraphQLNamedType = getNamedType(returnType);
  const nodes = type.name.endsWith("Connection") && isObjectType(type) ? type.getFields().nodes : undefined;
  const guarded: GraphQLNamedType = nodes ? getNamedType(nodes.type) : type;
  const demands = [accessOf(parent, field), accessOf(guarded.name), accessOf(parent)];
  return demands.find((demand) => demand && !demand.anyOf.some((scope) => isGranted(shop, scope)));
}

/** `write_x` includes `read_x`. */
export function isGranted(shop: Shop, scope: string): boolean {
  return shop.grantedScopes.includes(scope) || shop.grantedScopes.includes(scope.replace(/^read_/, "write_"));
}
