/** Ranges of numbers: what several comparisons leave of the line. Knows nothing of fields. */

/** From `low` to `high`; an open end does not belong to it. */
export interface Range {
  readonly low: number;
  readonly lowOpen: boolean;
  readonly high: number;
  readonly highOpen: boolean;
}

export const EVERYTHING: readonly Range[] = [
  { low: -Infinity, lowOpen: false, high: Infinity, highOpen: false },
];

export const atLeast = (low: number): Range => ({ low, lowOpen: false, high: Infinity, highOpen: false });
export const moreThan = (low: number): Range => ({ low, lowOpen: true, high: Infinity, highOpen: false });
export const atMost = (high: number): Range => ({ low: -Infinity, lowOpen: false, high, highOpen: false });
export const lessThan = (high: number): Range => ({ low: -Infinity, lowOpen: false, high, highOpen: true });
export const between = (low: number, high: number): Range => ({ low, lowOpen: false, high, highOpen: false });

/** Whatever lies in both. */
export function intersect(left: readonly Range[], right: readonly Range[]): readonly Range[] {
  return left.flatMap((a) => right.map((b) => overlap(a, b))).filter((range) => !isNothing(range));
}

/** Whatever does not lie in the range. */
export function outside(range: Range): readonly Range[] {
  const below: Range = { ...lessThan(range.low), highOpen: !range.lowOpen };
  const above: Range = { ...moreThan(range.high), lowOpen: !range.highOpen };
  return [below, above].filter((part) => !isNothing(part));
}

/** A number in the range, a round one where there is one. */
export function numberIn({ low, lowOpen, high, highOpen }: Range): number {
  if (low === -Infinity && high === Infinity) return 0;
  if (low === -Infinity) return highOpen ? high - 1 : high;
  if (!lowOpen) return low;
  const next = low + 1;
  return next < high || (next === high && !highOpen) ? next : (low + high) / 2;
}

function overlap(a: Range, b: Range): Range {
  const low = Math.max(a.low, b.low);
  const high = Math.min(a.high, b.high);
  return {
    low,
    lowOpen: (a.low === low && a.lowOpen) || (b.low === low && b.lowOpen),
    high,
    highOpen: (a.high === high && a.highOpen) || (b.high === high && b.highOpen),
  };
}

function isNothing({ low, lowOpen, high, highOpen }: Range): boolean {
  if (low > high) return true;
  return low === high && (lowOpen || highOpen || !Number.isFinite(low));
}
