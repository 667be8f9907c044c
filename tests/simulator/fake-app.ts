import { type Answer, type Incoming, type Listener, listen, toListener } from "./http.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "./start.ts";
import { routeShopifyTo } from "./tunnel.ts";

/** What the simulator's own tests stand on: an app that only records, and a simulator that talks to it. */
export interface Stage {
  simulator: Simulator;
  client: Simulator["client"];
  /** Everything the app was asked, oldest first. */
  requests: Incoming[];
  /** How the app answers from now on; default 200. */
  answerWith(answer: (request: Incoming) => Answer | Promise<Answer>): void;
  close(): Promise<void>;
}

export const API_KEY = "test-key";
export const API_SECRET = "test-secret";

/** Starts both on free ports, and sends this process's fetch for Shopify's host names to the simulator. */
export async function openStage(options: Partial<SimulatorOptions> = {}): Promise<Stage> {
  const requests: Incoming[] = [];
  const calm = () => ({ status: 200 });
  let answer: (request: Incoming) => Answer | Promise<Answer> = calm;
  const app: Listener = await listen(
    toListener((request) => {
      requests.push(request);
      return answer(request);
    }),
    0,
  );
  const simulator = await startSimulator({
    appUrl: `http://localhost:${app.port}`,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    retryDelaysMs: [20, 20, 20],
    ...options,
  });
  const restore = routeShopifyTo({ port: simulator.tls.port, ca: simulator.tls.caPem });
  return {
    simulator,
    client: simulator.client,
    requests,
    answerWith(next) {
      answer = next;
    },
    async close() {
      await restore();
      await simulator.close();
      await app.close();
    },
  };
}

/** Exchanges a session token for an expiring offline token, as the app does. */
export async function exchangeToken(stage: Stage, shop: string, change: Record<string, string> = {}) {
  const response = await fetch(`https://${shop}.myshopify.com/admin/oauth/access_token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_id: API_KEY,
      client_secret: API_SECRET,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: change.subject_token ?? (await stage.client.idToken(shop)),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
      expiring: "1",
      ...change,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

interface GraphqlBody<Data> {
  data: Data;
  errors?: { message: string; path?: string[]; extensions?: Record<string, unknown> }[];
  extensions: { cost: { requestedQueryCost: number; throttleStatus: { currentlyAvailable: number } } };
}

/** One call of the Admin API. */
export async function graphql<Data>(shop: string, token: string, query: string, variables: object = {}) {
  const response = await fetch(`https://${shop}.myshopify.com/admin/api/2026-10/graphql.json`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-shopify-access-token": token },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as GraphqlBody<Data>;
  return { ...body, status: response.status, errors: body.errors ?? [] };
}

/** A shop with one product of 20.00 and the app installed. */
export async function openShop(stage: Stage, handle: string, change: Record<string, unknown> = {}) {
  const shop = await stage.client.createShop({ handle, installed: true, ...change });
  const product = await stage.client.createProduct(handle, { title: "Blue board", price: 2000 });
  const { body } = await exchangeToken(stage, handle);
  return { shop, product, token: body.access_token ?? "" };
}
