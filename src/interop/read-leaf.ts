/** The two sides of a condition: the fact as a path, the value as a literal, a list or another path. Knows no operator's meaning. */
import type { JsonPath } from "./locate-json.ts";
import { isScalar, literal, literals, pathOfFact, stepsOf } from "./write-words.ts";
import { gapAt, isMembers, text, type Members, type Told, type Written } from "./written.ts";

export interface Leaf {
  /** The path of the fact. */
  readonly left: string;
  readonly value: unknown;
  /** Of the condition. */
  readonly path: JsonPath;
  readonly told: Told;
}

/** Undefined, and told, where no path can be written. */
export function readFact(reference: Members, path: JsonPath, told: Told): string | undefined {
  const { fact, params } = reference;
  if (typeof fact !== "string" || params !== undefined) {
    const what =
      typeof fact === "string"
        ? `the fact \`${fact}\` is computed: paths hold what came`
        : "a condition names a fact";
    told.gap(path, what);
    return undefined;
  }
  if (OF_THE_EVENT.has(fact)) {
    told.gap(path, `\`${fact}\` is about the event itself: say it in the rule's \`when\``);
    return undefined;
  }
  const steps = stepsOf(reference["path"]);
  if (steps === undefined) {
    told.gap([...path, "path"], `\`${String(reference["path"])}\` is more than names in a row`);
    return undefined;
  }
  const { path: written, isGuess } = pathOfFact(fact, steps);
  if (isGuess) told.guess([...path, "fact"], [fact, ...steps].join("."), written);
  return written;
}

/** Facts of compiled rules that are no path; at the head of a rule they become its `when`. */
const OF_THE_EVENT: ReadonlySet<string> = new Set(["event", "changes", "dueRule", "moment"]);

/** One value, or a fact in its place. */
export function compared({ value, path, told }: Leaf, before: string): Written {
  if (isMembers(value) && "fact" in value) {
    const side = readFact(value, [...path, "value"], told);
    return side === undefined ? { kind: "gap" } : text(`${before} ${side}`);
  }
  const written = isScalar(value) ? literal(value) : undefined;
  return written === undefined
    ? gapAt(told, [...path, "value"], "this value cannot be written in a condition")
    : text(`${before} ${written}`);
}

export function oneOf({ value, path, told }: Leaf, before: string, quantifier = "any of"): Written {
  const values = Array.isArray(value) && value.every((one) => isScalar(one)) ? literals(value) : undefined;
  if (values === undefined) return gapAt(told, [...path, "value"], "a list of plain values is wanted");
  const [only] = values;
  if (only === undefined) return { kind: quantifier === "any of" ? "false" : "true" };
  return text(values.length === 1 ? `${before} ${only}` : `${before} ${quantifier} (${values.join(", ")})`);
}
