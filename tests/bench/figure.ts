import { writeFileSync } from "node:fs";

/** One line of a bench: what was measured, what it should be (docs: quality figures), and whether it is. */
export type Figure = {
  readonly name: string;
  readonly measured: string;
  readonly target: string;
  readonly passed: boolean;
};

/**
 * A speed passes when it reaches the absolute target, or 0.6 of what the bare minimum does in the same run on the same
 * (noisy) machine.
 */
export function speed(
  name: string,
  perSecond: number,
  target: number,
  floor: { name: string; perSecond: number },
): Figure {
  const relative = perSecond / floor.perSecond;
  return {
    name,
    measured: `${Math.round(perSecond)}/s (${relative.toFixed(2)} × ${floor.name}, ${Math.round(floor.perSecond)}/s)`,
    target: `≥ ${target}/s or ≥ 0.60 × floor`,
    passed: perSecond >= target || relative >= 0.6,
  };
}

/** A figure that must not be larger than its target. */
export function atMost(name: string, measured: number, target: number, unit: string): Figure {
  const fineness = target > 0 && target < 1 ? 1000 : 10;
  return {
    name,
    measured: `${Math.round(measured * fineness) / fineness}${unit}`,
    target: `≤ ${target}${unit}`,
    passed: measured <= target,
  };
}

/** The number that stands behind a name among the arguments. */
export function numberIn(args: readonly string[], name: string, standard: number): number {
  const given = Number(args[args.indexOf(name) + 1]);
  return args.includes(name) && Number.isSafeInteger(given) && given > 0 ? given : standard;
}

/** Prints the table, writes it as JSON where `--json FILE` says, and makes the process fail where a figure falls short. */
export function report(figures: readonly Figure[], args: readonly string[]): void {
  const rows = figures.map(({ name, measured, target, passed }) => [
    name,
    measured,
    target,
    passed ? "ok" : "FELL SHORT",
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  const file = args[args.indexOf("--json") + 1];
  if (args.includes("--json") && file) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  if (figures.some(({ passed }) => !passed)) process.exitCode = 1;
}
