import "#tests/environment.ts";
import { createTestDatabase, makeTemplate } from "#tests/database.ts";
import { launchBrowser } from "#tests/e2e/browser.ts";
import { prepareBuiltApp } from "#tests/flow/built-app.ts";
import { atMost, type Figure, numberIn } from "./figure.ts";
import { openBusyShop } from "./pages-shop.ts";
import { interactions, openPage, pagesOf, type Visit } from "./pages-visits.ts";
import { hasPainted, measuredSlowDown, readVitals, slowestOf } from "./vitals.ts";

/**
 * How fast the merchant's pages are in the admin of a full shop, with the processor slowed down: the built app, the
 * simulated admin and a real Chromium on this machine. Every load is a navigation of the whole admin in a browser that
 * has nothing of us in its caches; the app has answered before. The app's own document is measured, in its frame.
 */
const SLOW_DOWN = 4;
const TIMES = 5;
/** The part of the slow-down that must be seen in the frame for the figures to mean something. */
const BELIEVED = 0.6;
const HANDLE = "juniper";

/** What was measured on one page or in one interaction, once for each time. */
type Measured = Map<string, number[]>;

/** @param args `--slow-down N`, 1 for none; `--times N`, the median of which counts */
export async function bench(args: readonly string[]): Promise<Figure[]> {
  const rate = numberIn(args, "--slow-down", SLOW_DOWN);
  const times = numberIn(args, "--times", TIMES);
  await makeTemplate();
  const database = await createTestDatabase();
  Object.assign(process.env, database.env);
  const app = await prepareBuiltApp();
  const browser = await launchBrowser(app.sim.tls.port);
  try {
    await app.start();
    await openBusyShop(app, HANDLE);
    const admin = `https://admin.shopify.com/store/${HANDLE}/apps/${process.env.SHOPIFY_API_KEY}`;
    const lcp: Measured = new Map();
    const cls: Measured = new Map();
    const inp: Measured = new Map();

    const visit = async (slowDown: number, path: string, heading: RegExp, look: (visit: Visit) => Promise<void>) => {
      for (let told = false, tries = 1; !told; tries++) {
        const person = await browser.person("merchant");
        try {
          const opened = await openPage(person, { slowDown, address: `${admin}${path}`, heading });
          // Now and then Chromium never tells of a frame's paint: such a load has no figures, and another one is made.
          told = await hasPainted(opened.frame);
          if (told) await look(opened);
          else if (tries === 3) throw new Error(`${path}: the browser told of no paint, ${tries} times`);
        } finally {
          await person.context.close();
        }
      }
    };
    let slowDown = 1;
    await visit(rate, "/app", /./, async ({ frame, setRate }) => {
      slowDown = await measuredSlowDown(frame, setRate, rate);
    });
    const pages = await pagesOf(visit);
    // Round by round, so that what else happens on the machine meets all of them.
    for (let round = 0; round < times; round++) {
      for (const { name, path, heading } of pages) {
        await visit(rate, path, heading, async ({ frame }) => {
          const vitals = await readVitals(frame);
          keep(lcp, name, vitals.lcp);
          keep(cls, name, vitals.cls);
        });
      }
      for (const { name, on, act } of interactions) {
        const page = pages.find((candidate) => candidate.name === on);
        if (!page) throw new Error(`there is no page ${on}`);
        await visit(rate, page.path, page.heading, async (opened) => {
          keep(inp, name, await slowestOf(opened.frame, () => act(opened, round)));
          keep(cls, name, (await readVitals(opened.frame)).cls);
        });
      }
    }
    if (browser.noise.length > 0) throw new Error(`errors in the browser: ${browser.noise.join("\n")}`);
    const how = `${rate} × slower, median of ${times}`;
    return [
      {
        name: "the processor, as the app's frame has it",
        measured: `${slowDown.toFixed(1)} × slower`,
        target: `≥ ${BELIEVED * rate} × slower`,
        passed: slowDown >= BELIEVED * rate,
      },
      ...[...lcp].map(([name, values]) => atMost(`LCP of ${name}, ${how}`, median(values), 1200, " ms")),
      ...[...inp].map(([name, values]) => atMost(`INP of ${name}, ${how}`, median(values), 200, " ms")),
      ...[...cls].map(([name, values]) => atMost(`CLS of ${name}, ${how}`, median(values), 0.02, "")),
      worst("LCP", how, lcp, 1200, " ms"),
      worst("INP", how, inp, 200, " ms"),
      worst("CLS", how, cls, 0.02, ""),
    ];
  } finally {
    await browser.close();
    await app.close();
    await database.drop();
  }
}

function keep(measured: Measured, name: string, value: number): void {
  measured.set(name, [...(measured.get(name) ?? []), value]);
}

function worst(what: string, how: string, measured: Measured, target: number, unit: string): Figure {
  const medians = [...measured].map(([name, values]) => ({ name, value: median(values) }));
  const most = medians.reduce((a, b) => (b.value > a.value ? b : a));
  return atMost(`${what}, worst: ${most.name}, ${how}`, most.value, target, unit);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.POSITIVE_INFINITY;
}
