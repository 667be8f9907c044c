import { once } from "node:events";
import { createServer } from "node:net";

/** A port of this machine that nobody listens on now, below those that systems give to whoever asks for any. */
export async function freePort(): Promise<number> {
  const server = createServer();
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const listening = once(server.listen(port), "listening");
    if (!(await listening.catch(() => null))) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
