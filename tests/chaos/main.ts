import { existsSync } from "node:fs";
import { type Figure, report } from "#tests/bench/figure.ts";

/** `npm run chaos -- NAME [--json FILE]`: runs tests/chaos/NAME.chaos.ts. */
const [name = "", ...args] = process.argv.slice(2);
const file = new URL(`./${name}.chaos.ts`, import.meta.url);

if (!/^\w+$/.test(name) || !existsSync(file)) {
  console.error(`There is no chaos called "${name}". Usage: npm run chaos -- delivery [--json FILE]`);
  process.exit(1);
}
const { chaos }: { chaos: () => Promise<Figure[]> } = await import(file.href);
report(await chaos(), args);
