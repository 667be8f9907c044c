// node tools/setup.mjs [--build] <command …>
//
// Brings a checkout to where the command can run, and runs it with node_modules/.bin first on the path, where Node 24 is.
// Does only what is out of date. It runs before there is anything: on Node 20, without a dependency.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

if (Number.parseInt(process.versions.node, 10) < 20)
  fail(`Passalong needs Node 20 or newer, this is ${process.version}.`);

process.chdir(path.resolve(path.dirname(fileURLToPath(import.meta.url)), ".."));
process.env.PATH = [path.resolve("node_modules/.bin"), process.env.PATH].join(path.delimiter);
// What V8 has compiled is kept for the next process: the app starts in four fifths of the time.
process.env.NODE_COMPILE_CACHE ??= path.resolve("node_modules/.cache/compiled");

const arguments_ = process.argv.slice(2);
const build = arguments_[0] === "--build";
const [command, ...rest] = build ? arguments_.slice(1) : arguments_;

/** Each is done again when its inputs are not what its stamp remembers. */
const steps = [
  {
    doing: "Installing packages, about a minute",
    run: ["npm", "ci", "--no-audit", "--no-fund"],
    inputs: ["package-lock.json"],
    stamp: "node_modules/.setup/install",
    isDone: installedByHand,
  },
  {
    doing: "Generating the database client",
    run: ["prisma", "generate"],
    inputs: ["prisma/schema.prisma", "package-lock.json"],
    stamp: "node_modules/.setup/generate",
  },
  build && {
    doing: "Building the app",
    run: ["remix", "vite:build"],
    inputs: [
      "app",
      "public",
      "vite.config.ts",
      "tools/polaris-styles.ts",
      "tsconfig.json",
      "shopify.app.toml",
      "prisma/schema.prisma",
      "package-lock.json",
    ],
    stamp: "build/.setup",
  },
];

for (const step of steps) if (step) bringUpToDate(step);
if (command) await runInstead(command, rest);

function bringUpToDate({ doing, run, inputs, stamp, isDone }) {
  const state = hashOf(inputs);
  if (existsSync(stamp) ? readFileSync(stamp, "utf8") === state : isDone?.()) return;
  process.stderr.write(`${doing} …`);
  const started = performance.now();
  const [program, ...args] = run;
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    shell: process.platform === "win32",
  });
  process.stderr.write(` ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  if (status !== 0) fail(`${stdout}\n${stderr}\n${run.join(" ")} failed${error ? `: ${error.message}` : ""}`);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}

/** After `npm ci` or `npm install` by a person: npm's own record is newer than the lock. */
function installedByHand() {
  const record = "node_modules/.package-lock.json";
  return existsSync(record) && statSync(record).mtimeMs >= statSync("package-lock.json").mtimeMs;
}

function hashOf(inputs) {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap(filesIn)) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/** Sources below a path, in a fixed order; tests and texts are not part of what is built. */
function filesIn(input) {
  if (!existsSync(input)) return [];
  if (statSync(input).isFile()) return [input];
  return readdirSync(input, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$|\.md$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Hands over the terminal, the signals and the exit code. */
async function runInstead(program, args) {
  const child = spawn(program, args, { stdio: "inherit", shell: process.platform === "win32" });
  // A terminal sends Ctrl-C to the child as well; once is enough.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.exitCode = await new Promise((resolve) => {
    child.on("error", (error) => fail(`cannot run ${program}: ${error.message}`));
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
