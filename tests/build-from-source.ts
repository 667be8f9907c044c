import type { ServerBuild } from "@remix-run/node";
import type { RouteConfigEntry } from "@remix-run/route-config";
import * as entry from "#app/entry.server.tsx";
import * as root from "#app/root.tsx";
import routes from "#app/routes.ts";

type Route = ServerBuild["routes"][string];

const modules = import.meta.glob<Route["module"]>("../app/routes/**/route.{ts,tsx}");

/** What `remix vite:build` would make of app/routes.ts for the server, but of the source: there are no client files. */
export async function buildFromSource(): Promise<ServerBuild> {
  const server: ServerBuild["routes"] = { root: { id: "root", path: "", module: root } };
  for (const { entry: route, parentId } of flat(routes, "root")) {
    const id = idOf(route);
    const load = modules[`../app/${route.file}`];
    if (!load) throw new Error(`app/routes.ts names ${route.file}, which is not there`);
    server[id] = {
      id,
      parentId,
      path: route.path,
      index: route.index,
      caseSensitive: route.caseSensitive,
      module: await load(),
    };
  }
  return {
    mode: "production",
    entry: { module: entry },
    routes: server,
    assets: { entry: { module: "", imports: [] }, routes: clientRoutes(server), url: "", version: "source" },
    basename: "/",
    publicPath: "/",
    assetsBuildDirectory: "",
    isSpaMode: false,
    // As in vite.config.ts.
    future: {
      v3_fetcherPersist: true,
      v3_relativeSplatPath: true,
      v3_throwAbortReason: true,
      v3_lazyRouteDiscovery: false,
      v3_singleFetch: true,
    },
  };
}

function flat(entries: readonly RouteConfigEntry[], parentId: string): { entry: RouteConfigEntry; parentId: string }[] {
  return entries.flatMap((entry) => [{ entry, parentId }, ...flat(entry.children ?? [], idOf(entry))]);
}

function idOf({ id, file }: RouteConfigEntry): string {
  return id ?? file.replace(/\.tsx?$/, "");
}

function clientRoutes(server: ServerBuild["routes"]): ServerBuild["assets"]["routes"] {
  const client: ServerBuild["assets"]["routes"] = {};
  for (const [id, { module, ...route }] of Object.entries(server)) {
    if (!module) continue;
    client[id] = {
      ...route,
      module: "",
      hasAction: module.action !== undefined,
      hasLoader: module.loader !== undefined,
      hasClientAction: false,
      hasClientLoader: false,
      hasErrorBoundary: module.ErrorBoundary !== undefined,
    };
  }
  return client;
}
