// npm run check: everything that must be true before a change is committed. CI runs this, and the tests that touch a database again on PostgreSQL.
import { exec, spawnSync } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";

const looks = [
  { what: "format and lint", command: "biome check --error-on-warnings" },
  { what: "types", command: "tsc --noEmit && tsc --noEmit -p extensions" },
  { what: "import table", command: "depcruise app tests tools extensions" },
  { what: "dead code", command: "knip --no-config-hints" },
  { what: "generated files", command: "node tools/generate.mjs --check" },
  {
    what: "migrations make the schema",
    command:
      "prisma migrate diff --from-migrations prisma/migrations --to-schema prisma/schema.prisma --script --exit-code",
  },
];

const secondsSince = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** @returns whether it holds; says so when it ends, and all that it printed when it does not */
async function look({ what, command }) {
  const start = performance.now();
  try {
    await promisify(exec)(command, { maxBuffer: 2 ** 28 });
    process.stdout.write(`── ${what} ✓ ${secondsSince(start)}\n`);
    return true;
  } catch ({ stdout, stderr }) {
    process.stdout.write(`── ${what} ✗ ${secondsSince(start)}\n\n${stdout}${stderr}\n${what}: "${command}" failed\n`);
    return false;
  }
}

const held = await Promise.all(looks.map(look));
if (held.includes(false)) process.exit(1);

process.stdout.write("── tests\n");
const { status } = spawnSync("vitest run", { shell: true, stdio: "inherit" });
process.exit(status ?? 1);
