import axe from "axe-core";
import type { Frame, Page } from "playwright";
import { expect } from "vitest";
import { APP_FRAME, appFrame } from "./visits.ts";

/** How far a document may move while it loads (Built for Shopify allows 0.1 in the admin). */
const MOST_SHIFT = { admin: 0.02, storefront: 0 };

declare global {
  interface Window {
    axe?: typeof axe;
  }
}

/**
 * Fails where a page has an accessibility violation, or moves while it loads. Of an admin page the app's document is
 * judged, not Shopify's around it.
 */
export async function expectGoodPage(page: Page): Promise<void> {
  const inAdmin = (await page.locator(APP_FRAME).count()) > 0;
  const [frame, most] = inAdmin ? [appFrame(page), MOST_SHIFT.admin] : [page.mainFrame(), MOST_SHIFT.storefront];
  expect(await violationsIn(frame), `accessibility of ${page.url()}`).toEqual([]);
  expect(await layoutShift(page, frame), `layout shift of ${page.url()}`).toBeLessThanOrEqual(most);
}

/**
 * What a document does that keeps people out, in words. axe runs in the document itself: from the page it would look into
 * every frame and open another page to sum up, which takes twice as long.
 * https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md
 */
async function violationsIn(frame: Frame): Promise<string[]> {
  if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(`${axe.source};`);
  return frame.evaluate(async () => {
    const { violations = [] } = (await window.axe?.run({ resultTypes: ["violations"] })) ?? {};
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
    );
  });
}

/** A phone's width, and one at which the admin's menu leaves little room beside it. */
const NARROW = [400, 784];

/**
 * Fails where the app's document, or a card of it, is too narrow for what stands in it. It makes the window narrower and
 * wide again, which `expectGoodPage` takes for a shift of what is in it.
 */
export async function expectFits(page: Page): Promise<void> {
  const usual = page.viewportSize() ?? { width: 1280, height: 900 };
  for (const width of NARROW) {
    await narrowTo(page, width);
    expect(await overflowing(appFrame(page)), `${page.url()} at ${width} px`).toEqual([]);
  }
  await page.setViewportSize(usual);
}

/** Makes the app's frame that wide; Shopify's menu beside it keeps its own width. */
export async function narrowTo(page: Page, width: number): Promise<void> {
  const inner = () => appFrame(page).evaluate(() => innerWidth);
  const { width: outer, height } = page.viewportSize() ?? { width: 1280, height: 900 };
  await page.setViewportSize({ width: outer - (await inner()) + width, height });
  await expect.poll(inner).toBe(width);
}

/** What is wider than its card, or makes the document wider than the frame, in words for who has to find it. */
async function overflowing(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const told = (element: Element) => `${element.tagName} ${element.className} "${element.textContent?.slice(0, 60)}"`;
    const cards = [...document.querySelectorAll(".Polaris-ShadowBevel")].flatMap((card) => {
      const { right } = card.getBoundingClientRect();
      // What is hidden from view for those who listen is one pixel wide.
      const parts = [...card.querySelectorAll("*")].filter((part) => part.getBoundingClientRect().width > 1);
      return parts.filter((part) => part.getBoundingClientRect().right > right + 1).map(told);
    });
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`the document is ${scrollWidth} px wide`, ...cards] : cards;
  });
}

/**
 * How long a document may still be moving because of what somebody typed or pressed, or because the server answered that.
 * The browser's own half second is for a machine that does nothing else; `npm run bench -- pages` measures on one.
 */
const REACTION_MS = 3000;

/**
 * How far a document's content has moved since it began to load, without what followed from typing or pressing something in
 * it or around it, however long the server took to answer. All shifts are added up; https://web.dev/articles/cls has how
 * each is measured.
 */
async function layoutShift(page: Page, frame: Frame): Promise<number> {
  const causes = causesIn(await Promise.all([page, frame].map((place) => place.evaluate(doings))));
  const unasked = (await shiftsIn(frame)).filter(({ at }) => !causes.some((cause) => follows(at, cause)));
  return unasked.reduce((total, { value }) => total + value, 0);
}

/** When somebody typed or pressed something in a document, and what it asked its server. Runs in the document. */
function doings() {
  const requests = performance.getEntriesByType("resource").map(({ startTime, duration }) => ({
    from: performance.timeOrigin + startTime,
    to: performance.timeOrigin + startTime + duration,
  }));
  return { inputs: window.inputs ?? [], requests };
}

/** The moments after which a document may move: of what was typed or pressed, and of each answer to what followed. */
function causesIn(documents: readonly Awaited<ReturnType<typeof doings>>[]): number[] {
  const causes = documents.flatMap(({ inputs }) => inputs);
  const requests = documents.flatMap(({ requests }) => requests).sort((a, b) => a.from - b.from);
  for (const { from, to } of requests) if (causes.some((cause) => follows(from, cause))) causes.push(to);
  return causes;
}

function follows(moment: number, cause: number): boolean {
  return cause <= moment && moment - cause < REACTION_MS;
}

/** Every move of a document's content, and when it was seen. */
function shiftsIn(frame: Frame): Promise<{ at: number; value: number }[]> {
  return frame.evaluate(
    () =>
      new Promise((resolve) => {
        const shifts: { at: number; value: number }[] = [];
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            if ("value" in entry)
              shifts.push({ at: performance.timeOrigin + entry.startTime, value: Number(entry.value) });
          }
        });
        observer.observe({ type: "layout-shift", buffered: true });
        // What is buffered comes in a task of its own: two frames later it is here.
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(shifts))));
      }),
  );
}
