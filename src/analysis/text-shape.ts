/**
 * What tests ask of one text: how it begins, ends, and what is in it. Finds what cannot hold together. All texts here
 * are folded. Knows nothing of fields.
 */

/** Alternatives: one of each inner list holds. */
export interface TextShape {
  readonly begins: string[][];
  readonly ends: string[][];
  readonly holds: string[][];
  readonly neverBegins: string[];
  readonly neverEnds: string[];
  readonly neverHolds: string[];
}

export function emptyShape(): TextShape {
  return { begins: [], ends: [], holds: [], neverBegins: [], neverEnds: [], neverHolds: [] };
}

/** The ways in which a text can begin and end; undefined when there is none. */
export interface ShapeChoices {
  readonly begins: readonly string[];
  readonly ends: readonly string[];
}

/** Undefined: no text has this shape. */
export function solveShape(shape: TextShape): ShapeChoices | undefined {
  const begins = narrow(shape.begins, longestBeginning)?.filter(
    (begin) => !shape.neverBegins.some((never) => begin.startsWith(never)) && allows(shape, begin),
  );
  const ends = narrow(shape.ends, longestEnd)?.filter(
    (end) => !shape.neverEnds.some((never) => end.endsWith(never)) && allows(shape, end),
  );
  if (begins === undefined || ends === undefined || begins.length === 0 || ends.length === 0)
    return undefined;
  if (shape.holds.some((parts) => !parts.some((part) => allows(shape, part)))) return undefined;
  return { begins, ends };
}

/** One text that probably has the shape; whoever uses it must try it. */
export function writeText(shape: TextShape, { begins, ends }: ShapeChoices): string {
  const middle = shape.holds.map((parts) => parts.find((part) => allows(shape, part)) ?? "");
  const parts: string[] = [];
  for (const part of [begins[0] ?? "", ends[0] ?? "", ...middle])
    if (!parts.some((known) => known.includes(part))) parts.push(part);
  const [begin = "", ...others] = parts.filter((part) => part !== "");
  const end = ends[0] ?? "";
  const rest = end === "" || !others.includes(end) ? others : [...others.filter((part) => part !== end), end];
  return [begin, ...rest].join(" ") || "x";
}

function allows(shape: TextShape, part: string): boolean {
  return !shape.neverHolds.some((never) => part.includes(never));
}

/** Takes one alternative of each list and keeps those that go together. */
function narrow(
  lists: readonly (readonly string[])[],
  join: (a: string, b: string) => string | undefined,
): readonly string[] | undefined {
  let kept: readonly string[] = [""];
  for (const list of lists) {
    kept = [...new Set(kept.flatMap((a) => list.map((b) => join(a, b)).filter((c) => c !== undefined)))];
    if (kept.length === 0) return undefined;
  }
  return kept;
}

/** Two texts begin the same text only where one begins the other. */
function longestBeginning(a: string, b: string): string | undefined {
  if (a.startsWith(b)) return a;
  return b.startsWith(a) ? b : undefined;
}

function longestEnd(a: string, b: string): string | undefined {
  if (a.endsWith(b)) return a;
  return b.endsWith(a) ? b : undefined;
}
