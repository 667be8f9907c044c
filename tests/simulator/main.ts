/** `npm run simulator`: everything on fixed ports, until Ctrl-C. See README.md for the environment. */
import { startSimulator } from "./start.ts";

const { env } = process;
const base = Number(env.SIM_PORT ?? 4400);

try {
  const simulator = await startSimulator({
    appUrl: env.SHOPIFY_APP_URL ?? "http://localhost:3000",
    apiKey: env.SHOPIFY_API_KEY ?? "passalong-development",
    apiSecret: env.SHOPIFY_API_SECRET ?? "passalong-development-secret",
    ports: { admin: base, klaviyo: base + 1, tunnel: base + 2, tls: base + 3, storefront: base + 10 },
    stateFile: env.SIM_STATE_FILE ?? ".data/simulator.json",
    clockOffsetFile: env.CLOCK_OFFSET_FILE ?? null,
    ...(env.SHOPIFY_APP_TOML ? { tomlFile: env.SHOPIFY_APP_TOML } : {}),
  });
  const { urls, tls } = simulator;
  console.log(`Simulated Shopify admin  ${urls.admin}`);
  console.log(`Simulated Klaviyo        ${urls.klaviyo}`);
  console.log(`Control API              ${urls.control}`);
  console.log(`App, through the tunnel  ${urls.tunnel}`);
  console.log(`Real host names (TLS)    port ${tls.port}, authority ${tls.caFile}`);
  for (const shop of await simulator.client.shops()) console.log(`Storefront of ${shop.name}  ${shop.storefrontUrl}`);

  let closing = false;
  const stop = async () => {
    if (closing) return;
    closing = true;
    await simulator.close();
    process.exit(0);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
} catch (error) {
  const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE" && "port" in error;
  if (!isTaken) throw error;
  console.error(
    `Port ${error.port} is in use. Stop what listens there, or choose other ports with SIM_PORT (now ${base}).`,
  );
  process.exit(1);
}
