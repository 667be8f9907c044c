// npm run generate             writes every generated file
// npm run generate -- --check  fails when one is not what would be written
//
// Each tools/generate-*.ts is a generator, and understands --check.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";

const generators = readdirSync(import.meta.dirname).filter((name) => /^generate-.*\.ts$/.test(name));

for (const name of generators) {
  const script = path.join(import.meta.dirname, name);
  const { status } = spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
