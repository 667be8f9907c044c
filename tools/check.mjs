// npm run check: everything that must be true before a change is committed. CI runs this, and the tests that touch a database again on PostgreSQL.
import { spawnSync } from "node:child_process";
import process from "node:process";

const steps = [
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
  { what: "tests", command: "vitest run", shown: true },
];

for (const { what, command, shown } of steps) {
  process.stdout.write(shown ? `── ${what}\n` : `── ${what} `);
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, {
    shell: true,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: shown ? "inherit" : "pipe",
  });
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  if (status !== 0) {
    process.stdout.write(`✗ ${seconds}\n\n${stdout ?? ""}${stderr ?? ""}\n${what}: "${command}" failed\n`);
    process.exit(1);
  }
  process.stdout.write(shown ? `── ${what} ✓ ${seconds}\n` : `✓ ${seconds}\n`);
}
