import { Agent, buildConnector, getGlobalDispatcher, setGlobalDispatcher } from "undici";

const SHOPIFY = /(^|\.)(myshopify|shopify)\.com$/;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/**
 * Sends this process's `fetch` for Shopify's host names to the simulator on loopback, and refuses every host that is not on
 * this machine. The app's code is untouched: addresses, TLS and certificates are checked as usual.
 * @param port the simulator's TLS port.
 * @param ca PEM of the simulator's certificate authority.
 * @returns puts the former dispatcher back and closes the connections.
 */
export function routeShopifyTo({ port, ca }: { port: number; ca: string }): () => Promise<void> {
  const before = getGlobalDispatcher();
  const connect = buildConnector({ ca });
  const agent = new Agent({
    connect(options, callback) {
      const { hostname } = options;
      if (SHOPIFY.test(hostname)) {
        connect(
          { ...options, hostname: "127.0.0.1", host: "127.0.0.1", port: String(port), servername: hostname },
          callback,
        );
      } else if (LOOPBACK.test(hostname)) connect(options, callback);
      else callback(new Error(`The simulator's preload refuses connections to ${hostname}`), null);
    },
  });
  setGlobalDispatcher(agent);
  return async () => {
    setGlobalDispatcher(before);
    await agent.destroy();
  };
}
