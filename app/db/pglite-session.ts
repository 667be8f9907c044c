import type { PGlite } from "@electric-sql/pglite";
import { FROM_SERVER, framesOf, IDLE, simpleQuery } from "./wire.ts";

/** One connection's side of the shared session. */
export type Client = {
  /** Takes messages of the server. */
  readonly receive: (messages: Buffer) => void;
};

export type Session = {
  readonly attach: (client: Client) => void;
  /** Forgets the client; a transaction that it leaves open is rolled back. */
  readonly detach: (client: Client) => void;
  /** Runs whole messages up to a Sync, Query or Flush, after those that wait before it. */
  readonly run: (client: Client, messages: Uint8Array) => Promise<void>;
};

type Turn = { client: Client; messages: Uint8Array; done: (error?: Error) => void };

/** How long turns may follow each other without a break; PGlite answers in microtasks, which starve timers and sockets. */
const BREATH_MS = 4;

/**
 * PGlite has ONE session. This runs the messages of many clients on it one after another; a client in a transaction
 * keeps the session to itself until the transaction ends.
 */
export function shareSession(database: PGlite): Session {
  const clients = new Set<Client>();
  let waiting: Turn[] = [];
  let owner: Client | undefined;
  let pumping = false;
  let lastBreath = 0;

  async function pump() {
    if (pumping) return;
    pumping = true;
    for (;;) {
      if (owner && !clients.has(owner)) await endTransaction();
      const turn = takeNext();
      if (!turn) break;
      await breathe();
      await database.execProtocolRaw(turn.messages).then(
        (answer) => {
          deliver(turn.client, Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
          turn.done();
        },
        (error: Error) => turn.done(error),
      );
    }
    pumping = false;
  }

  /** Rolls back what a client left behind when it went away in the middle of a transaction. */
  async function endTransaction() {
    await database.execProtocolRaw(new Uint8Array(simpleQuery("ROLLBACK")));
    owner = undefined;
  }

  async function breathe() {
    if (performance.now() - lastBreath < BREATH_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    lastBreath = performance.now();
  }

  function takeNext(): Turn | undefined {
    const index = owner ? waiting.findIndex((turn) => turn.client === owner) : 0;
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  }

  /** Hands the answer to its client, except for notifications: those go to whoever listens, not to whoever ran. */
  function deliver(client: Client, answer: Buffer) {
    let from = 0;
    const receive = (messages: Buffer) => clients.has(client) && client.receive(messages);
    for (const { type, start, end } of framesOf(answer)) {
      if (type === FROM_SERVER.readyForQuery) owner = answer[end - 1] === IDLE ? undefined : client;
      if (type !== FROM_SERVER.notification) continue;
      if (start > from) receive(answer.subarray(from, start));
      const notification = Buffer.from(answer.subarray(start, end));
      for (const listener of clients) listener.receive(notification);
      from = end;
    }
    if (from < answer.length) receive(answer.subarray(from));
  }

  function run(client: Client, messages: Uint8Array) {
    return new Promise<void>((resolve, reject) => {
      waiting.push({ client, messages, done: (error) => (error ? reject(error) : resolve()) });
      void pump();
    });
  }

  return {
    attach: (client) => void clients.add(client),
    detach(client) {
      if (!clients.delete(client)) return;
      const dropped = waiting.filter((turn) => turn.client === client);
      waiting = waiting.filter((turn) => turn.client !== client);
      for (const turn of dropped) turn.done(new Error("the connection was closed"));
      void pump();
    },
    run,
  };
}
