import http from "node:http";
import process from "node:process";
import { createKlaviyo } from "#tests/simulator/klaviyo/index.ts";

/** A Klaviyo in a process of its own: tells its parent the port, and ends with it. */
const server = http.createServer(createKlaviyo({ now: () => new Date() }).listener);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") process.send?.(address.port);
});
process.on("disconnect", () => process.exit());
