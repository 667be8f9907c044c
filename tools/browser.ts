import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { chromium } from "playwright";

/** For `chromium.launch()`: the tests' own flags are added by who launches. */
export type Browser = { readonly executablePath: string; readonly env: NodeJS.ProcessEnv };

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** From npm, for machines with nothing else: it brings the libraries that a bare Linux lacks. */
const PACKED = { name: "@sparticuz/chromium", version: "153.0.0", folder: path.resolve(".cache/chromium") };

/**
 * Finds a Chromium, or gets one: CHROMIUM_PATH, the system's, Playwright's (installed, or installed now), npm's.
 * @throws Error telling what to install when there is none
 */
export function findBrowser(): Browser {
  const given = process.env.CHROMIUM_PATH;
  if (given) return works(given) ?? fail(`CHROMIUM_PATH=${given} does not start`);
  for (const candidate of [...SYSTEM, chromium.executablePath()]) {
    const browser = existsSync(candidate) && works(candidate);
    if (browser) return browser;
  }
  return packed() ?? installed() ?? npms() ?? fail("No Chromium: install Chrome or Chromium, or set CHROMIUM_PATH.");
}

/** It is there and so are the libraries that it needs. */
function works(executablePath: string, extra: Record<string, string> = {}): Browser | undefined {
  const env = { ...process.env, ...extra };
  const { status } = spawnSync(executablePath, ["--version"], { env, timeout: 20_000 });
  return status === 0 ? { executablePath, env } : undefined;
}

/** Playwright's own download; quick to fail where its server cannot be reached. */
function installed(): Browser | undefined {
  process.stderr.write("No Chromium here, fetching one …\n");
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "5000" };
  const { status } = spawnSync("playwright", ["install", "chromium"], { env, timeout: 300_000 });
  return status === 0 ? works(chromium.executablePath()) : undefined;
}

function npms(): Browser | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  mkdirSync(PACKED.folder, { recursive: true });
  const where = ["--prefix", PACKED.folder, "--no-save", "--no-audit", "--no-fund"];
  const install = spawnSync("npm", ["install", ...where, `${PACKED.name}@${PACKED.version}`], { timeout: 300_000 });
  if (install.status !== 0) return undefined;
  // It unpacks into the folder for temporary files, its libraries only where it believes to be on AWS Lambda.
  const unpack = `import packed from "${PACKED.name}"; await packed.executablePath();`;
  spawnSync(process.execPath, ["--input-type=module", "--eval", unpack], {
    cwd: PACKED.folder,
    env: { ...process.env, TMPDIR: PACKED.folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" },
    timeout: 120_000,
  });
  return packed();
}

function packed(): Browser | undefined {
  const executable = path.join(PACKED.folder, "chromium");
  if (!existsSync(executable)) return undefined;
  return works(executable, {
    LD_LIBRARY_PATH: path.join(PACKED.folder, "al2023", "lib"),
    FONTCONFIG_PATH: path.join(PACKED.folder, "fonts"),
  });
}

function fail(message: string): never {
  throw new Error(message);
}
