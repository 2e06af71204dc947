/** Values and paths as the rule language writes them. Knows the language's text, nothing of JSON rules. */
import { FIELDS, pathSegment } from "../domain/index.ts";

export type Scalar = string | number | boolean;

export function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

export function quoted(text: string): string {
  const escaped = text
    .replaceAll(/[\\"{*]/g, (character) => `\\${character}`)
    .replaceAll(/\r\n|[\r\n\u0085\u2028\u2029]/g, "\\n")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}

/** Undefined for numbers that the language does not write: `1e21`. */
export function literal(value: Scalar): string | undefined {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "boolean") return String(value);
  return /^-?\d+(?:\.\d+)?$/.test(String(value)) ? String(value) : undefined;
}

/** Undefined when one of them cannot be written. */
export function literals(values: readonly Scalar[]): readonly string[] | undefined {
  const written = values.map((value) => literal(value));
  return written.every((one) => one !== undefined) ? written : undefined;
}

export function regexLiteral(pattern: string): string {
  return /['\r\n]/.test(pattern) ? quoted(pattern) : `'${pattern}'`;
}

/** Members of an alert that other programs' facts are often named by. */
const ALERT_PATHS: ReadonlyMap<string, string> = new Map([
  ...["source", "title", "description", "severity", "status", "tags"].map(
    (name) => [name, `alert.${name}`] as const,
  ),
  ...["alert_id", "ticket_id", "delivery_id", "customer_id"].map((name) => [name, `alert.${name}`] as const),
  ["device_id", "alert.device.id"],
  ["organization", "alert.organization.name"],
  ["device", "alert.device.name"],
]);

export interface WrittenPath {
  readonly path: string;
  /** The name is none of ours: what the source sent beside under this name is meant. */
  readonly isGuess: boolean;
}

/** A fact, with the plain steps of its JSONPath. */
export function pathOfFact(fact: string, steps: readonly string[]): WrittenPath {
  const inside = steps.join(".");
  if (steps.length === 0 && FIELDS.has(fact)) return { path: fact, isGuess: false };
  if (steps.length > 0 && fact === "alert.fields")
    return { path: `alert.fields.${pathSegment(inside)}`, isGuess: false };
  if (steps.length > 0 && /^ticket(?:\.organization|\.device)?\.udf$/.test(fact))
    return { path: `${fact}.${quotedSegment(inside)}`, isGuess: false };
  const isOfAlert = fact === "alert" && steps.length > 0;
  const name = isOfAlert ? inside : [fact, ...steps].join(".");
  const known = ALERT_PATHS.get(name);
  if (known !== undefined) return { path: known, isGuess: false };
  return { path: `alert.fields.${pathSegment(name)}`, isGuess: true };
}

function quotedSegment(name: string): string {
  return `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** The names in `$.a.b`, `$['a']['b c']`; undefined for indexes, wildcards and filters. */
export function stepsOf(path: unknown): readonly string[] | undefined {
  if (path === undefined || path === "$" || path === "") return [];
  if (typeof path !== "string") return undefined;
  const steps: string[] = [];
  const step = /\.([\p{L}_][\p{L}\p{N}_-]*)|\[(?:'([^'\\]+)'|"([^"\\]+)")\]/uy;
  step.lastIndex = path.startsWith("$") ? 1 : 0;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (found === null) return undefined;
    steps.push(found[1] ?? found[2] ?? found[3] ?? "");
  }
  return steps;
}
