/**
 * What stands before a rule's `if`: the events and organizations that `tocsin compile` writes as the first conditions of
 * the root. Any other rule is about alerts that are received. Knows no other condition.
 */
import { foldName } from "../domain/index.ts";
import { durationWords } from "./durations.ts";
import { quoted } from "./write-words.ts";
import { isMembers, type Members } from "./written.ts";

export interface RuleHead {
  /** `alert received or ticket created by staff` */
  readonly when: string;
  /** An alert is at hand: `create ticket` may name its title. */
  readonly isOfAlert: boolean;
  readonly organizations: readonly string[];
  /** Places in the root's `all` that are said by it. */
  readonly said: ReadonlySet<number>;
  /** An event that only time or another program raises. */
  readonly unknown: string | undefined;
}

const EVENTS: ReadonlySet<string> = new Set([
  ...[
    "alert received",
    "alert repeats",
    "alert resolved",
    "ticket created",
    "ticket edited",
    "ticket completed",
  ],
  ...["ticket reopened", "note added", "time entry added", "callout succeeded", "callout failed"],
]);

/** Events with a time of their own, which stands in `event.params.timers`. */
const TIMED: ReadonlyMap<string, string> = new Map([
  ["alert still firing", "alert still firing after"],
  ["no alert", "no alert for"],
  ["ticket idle", "ticket idle for"],
  ["ticket open", "ticket open for"],
  ["ticket due", "ticket due in"],
  ["ticket overdue", "ticket overdue by"],
]);

export function readHead(conditions: unknown, params: Members): RuleHead {
  const all: readonly unknown[] =
    isMembers(conditions) && Array.isArray(conditions["all"]) ? conditions["all"] : [];
  const said = new Set<number>();
  let events: readonly string[] = [];
  let organizations: readonly string[] = [];
  for (const [index, condition] of all.entries()) {
    const found = events.length === 0 ? eventsIn(condition) : undefined;
    const names = organizations.length === 0 ? organizationsIn(condition) : undefined;
    if (found !== undefined) events = found;
    if (names !== undefined) organizations = names;
    if (found !== undefined || names !== undefined) said.add(index);
  }
  if (events.length === 0) events = ["alert received"];
  const written = events.map((event) => writeEvent(event, params));
  const unknown = events.find((_event, index) => written[index] === undefined);
  return {
    when: unknown === undefined ? written.join(" or ") : "alert received",
    isOfAlert: unknown !== undefined || events.every((event) => /^(?:alert|no alert)/.test(event)),
    organizations: unique(organizations),
    said,
    unknown,
  };
}

/** Undefined: not a condition on the event alone. `ticket created by staff` is one word here. */
function eventsIn(condition: unknown): readonly string[] | undefined {
  if (!isMembers(condition)) return undefined;
  if (condition["fact"] === "event" && condition["path"] === undefined) {
    const { operator, value } = condition;
    const isOne = operator === "equal" || operator === "is" || operator === "isExactly" || operator === "in";
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return isOne && values.every((one) => typeof one === "string") ? values : undefined;
  }
  const { any, all } = condition;
  if (Array.isArray(any)) {
    const each = any.map((one: unknown) => eventsIn(one));
    return each.length > 0 && each.every((one) => one !== undefined) ? each.flat() : undefined;
  }
  if (!Array.isArray(all) || all.length !== 2) return undefined;
  const [first, second]: readonly unknown[] = all;
  const events = eventsIn(first);
  if (events === undefined || !isMembers(second)) return undefined;
  if (second["fact"] === "dueRule") return events;
  const by: unknown = second["value"];
  if (second["fact"] !== "actor.kind" || !Array.isArray(by) || !by.every((one) => typeof one === "string"))
    return undefined;
  return events.map((event) => `${event} by ${by.join(", ")}`);
}

function organizationsIn(condition: unknown): readonly string[] | undefined {
  if (!isMembers(condition) || condition["fact"] !== "organization" || condition["operator"] !== "is")
    return undefined;
  const { value } = condition;
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  return names.length > 0 && names.every((name) => typeof name === "string" && name.trim() !== "")
    ? names.map((name) => quoted(String(name)))
    : undefined;
}

function writeEvent(event: string, { timers }: Members): string | undefined {
  const [name = ""] = event.split(" by ");
  if (EVENTS.has(name)) return event;
  const words = TIMED.get(event);
  const timer = Array.isArray(timers)
    ? timers.find((one: unknown): one is Members => isMembers(one) && one["event"] === event)
    : undefined;
  const ms = timer?.["ms"];
  if (words === undefined || typeof ms !== "number") return undefined;
  return event === "ticket overdue" && ms === 0 ? event : `${words} ${durationWords(ms)}`;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Map(names.map((name) => [foldName(name), name])).values()];
}
