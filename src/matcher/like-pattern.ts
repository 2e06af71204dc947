/**
 * `Disk {drive} on * is full`: the whole text against literals and runs, with the texts of the named runs. Knows
 * nothing of rules.
 */
import type { LikePattern } from "../compiler/index.ts";
import { comparable } from "./compare.ts";

/**
 * The texts of the named runs, undefined when the pattern does not match. Shortest first: each run takes as little as
 * lets the rest match.
 *
 * No backtracking: behind a run the leftmost place of the next literal is never worse than a later one, because
 * whatever follows has then more text left; only the last literal is bound to the end of the text. So one pass
 * over the text, whatever the pattern.
 *
 *   pattern   Disk␣ {drive} ␣on␣ * ␣is full        groups of runs stand between literals
 *   text      Disk␣  C:     ␣on␣ SRV-B ␣is full
 *             ^from          ^leftmost  ^at the end
 */
export function matchLike(
  pattern: LikePattern,
  text: string,
  exactly: boolean,
): ReadonlyMap<string, string> | undefined {
  const normal = text.normalize("NFC");
  const subject = comparable(text, exactly);
  // Simple folding keeps lengths; should a code point ever break that, the name gets the folded text.
  const original = normal.length === subject.length ? normal : subject;
  const bound = new Map<string, string>();
  let runs: Run[] = [];
  let from = 0;
  for (const [index, piece] of pattern.pieces.entries()) {
    if (piece.kind !== "literal") {
      runs.push(piece.kind === "hole" ? { name: piece.name } : {});
      continue;
    }
    const literal = comparable(piece.text, exactly);
    const at = placeOf(literal, subject, { from, runs, last: index === pattern.pieces.length - 1 });
    if (at < 0 || !bindRuns(runs, original, from, at, bound)) return undefined;
    runs = [];
    from = at + literal.length;
  }
  if (runs.length === 0) return from === subject.length ? bound : undefined;
  return bindRuns(runs, original, from, subject.length, bound) ? bound : undefined;
}

interface Run {
  readonly name?: string;
}

interface Place {
  readonly from: number;
  readonly runs: readonly Run[];
  readonly last: boolean;
}

/** Where the literal stands, -1 for nowhere. */
function placeOf(literal: string, subject: string, { from, runs, last }: Place): number {
  if (runs.length === 0) {
    if (last && from + literal.length !== subject.length) return -1;
    return subject.startsWith(literal, from) ? from : -1;
  }
  const earliest = skipCharacters(subject, from, runs.filter((run) => run.name !== undefined).length);
  if (earliest < 0) return -1;
  if (!last) return subject.indexOf(literal, earliest);
  const at = subject.length - literal.length;
  return at >= earliest && subject.startsWith(literal, at) ? at : -1;
}

/** Runs side by side: each takes its least but the last, which takes the rest. */
function bindRuns(
  runs: readonly Run[],
  text: string,
  from: number,
  to: number,
  bound: Map<string, string>,
): boolean {
  let start = from;
  for (const [index, run] of runs.entries()) {
    const least = run.name === undefined ? start : skipCharacters(text, start, 1);
    if (least < 0 || least > to) return false;
    const end = index === runs.length - 1 ? to : least;
    if (run.name !== undefined) bound.set(run.name, text.slice(start, end));
    start = end;
  }
  return true;
}

/** The place `count` characters on; a character outside the basic plane is two code units but one character. */
function skipCharacters(text: string, from: number, count: number): number {
  let at = from;
  for (let i = 0; i < count; i++) {
    if (at >= text.length) return -1;
    const code = text.codePointAt(at) ?? 0;
    at += code > 0xffff ? 2 : 1;
  }
  return at;
}
