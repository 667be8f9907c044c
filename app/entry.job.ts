import { parseArgs } from "node:util";

/**
 * `npm run job -- <name> [--shop S] [--at ISO] [--with couponId=cpn_…]`: runs a job once, as of now or of a moment. What it
 * asks for (other jobs, deliveries) is done by the worker. An embedded database must not be in use by another process.
 */
const USAGE = "npm run job -- <name> [--shop handle, domain or id] [--at 2026-11-05T10:00:00Z] [--with couponId=cpn_…]";

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { shop: { type: "string" }, at: { type: "string" }, with: { type: "string", multiple: true } },
  });
  const [name = ""] = positionals;
  const at = values.at === undefined ? null : momentOf(values.at);
  // Only now: importing it opens the database, which may be in use.
  const { runJob } = await import("./run-job.server.ts");
  const said = await runJob(name, { shop: values.shop, at, fields: (values.with ?? []).map(pairOf) });
  process.stdout.write(`${said}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
  process.exitCode = 1;
}

function momentOf(text: string): Date {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) throw new RangeError(`"${text}" is no moment`);
  return moment;
}

function pairOf(text: string): [string, string] {
  const [name = "", ...value] = text.split("=");
  return [name, value.join("=")];
}
