import { Duplex } from "node:stream";
import type { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { type Session, shareSession } from "./pglite-session.ts";
import { FROM_CLIENT, framesOf, greeting, prefixStatements, startupLength } from "./wire.ts";

const CONNECTIONS = 10;

/**
 * A real `pg.Pool` whose connections end in an embedded PGlite instead of a socket, so that Prisma, pg-boss and our own
 * SQL use one and the same driver on both databases. What differs from a server follows from the single session:
 * transactions run one after another, and a second connection used inside a transaction waits until its end.
 */
export async function pglitePool(database: PGlite): Promise<pg.Pool> {
  await database.exec("SET TIME ZONE 'UTC'");
  const { rows } = await database.query<{ server_version: string }>("SHOW server_version");
  const hello = greeting({
    server_version: rows[0]?.server_version ?? "",
    client_encoding: "UTF8",
    TimeZone: "UTC",
    standard_conforming_strings: "on",
    integer_datetimes: "on",
  });
  const session = shareSession(database);
  let count = 0;
  return new pg.Pool({
    max: CONNECTIONS,
    idleTimeoutMillis: 0,
    stream: () => new PgliteSocket(session, hello, `c${++count}_`),
  });
}

/** What pg takes for its socket. A class because it is one: Node's streams are made by extending them. */
class PgliteSocket extends Duplex {
  readonly #session: Session;
  readonly #hello: Buffer;
  readonly #prefix: string;
  readonly #client = { receive: (messages: Buffer) => void this.push(messages) };
  #unread: Buffer = Buffer.alloc(0);
  #greeted = false;

  constructor(session: Session, hello: Buffer, prefix: string) {
    super();
    this.#session = session;
    this.#hello = hello;
    this.#prefix = prefix;
  }

  connect() {
    this.#session.attach(this.#client);
    process.nextTick(() => this.emit("connect"));
    return this;
  }

  setNoDelay = () => this;
  setKeepAlive = () => this;
  ref = () => this;
  unref = () => this;

  override _read() {
    // Answers are pushed when they come; there is nothing to ask for.
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void) {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), "buffer", done);
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void) {
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    if (!this.#greeted && !this.#greet()) return done();
    const { length, terminated } = this.#batch();
    if (terminated) {
      this.push(null);
      this.#session.detach(this.#client);
    }
    if (terminated || length === 0) return done();
    // A copy of its own: the bytes leave for PGlite's memory.
    const batch = new Uint8Array(prefixStatements(this.#unread.subarray(0, length), this.#prefix));
    this.#unread = this.#unread.subarray(length);
    this.#session.run(this.#client, batch).then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void) {
    this.#session.detach(this.#client);
    done(error);
  }

  #greet(): boolean {
    const length = startupLength(this.#unread);
    if (length === undefined) return false;
    this.#unread = this.#unread.subarray(length);
    this.#greeted = true;
    this.push(this.#hello);
    return true;
  }

  /** Everything up to the last message that asks for an answer goes in one turn. */
  #batch(): { length: number; terminated: boolean } {
    let length = 0;
    for (const { type, end } of framesOf(this.#unread)) {
      if (type === FROM_CLIENT.terminate) return { length, terminated: true };
      if (type === FROM_CLIENT.sync || type === FROM_CLIENT.query || type === FROM_CLIENT.flush) length = end;
    }
    return { length, terminated: false };
  }
}
