import type { Endpoint, EndpointName } from "./endpoints.ts";

type Window = { index: number; count: number };
type Counts = { second: Window; minute: Window; day: Window };

/** `headers` belong on the answer; `retryAfter` (whole seconds) is set where the call is over a limit. */
type Verdict = { headers: Record<string, string>; retryAfter?: number };

const SECOND = 1_000;
const MINUTE = 60_000;
const DAY = 86_400_000;

const unused = (): Window => ({ index: -1, count: 0 });

/**
 * Klaviyo's fixed windows, per account and operation: a 1-second burst and a 60-second steady one
 * (developers.klaviyo.com/en/docs/rate_limits_and_error_handling), and a daily one where stated.
 * The windows are aligned to the clock; where Klaviyo's begin is not documented. A refused call is not counted.
 */
export function createRates<Account extends object>() {
  const counts = new WeakMap<Account, Map<EndpointName, Counts>>();

  /**
   * @param at real time in ms: a stand-in whose clock is moved must not open or keep a window by that.
   * @param scale length of the windows, 1 = as documented, 1/50 = the same number of calls in a 50th of the time, 0 = no limit.
   */
  function take(account: Account, name: EndpointName, limits: Endpoint, at: number, scale: number): Verdict {
    const stretch = scale || 1;
    const { second, minute, day } = countsOf(account, name);
    const windows: [Window, number, number][] = [
      [second, limits.burst, SECOND * stretch],
      [minute, limits.steady, MINUTE * stretch],
    ];
    if (limits.daily !== undefined) windows.push([day, limits.daily, DAY * stretch]);

    let wait = 0;
    for (const [window, limit, length] of windows) {
      const index = Math.floor(at / length);
      if (window.index !== index) {
        window.index = index;
        window.count = 0;
      }
      if (window.count >= limit) wait = Math.max(wait, (index + 1) * length - at);
    }
    if (wait > 0 && scale > 0) {
      const retryAfter = Math.max(1, Math.ceil(wait / 1000));
      return { headers: { "Retry-After": String(retryAfter) }, retryAfter };
    }
    for (const [window] of windows) window.count += 1;
    const reset = Math.ceil(((minute.index + 1) * MINUTE * stretch - at) / 1000);
    return {
      headers: {
        "RateLimit-Limit": String(limits.steady),
        "RateLimit-Remaining": String(Math.max(0, limits.steady - minute.count)),
        "RateLimit-Reset": String(reset),
      },
    };
  }

  function countsOf(account: Account, name: EndpointName): Counts {
    const ofAccount = counts.get(account) ?? new Map<EndpointName, Counts>();
    counts.set(account, ofAccount);
    const found = ofAccount.get(name) ?? { second: unused(), minute: unused(), day: unused() };
    ofAccount.set(name, found);
    return found;
  }

  return { take };
}
