import { once } from "node:events";
import http from "node:http";
import { afterEach, expect, test } from "vitest";
import { boundedBody } from "./bounded-body.ts";

const LIMIT = 1000;
let server: http.Server | undefined;

async function start(): Promise<string> {
  const echo: http.RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end(`${request.method} ${request.url} ${Buffer.concat(chunks)}`);
  };
  server = http.createServer(boundedBody(LIMIT, echo)).listen(0);
  await once(server, "listening");
  const address = server.address();
  return `http://localhost:${typeof address === "object" ? address?.port : 0}`;
}

/** A body of unknown length, 100 bytes at a time. */
function chunks(count: number): ReadableStream<Uint8Array> {
  let left = count;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new TextEncoder().encode("0123456789".repeat(10)));
      else controller.close();
    },
  });
}

function post(url: string, body: string | ReadableStream<Uint8Array>) {
  const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
  return fetch(url, init);
}

afterEach(() => server?.close());

test("bodies up to the limit come through, whole or in chunks", async () => {
  const url = await start();
  expect(await (await post(`${url}/a?b`, "x".repeat(LIMIT))).text()).toBe(`POST /a?b ${"x".repeat(LIMIT)}`);
  expect(await (await post(`${url}/a?b`, chunks(10))).text()).toBe(`POST /a?b ${"0123456789".repeat(100)}`);
  expect(await (await fetch(`${url}/c`)).text()).toBe("GET /c ");
});

test("larger ones get 413, whether their length was announced or not", async () => {
  const url = await start();
  expect((await post(url, "x".repeat(LIMIT + 1))).status).toBe(413);
  expect((await post(url, chunks(11))).status).toBe(413);
});

test("who goes on sending is cut off", async () => {
  const url = await start();
  await expect(post(url, chunks(10_000))).rejects.toThrow();
});
