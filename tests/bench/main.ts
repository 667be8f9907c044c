import { existsSync } from "node:fs";
import { type Figure, report } from "./figure.ts";

/** `npm run bench -- NAME [--json FILE] [--events N]`: runs tests/bench/NAME.bench.ts. */
const [name = "", ...args] = process.argv.slice(2);
const file = new URL(`./${name}.bench.ts`, import.meta.url);

if (!/^\w+$/.test(name) || !existsSync(file)) {
  console.error(`There is no bench called "${name}". Usage: npm run bench -- webhooks [--json FILE]`);
  process.exit(1);
}
const { bench }: { bench: (args: readonly string[]) => Promise<Figure[]> } = await import(file.href);
report(await bench(args), args);
