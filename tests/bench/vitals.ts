import type { BrowserContext, Frame, Page } from "playwright";

/** What a document tells of itself since it began to load: https://web.dev/articles/vitals; times in ms. */
export type Vitals = { readonly lcp: number; readonly cls: number };

const THROTTLE = "Emulation.setCPUThrottlingRate";
/** The shortest duration that browsers tell of an event. */
const SHORTEST_MS = 16;

type Interaction = { readonly begins: number; readonly lasts: number };
type Seen = { lcp: number; cls: number; interactions: Interaction[] };

/** Makes every document of a person's browser keep what it will be asked for; the browser forgets events it reported. */
export async function watchVitals(context: BrowserContext): Promise<void> {
  await context.addInitScript((shortest) => {
    const seen: Seen = { lcp: 0, cls: 0, interactions: [] };
    Object.assign(window, { seenVitals: seen });
    const observe = (type: string, see: (entry: PerformanceEntry) => void) => {
      const options = { type, buffered: true, durationThreshold: shortest };
      new PerformanceObserver((list) => list.getEntries().forEach(see)).observe(options);
    };
    observe("largest-contentful-paint", ({ startTime }) => {
      seen.lcp = startTime;
    });
    // All shifts are added up, so it is at least the cumulative layout shift, which takes the worst five seconds.
    observe("layout-shift", (entry) => {
      if (!Reflect.get(entry, "hadRecentInput")) seen.cls += Number(Reflect.get(entry, "value"));
    });
    observe("event", (entry) => {
      if (Reflect.get(entry, "interactionId")) {
        seen.interactions.push({ begins: entry.startTime, lasts: entry.duration });
      }
    });
    // The admin's Save button stands outside of the frame; what it tells the app begins an interaction all the same,
    // which lasts until the app has painted.
    addEventListener("message", ({ data, timeStamp }) => {
      if (data?.event !== "saveBarClick") return;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          seen.interactions.push({ begins: timeStamp, lasts: performance.now() - timeStamp });
        };
        port2.postMessage(null);
      });
    });
  }, SHORTEST_MS);
}

/** Whether a document tells of its largest paint, which may take a moment. */
export function hasPainted(frame: Frame): Promise<boolean> {
  const told = frame.waitForFunction(() => Reflect.get(window, "seenVitals").lcp > 0, null, { timeout: 5_000 });
  return told.then(
    () => true,
    () => false,
  );
}

export function readVitals(frame: Frame): Promise<Vitals> {
  return frame.evaluate(() => {
    const { lcp, cls }: Seen = Reflect.get(window, "seenVitals");
    return { lcp, cls };
  });
}

/** How long the slowest interaction of what is done in a frame takes to the next paint; at least what browsers tell. */
export async function slowestOf(frame: Frame, act: () => Promise<void>): Promise<number> {
  const from = await frame.evaluate(() => performance.now());
  await act();
  // What the browser tells of an event comes after the paint.
  await frame.waitForTimeout(300);
  return frame.evaluate(
    ({ from, shortest }) => {
      const { interactions }: Seen = Reflect.get(window, "seenVitals");
      return Math.max(shortest, ...interactions.filter(({ begins }) => begins >= from).map(({ lasts }) => lasts));
    },
    { from, shortest: SHORTEST_MS },
  );
}

/**
 * Slows the processor down for a page and, before they run a line, for the frames in processes of their own within it.
 * Playwright has no session for a frame that is yet to come, so theirs are spoken to through the page's.
 * https://chromedevtools.github.io/devtools-protocol/tot/Emulation/#method-setCPUThrottlingRate
 * @returns does it again, to the frames that are there by then
 */
export async function slowDown(page: Page, rate: number): Promise<(rate: number) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const frames = new Set<string>();
  let id = 0;
  const tell = (sessionId: string, method: string, params = {}) =>
    session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id: ++id, method, params }) });
  const setRate = async (to: number) => {
    await session.send(THROTTLE, { rate: to });
    for (const frame of frames) await tell(frame, THROTTLE, { rate: to });
  };
  session.on("Target.detachedFromTarget", ({ sessionId }) => frames.delete(sessionId));
  session.on("Target.attachedToTarget", async ({ sessionId }) => {
    frames.add(sessionId);
    try {
      await tell(sessionId, THROTTLE, { rate });
      await tell(sessionId, "Runtime.runIfWaitingForDebugger");
    } catch (error) {
      // A frame that was replaced before it began. That the measured one was slowed down is measured too.
      if (frames.has(sessionId)) throw error;
    }
  });
  await setRate(rate);
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: false });
  return setRate;
}

/**
 * How much slower a frame's process is than without slow-down: the best times of both, because other processes of the
 * machine make both longer. Where they take most of it the browser cannot keep its promise.
 */
export async function measuredSlowDown(frame: Frame, setRate: (rate: number) => Promise<void>, rate: number) {
  let slow = Number.POSITIVE_INFINITY;
  let plain = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 5; tries++) {
    await setRate(rate);
    slow = Math.min(slow, await workTime(frame));
    await setRate(1);
    plain = Math.min(plain, await workTime(frame));
  }
  return slow / plain;
}

/** How long a fixed piece of work takes in a frame's process, in ms: the best of three, long enough for the slow-down to be even. */
function workTime(frame: Frame): Promise<number> {
  return frame.evaluate(() => {
    const times = [1, 2, 3].map(() => {
      const began = performance.now();
      let sum = 0;
      for (let i = 0; i < 30_000_000; i++) sum += i % 7;
      return sum > 0 ? performance.now() - began : Number.POSITIVE_INFINITY;
    });
    return Math.min(...times);
  });
}
