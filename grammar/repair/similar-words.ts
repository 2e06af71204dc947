/** Which words of the language a word may have been meant to be: typing slips, and habits from elsewhere. */
import type { TokenType } from "chevrotain";
import { T, wordTypes } from "../tokens.ts";

export interface Meant {
  readonly text: string;
  readonly types: readonly TokenType[];
  readonly distance: number;
}

const dayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** Words that other tools use for ours; a slip of typing is found by distance. */
const habits: ReadonlyMap<string, readonly [string, readonly TokenType[]]> = new Map<
  string,
  readonly [string, readonly TokenType[]]
>([
  ["has", ["contains", [T.Contains]]],
  ["have", ["contains", [T.Contains]]],
  ["includes", ["contains", [T.Contains]]],
  ["include", ["contains", [T.Contains]]],
  ["startswith", ["starts with", [T.Starts, T.With]]],
  ["beginswith", ["starts with", [T.Starts, T.With]]],
  ["begins", ["starts", [T.Starts]]],
  ["endswith", ["ends with", [T.Ends, T.With]]],
  ["regex", ["matches", [T.Matches]]],
  ["are", ["is", [T.Is]]],
  ["was", ["is", [T.Is]]],
  ["isnt", ["is not", [T.Is, T.Not]]],
  ["greater", ["more", [T.More]]],
  ["higher", ["more", [T.More]]],
  ["larger", ["more", [T.More]]],
  ["smaller", ["less", [T.Less]]],
  ["lower", ["less", [T.Less]]],
  ["on", ["when", [T.When]]],
  ["whenever", ["when", [T.When]]],
  ["do", ["then", [T.Then]]],
  ["where", ["if", [T.If]]],
  ["above", ["more than", [T.More, T.Than]]],
  ["below", ["less than", [T.Less, T.Than]]],
  ["fires", ["received", [T.Received]]],
  ["arrives", ["received", [T.Received]]],
  ["closed", ["completed", [T.Completed]]],
  ["updated", ["edited", [T.Edited]]],
  ["opened", ["created", [T.Created]]],
  ["send", ["notify", [T.Notify]]],
  ["update", ["set", [T.Set]]],
  ["close", ["complete", [T.Complete]]],
  ...["sec", "secs"].map((word) => [word, ["seconds", [T.Unit]]] as const),
  ...["min", "mins"].map((word) => [word, ["minutes", [T.Unit]]] as const),
  ...["hr", "hrs"].map((word) => [word, ["hours", [T.Unit]]] as const),
  ["wk", ["weeks", [T.Unit]]],
  ...["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(
    (day, i) => [day, [dayNames[i] ?? day, [T.DayName]]] as const,
  ),
]);

export function meantWords(word: string): readonly Meant[] {
  const lower = word.toLowerCase();
  const habit = habits.get(lower);
  const found: Meant[] = habit === undefined ? [] : [{ text: habit[0], types: habit[1], distance: 0 }];
  const limit = lower.length <= 4 ? 1 : 2;
  // Of two letters any is near to some word: `Level II` is no `if`.
  if (lower.length < 3 || lower.length > 20) return found;
  for (const [text, type] of wordTypes) {
    if (text === lower || Math.abs(text.length - lower.length) > limit) continue;
    const distance = editDistance(lower, text);
    if (distance <= limit) found.push({ text, types: [type], distance });
  }
  return found.toSorted((a, b) => a.distance - b.distance);
}

/** Insertions, deletions, exchanged letters; two neighbours swapped count as one. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
