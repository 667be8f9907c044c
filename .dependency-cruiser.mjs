// The import table of the house (app/README.md), enforced by `npm run check`. Move a wall where the code is better for
// it, and the table with it.

/** What each room of app/ may import of the others. Rooms not named as keys (routes, jobs, …) may import everything. */
const TABLE = {
  lib: [],
  db: ["lib"],
  esps: ["lib"],
  catalog: ["lib"],
  queue: ["lib"],
  domain: ["lib", "catalog"],
  shopify: ["lib", "queue", "domain"],
  storefront: ["lib", "catalog", "domain"],
  delivery: ["lib", "queue", "catalog", "esps"],
  messages: ["lib", "catalog"],
  ui: ["lib", "catalog"],
};

/** Tests stand beside what they test and may import what they like. */
const TEST = "[.]test[.]tsx?$";

const walls = Object.entries(TABLE).map(([room, others]) => ({
  name: `${room} imports ${others.join(", ") || "nothing of ours"}`,
  severity: "error",
  from: { path: `^app/${room}/`, pathNot: TEST },
  to: { path: "^app/", pathNot: `^app/(${[room, ...others, "locales"].join("|")})/` },
}));

/** A package that one place has to itself. */
function only(where, packages, types = {}) {
  return {
    name: `only ${where.join(", ")} imports ${packages}`,
    severity: "error",
    from: { path: "^(app|extensions)/", pathNot: [TEST, ...where] },
    to: { path: `^node_modules/(${packages})/`, ...types },
  };
}
const asValue = { dependencyTypesNot: ["type-only"] };

export default {
  forbidden: [
    ...walls,
    only(["^app/db[.]server[.]ts$", "^app/db/"], "@prisma/client|[.]prisma", asValue),
    only(["^app/ui/"], "@shopify/polaris|@shopify/polaris-icons"),
    only(["^app/shopify/"], "graphql-request"),
    only(["^app/queue/boss[.]ts$"], "pg-boss"),
    {
      name: "only db.server.ts opens the database",
      severity: "error",
      from: { path: "^app/", pathNot: [TEST, "^app/db/", "^app/db[.]server[.]ts$"] },
      to: { path: "^app/db/" },
    },
    {
      name: "routes never import jobs",
      severity: "error",
      from: { path: "^app/routes/", pathNot: TEST },
      to: { path: "^app/jobs/" },
    },
    {
      name: "jobs never import routes",
      severity: "error",
      from: { path: "^app/jobs/", pathNot: TEST },
      to: { path: "^app/routes/" },
    },
    {
      name: "the app never imports tests",
      severity: "error",
      from: { path: "^(app|extensions)/", pathNot: TEST },
      to: { path: "^tests/" },
    },
    {
      name: "the simulator imports nothing of the app: shared code cannot catch our mistakes",
      severity: "error",
      from: { path: "^tests/simulator/" },
      to: { path: "^(app|extensions|tests/(?!simulator/))" },
    },
    {
      name: "extensions take the storefront's contract, types only",
      severity: "error",
      from: { path: "^extensions/", pathNot: TEST },
      to: { path: "^app/", pathNot: "^app/storefront/contract[.]ts$" },
    },
    {
      name: "extensions take types only",
      severity: "error",
      from: { path: "^extensions/", pathNot: TEST },
      to: { path: "^app/", ...asValue },
    },
    { name: "no cycles", severity: "error", from: {}, to: { circular: true, viaOnly: asValue } },
    { name: "every import resolves", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "what the app runs on is in dependencies",
      severity: "error",
      from: { path: "^app/", pathNot: [TEST, "^app/routes[.]ts$"] }, // routes.ts is read by the build
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], ...asValue },
    },
  ],
  options: {
    doNotFollow: { path: "^node_modules/" },
    exclude: { path: "^(build|[.]cache|[.]data)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      conditionNames: ["types", "import", "node", "default"],
      exportsFields: ["exports"],
      mainFields: ["module", "main", "types", "typings"], // some packages are types only
      extensions: [".ts", ".tsx", ".mjs", ".js", ".d.ts", ".json"],
    },
  },
};
