/** An explanation as a person reads it, from the JSON of a server or of this program. Knows the members, nothing of rules. */

type Members = Readonly<Record<string, unknown>>;

/**
 *   unmatched: no rule holds for it
 *
 *   nearest misses
 *   rule "Ticket for a new alert" (msp.rules:93): not fired
 *     alert.severity would have to be at least "minor" (is "info")
 *       holds  line 96  alert.source in noc_sources      "Datto RMM"
 *     * fails  line 97  alert.severity at least "minor"  "info"
 */
export function explanationText(explanation: unknown): string {
  const { outcome, why, rules, warnings } = toMembers(explanation);
  const all = listOf(rules).map(toMembers);
  const fired = all.filter(({ result }) => result === "fired");
  const misses = all.filter(({ result }) => result !== "fired");
  return [
    `${textOf(outcome)}: ${textOf(why)}`,
    ...fired.map((rule) => ruleText(rule)),
    ...(misses.length === 0 ? [] : ["nearest misses"]),
    ...misses.map((rule) => ruleText(rule)),
    ...listOf(warnings).map((warning) => `warning: ${textOf(warning)}`),
  ]
    .join("\n\n")
    .replaceAll("nearest misses\n\n", "nearest misses\n");
}

function ruleText(rule: Members): string {
  const { nearest, why } = rule;
  const head = `rule "${textOf(rule["rule"])}" (${textOf(rule["file"])}:${textOf(rule["line"])}): ${textOf(rule["result"]).replaceAll("_", " ")}`;
  const changes = listOf(toMembers(nearest)["changes"]).map(
    (change) => `  ${textOf(toMembers(change)["text"])}`,
  );
  const conditions = listOf(rule["conditions"]).map(toMembers);
  const width = Math.min(TEXT_WIDTH_MAX, Math.max(0, ...conditions.map(({ text }) => textOf(text).length)));
  const digits = Math.max(0, ...conditions.map(({ line }) => textOf(line).length));
  const more = rule["more_conditions"];
  return [
    head,
    ...(why === undefined ? [] : [`  ${textOf(why)}`]),
    ...changes,
    ...conditions.map((condition) => conditionText(condition, width, digits)),
    ...(more === undefined ? [] : [`  and ${textOf(more)} more conditions`]),
  ].join("\n");
}

/** A longer condition pushes its own value to the right, not everybody's. */
const TEXT_WIDTH_MAX = 60;

function conditionText(
  { text, line, result, actual, decides }: Members,
  width: number,
  digits: number,
): string {
  const mark = decides === true ? "*" : " ";
  const held = result === true ? "holds" : "fails";
  return `  ${mark} ${held}  line ${textOf(line).padStart(digits)}  ${textOf(text).padEnd(width)}  ${actual === null || actual === undefined ? "missing" : JSON.stringify(actual)}`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function toMembers(value: unknown): Members {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
