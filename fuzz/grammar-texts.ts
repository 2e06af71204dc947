/** Texts that the grammar allows: a walk through its productions, with names, values and times put in. Most mean nothing. */
import { productions, type Production } from "../grammar/productions.ts";
import type { Random } from "./random.ts";

const all = productions();
/** Deeper than this the walk takes the way that ends soonest. */
const DEPTH_MAX = 14;
const REPEATS_MAX = 3;

const texts = [
  '"x"',
  '"a b"',
  '"{alert.title}"',
  '"""\n  a\n    b {ticket.number}\n  """',
  "'^[a-z]+$'",
  '"Acme"',
  '"ß İ"',
  '""',
];
const names = [
  "x",
  "alert",
  "ticket",
  "title",
  "queue",
  "severity",
  "Straße",
  "drive",
  "udf",
  "device",
  "name",
  "repeat",
];
const values: Readonly<Record<string, readonly string[]>> = {
  "a name": names,
  "a text in quotes": texts,
  "a text block": ['"""\n  a\n  """'],
  "a text in single quotes": ["'^a'"],
  "a number": ["0", "1", "42", "3.5", "-5", "99999999999"],
  "a duration such as `5 minutes`": ["5m", "4m59s"],
  "a unit of time such as `minutes`": ["minutes", "hour", "days", "week", "seconds"],
  "a day such as `monday`": ["monday", "sunday"],
  "a time such as `8:00`": ["8:00", "23:59:59", "0:00"],
  "a date such as `2026-11-21`": ["2026-11-21", "2026-12-24 18:00", "2024-02-29"],
  "`get`, `post`, `put`, `patch` or `delete`": ["get", "post"],
};

const heights = measureHeights();

/** One file: some declarations, or tests. */
export function grammarText(random: Random): { readonly path: string; readonly text: string } {
  const isTest = random.chance(0.2);
  const start = isTest ? "test" : random.pick(["declaration", "rule", "rule", "rule"]);
  const count = 1 + random.below(3);
  const parts = Array.from({ length: count }, () => walk(named(start), random, 0).join(" "));
  return { path: isTest ? "case.test.rules" : "case.rules", text: `${parts.join("\n")}\n` };
}

function walk(production: Production, random: Random, depth: number): readonly string[] {
  switch (production.kind) {
    case "word":
      return [production.text];
    case "value":
      return [random.pick(values[production.text] ?? ['"x"'])];
    case "named":
      return walk(named(production.name), random, depth + 1);
    case "sequence":
      return production.of.flatMap((part) => walk(part, random, depth));
    case "choice":
      return walk(depth > DEPTH_MAX ? soonest(production.of) : random.pick(production.of), random, depth);
    case "optional":
      return depth > DEPTH_MAX || random.chance(0.6) ? [] : walk(production.of, random, depth);
    case "any number":
    case "repeated": {
      const least = production.kind === "repeated" ? 1 : 0;
      const count = depth > DEPTH_MAX ? least : least + random.below(REPEATS_MAX);
      const parts = Array.from({ length: count }, () => walk(production.of, random, depth));
      return parts.flatMap((part, i) =>
        i > 0 && production.separator !== undefined ? [",", ...part] : part,
      );
    }
  }
}

function named(name: string): Production {
  const production = all.get(name);
  // A production that only takes what is refused.
  return production ?? { kind: "sequence", of: [] };
}

function soonest(of: readonly Production[]): Production {
  return of.reduce((least, one) => (heightOf(one, heights) < heightOf(least, heights) ? one : least));
}

/** How many productions deep the shortest text of each is: a fixpoint, since productions use each other in circles. */
function measureHeights(): ReadonlyMap<string, number> {
  const found = new Map<string, number>([...all.keys()].map((name) => [name, Infinity]));
  for (let changed = true; changed;) {
    changed = false;
    for (const [name, production] of all) {
      const height = heightOf(production, found) + 1;
      if (height < (found.get(name) ?? Infinity)) {
        found.set(name, height);
        changed = true;
      }
    }
  }
  return found;
}

function heightOf(production: Production, known: ReadonlyMap<string, number>): number {
  switch (production.kind) {
    case "word":
    case "value":
    case "optional":
    case "any number":
      return 0;
    case "repeated":
      return heightOf(production.of, known);
    case "named":
      return known.get(production.name) ?? 0;
    case "sequence":
      return Math.max(0, ...production.of.map((part) => heightOf(part, known)));
    case "choice":
      return Math.min(...production.of.map((part) => heightOf(part, known)));
  }
}
