import { spawnSync } from "node:child_process";
import { expect, test, vi } from "vitest";

/** What a process writes that runs these lines; the log goes to standard output, where no test can look inside itself. */
function linesOf(code: string): Record<string, unknown>[] {
  vi.stubEnv("LOG_LEVEL", "info");
  const program = `import { log } from "#app/log.server.ts"; ${code}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", program], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("a line says when, how bad and of which id, and nothing about people or keys", () => {
  const [line] = linesOf(
    `log.info({ shopId: "shp_1", job: "x", email: "ada@shop.test", headers: { authorization: "k" } }, "for ada@shop.test")`,
  );
  expect(line).toEqual({
    level: "info",
    time: expect.stringMatching(/^20.*Z$/),
    shopId: "shp_1",
    job: "x",
    email: "[redacted]",
    headers: { authorization: "[redacted]" },
    msg: "for [email]",
  });
});

test("the path of a verification link that failed is told without its token", () => {
  const lines = linesOf(`
    const path = "/proxy/verify/Zk3_b-9dQ0aT7xYw1LrV5uHs8eJm2cPn";
    log.error({ err: new Error("no answer to " + path), method: "GET", path }, "route");`);
  expect(lines[0]).toMatchObject({ method: "GET", path: "/proxy/verify/[redacted]" });
  expect(JSON.stringify(lines)).not.toContain("Zk3_b");
});

test("an error keeps its stack, and loses the people in it", () => {
  const lines = linesOf(`
    const error = Object.assign(new Error("no such person: ada@shop.test", { cause: new Error("bob@shop.test") }), {
      response: { body: "secret" }, status: 404 });
    log.error(error); log.error({ err: error, deliveryId: "dlv_1" }, "delivery"); log.error({ err: "just text" });`);
  const err = {
    type: "Error",
    message: expect.stringContaining("[email]"),
    stack: expect.stringContaining("at "),
    status: 404,
  };
  expect(lines[0]).toMatchObject({ level: "error", err, msg: expect.stringContaining("no such person: [email]") });
  expect(lines[1]).toMatchObject({ deliveryId: "dlv_1", err: { ...err, response: "[redacted]" }, msg: "delivery" });
  expect(lines[2]).toMatchObject({ err: "just text" });
  expect(JSON.stringify(lines)).not.toMatch(/@shop|secret/);
});
