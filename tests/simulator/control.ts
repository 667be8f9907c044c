import { commerceRoutes } from "./control/commerce.ts";
import type { ControlCall, ControlRoute, Simulation } from "./control/route.ts";
import { shopRoutes } from "./control/shops.ts";
import { trafficRoutes } from "./control/traffic.ts";
import { type Answer, bodyOf, type Incoming, json, Refusal } from "./http.ts";

const clockView = ({ platform }: ControlCall) => ({
  now: platform.clock.now().toISOString(),
  offsetMs: platform.clock.offsetMs(),
});

function setClock(call: ControlCall) {
  const { clock } = call.platform;
  const { offsetMs, advanceMs, now } = call.body;
  if (typeof offsetMs === "number") clock.setOffset(offsetMs);
  else if (typeof advanceMs === "number") clock.setOffset(clock.offsetMs() + advanceMs);
  else if (typeof now === "string" && !Number.isNaN(Date.parse(now))) clock.setOffset(Date.parse(now) - Date.now());
  else throw new Refusal(422, "The clock takes offsetMs, advanceMs or now (ISO)");
  return clockView(call);
}

function setAppUrl({ platform, body }: ControlCall) {
  platform.app.url = new URL(String(body.url)).origin;
  return { url: platform.app.url };
}

const ROUTES: ControlRoute[] = [
  [
    "GET",
    "/",
    ({ simulation }) => ({ ...simulation.addresses(), routes: ROUTES.map(([m, path]) => `${m} /_sim${path}`) }),
  ],
  ["POST", "/reset", ({ simulation }) => simulation.reset()],
  ["GET", "/clock", clockView],
  ["POST", "/clock", setClock],
  ["POST", "/app", setAppUrl],
  ...shopRoutes,
  ...commerceRoutes,
  ...trafficRoutes,
];

const COMPILED = ROUTES.map(([method, pattern, run]) => ({
  method,
  run,
  address: new RegExp(`^/_sim${pattern.replace(/\/$/, "").replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`),
}));

/** Everything below /_sim on the admin's port: JSON in, JSON out, refusals as `{ error }`. */
export async function answerControl(simulation: Simulation, request: Incoming): Promise<Answer> {
  const { pathname, searchParams } = request.url;
  const here = COMPILED.filter(({ address }) => address.test(pathname));
  const route = here.find(({ method }) => method === request.method);
  if (!route) throw new Refusal(here.length > 0 ? 405 : 404, `There is no ${request.method} ${pathname}`);
  const result = await route.run({
    simulation,
    platform: simulation.platform,
    params: { ...pathname.match(route.address)?.groups },
    query: searchParams,
    body: request.method === "GET" ? {} : bodyOf(request),
  });
  return json(200, result ?? {});
}
