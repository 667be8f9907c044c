// node --import ./tests/simulator/preload.mjs: this process meets the simulator where it would meet Shopify.
// SHOPIFY_SIM_PORT is the simulator's TLS port, SHOPIFY_SIM_CA the path of its certificate authority. Without a port
// nothing changes.
import { readFileSync } from "node:fs";
import { routeShopifyTo } from "./tunnel.ts";

const { SHOPIFY_SIM_PORT: port, SHOPIFY_SIM_CA: ca } = process.env;
if (port) {
  if (!ca) throw new Error("SHOPIFY_SIM_PORT is set, but SHOPIFY_SIM_CA is not");
  routeShopifyTo({ port: Number(port), ca: readFileSync(ca, "utf8") });
}
