import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A wire to a stand-in that can be cut so that what is asked is done, and nobody hears the answer. */
export type Line = {
  readonly port: number;
  /** From now on answers are lost. */
  cut(): void;
  /** New connections work again. */
  mend(): void;
  close(): Promise<void>;
};

/** @param to the port of this machine at the other end */
export async function openLine(to: number): Promise<Line> {
  const ends = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(to, "localhost");
    near.pipe(far);
    far.on("data", (answer) => isCut || near.write(answer));
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end);
      end.on("error", () => other.destroy()).on("close", () => ends.delete(end) && other.destroy());
    }
  });
  server.listen(0);
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return {
    port: address.port,
    cut() {
      isCut = true;
    },
    mend() {
      isCut = false;
    },
    async close() {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
