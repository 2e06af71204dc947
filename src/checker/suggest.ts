/** "Did you mean": the nearest of the names that could stand there. Knows nothing of what the names mean. */
import { foldName } from "../domain/index.ts";

/** Candidates looked at; beyond it a guess is worth less than the wait. */
const CANDIDATES_MAX = 2000;
const WORD_CHARACTERS_MAX = 100;

export interface Suggestion {
  readonly text: string;
  /** Near enough, and nearer than every other: replacing is what the author meant. */
  readonly sure: boolean;
}

/** The nearest candidate by edit distance without case, or undefined when none is near. */
export function suggest(word: string, candidates: Iterable<string>): Suggestion | undefined {
  const wanted = foldName(word);
  if (wanted === "" || wanted.length > WORD_CHARACTERS_MAX) return undefined;
  const most = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let distance = most + 1;
  let ties = 0;
  let looked = 0;
  for (const candidate of candidates) {
    if (looked++ > CANDIDATES_MAX) break;
    const found = editDistance(wanted, foldName(candidate), distance);
    if (found < distance) {
      best = candidate;
      distance = found;
      ties = 0;
    } else if (found === distance && best !== undefined) ties++;
  }
  if (best === undefined) return undefined;
  return { text: best, sure: ties === 0 && distance <= 2 && !isCounted(wanted, foldName(best)) };
}

/** A number, a Roman one, or a letter that stands alone: what tells `team 1` from `team 2`, and `Level II` from `Level III`. */
const COUNTS = /\d+|(?<![\p{L}\d])(?:[ivx]+|\p{L})(?![\p{L}\d])/gu;

/** Names that differ in what counts them are different things, however near. */
function isCounted(a: string, b: string): boolean {
  const bare = (name: string): string => name.replace(COUNTS, "").trim();
  return a !== b && bare(a) === bare(b);
}

/** Insertions, deletions, replacements and swaps of neighbours; anything above `limit` counts as `limit + 1`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > limit) return limit + 1;
    before = above;
    above = row;
  }
  return Math.min(above[b.length] ?? 0, limit + 1);
}
