import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { printEvents } from "#app/catalog/print-events.ts";

/** Writes docs/events.md from the catalogue; with --check it only says whether it is stale. */
const FILE = "docs/events.md";

if (!process.argv.includes("--check")) writeFileSync(FILE, printEvents());
else if (readFileSync(FILE, "utf8") !== printEvents()) {
  console.error(`${FILE} is stale: npm run generate`);
  process.exitCode = 1;
}
