import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, vi } from "vitest";
import { CALL_TIMEOUT_MS, secondsOf, send } from "./send.ts";

const NEVER = new AbortController().signal;
const DATE = "Thu, 05 Nov 2026 10:00:00 GMT";

test.each([
  ["7", undefined, 7],
  ["0", undefined, 1],
  ["0.2", undefined, 1],
  ["Thu, 05 Nov 2026 10:00:42 GMT", DATE, 42],
  ["Thu, 05 Nov 2026 09:59:00 GMT", DATE, 1],
  ["soon", DATE, undefined],
  [undefined, DATE, undefined],
])("Retry-After %s, answered at %s, asks to wait %s seconds", (retryAfter, date, seconds) => {
  expect(secondsOf(retryAfter, date)).toBe(seconds);
});

async function serve(listener: http.RequestListener) {
  const server = http.createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("a call is recorded as it went, without its headers", async () => {
  using server = await serve((request, response) => {
    response.writeHead(202, { "content-type": "text/plain" }).end(request.headers.authorization);
  });
  const call = await send(
    { method: "POST", url: `${server.url}/a`, headers: { authorization: "x" }, body: "{}" },
    NEVER,
  );
  expect(call).toEqual({
    method: "POST",
    url: `${server.url}/a`,
    body: "{}",
    answer: { status: 202, contentType: "text/plain", body: "x", retryAfter: undefined },
    durationMs: expect.any(Number),
  });
});

test("a redirect is an answer: the credentials do not follow it", async () => {
  using server = await serve((_, response) => void response.writeHead(302, { location: "/elsewhere" }).end());
  const { answer } = await send({ method: "GET", url: server.url, headers: {}, body: null }, NEVER);
  expect(answer).toMatchObject({ status: 302 });
});

test("a call that is not answered says why", async () => {
  using server = await serve((request) => request.socket.destroy());
  const { answer } = await send({ method: "GET", url: server.url, headers: {}, body: null }, NEVER);
  expect(answer).toEqual({ status: null, because: expect.stringMatching(/^no answer: /) });
});

test("a call can be given up", async () => {
  using server = await serve(() => {});
  const given = AbortSignal.abort();
  const { answer } = await send({ method: "GET", url: server.url, headers: {}, body: null }, given);
  expect(answer).toEqual({ status: null, because: "given up" });
});

test("a call that takes too long is given up", async () => {
  using server = await serve(() => {});
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const call = send({ method: "GET", url: server.url, headers: {}, body: null }, NEVER);
  await vi.advanceTimersByTimeAsync(CALL_TIMEOUT_MS);
  vi.useRealTimers();
  expect((await call).answer).toEqual({ status: null, because: "no answer within 10 s" });
});
