/** Tries of one delivery before it is set aside: with these delays about three days of an ESP that fails on it. */
export const TRIES = 900;

const LONGEST_SECONDS = 300;

/**
 * Seconds until the next try: 1, 2, 4 … up to five minutes, give or take a fifth, so that what failed together does not
 * come back together.
 * @param tries how often it was tried
 */
export function retryDelay(tries: number): number {
  const seconds = Math.min(2 ** (tries - 1), LONGEST_SECONDS);
  return seconds * (0.8 + Math.random() * 0.4);
}
