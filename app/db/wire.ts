/**
 * The few facts of PostgreSQL's wire protocol that the embedded database's bridge needs.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

/** First byte of a message. Letters mean different things in the two directions. */
export const FROM_CLIENT = {
  bind: 0x42,
  close: 0x43,
  describe: 0x44,
  flush: 0x48,
  parse: 0x50,
  query: 0x51,
  sync: 0x53,
  terminate: 0x58,
} as const;
export const FROM_SERVER = { notification: 0x41, readyForQuery: 0x5a } as const;

/** Transaction status in ReadyForQuery: idle, as opposed to in a transaction or in a failed one. */
export const IDLE = 0x49;

const STATEMENT = 0x53; // in Describe and Close: a prepared statement, as opposed to a portal
const HEAD = 5; // type byte and length

export type Frame = { readonly type: number; readonly start: number; readonly end: number };

/** The whole messages at the beginning of a buffer; an unfinished last one is left out. */
export function* framesOf(buffer: Buffer): Generator<Frame> {
  for (let start = 0; start + HEAD <= buffer.length; ) {
    const end = start + 1 + buffer.readInt32BE(start + 1);
    if (end > buffer.length) return;
    yield { type: buffer.readUInt8(start), start, end };
    start = end;
  }
}

/** Length of the start-up message, the only one without a type byte; undefined while it is incomplete. */
export function startupLength(buffer: Buffer): number | undefined {
  const length = buffer.length < 4 ? Number.POSITIVE_INFINITY : buffer.readInt32BE(0);
  return length <= buffer.length ? length : undefined;
}

/** What a server says to a new connection: authenticated, its settings, a key for cancelling, ready. */
export function greeting(settings: Record<string, string>): Buffer {
  return Buffer.concat([
    message("R", Buffer.alloc(4)),
    ...Object.entries(settings).map(([name, value]) => message("S", Buffer.from(`${name}\0${value}\0`))),
    message("K", Buffer.alloc(8)),
    message("Z", Buffer.of(IDLE)),
  ]);
}

export function simpleQuery(sql: string): Buffer {
  return message("Q", Buffer.from(`${sql}\0`));
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(HEAD, type, "latin1");
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/**
 * The same messages with a prefix before every name of a prepared statement: connections that share one session must
 * not see each other's statements. The unnamed statement stays unnamed.
 */
export function prefixStatements(messages: Buffer, prefix: string): Buffer {
  const parts: Buffer[] = [];
  let copied = 0;
  for (const { type, start, end } of framesOf(messages)) {
    const name = statementNameAt(messages, type, start);
    if (name === undefined || messages[name] === 0) continue;
    const head = Buffer.from(messages.subarray(start, name));
    head.writeInt32BE(end - start - 1 + prefix.length, 1);
    parts.push(messages.subarray(copied, start), head, Buffer.from(prefix, "latin1"));
    copied = name;
  }
  return copied === 0 ? messages : Buffer.concat([...parts, messages.subarray(copied)]);
}

function statementNameAt(messages: Buffer, type: number, start: number): number | undefined {
  const body = start + HEAD;
  if (type === FROM_CLIENT.parse) return body;
  if (type === FROM_CLIENT.bind) return messages.indexOf(0, body) + 1; // behind the portal's name
  if (type === FROM_CLIENT.describe || type === FROM_CLIENT.close) {
    return messages[body] === STATEMENT ? body + 1 : undefined;
  }
  return undefined;
}
