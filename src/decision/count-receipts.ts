/**
 * How many alerts came lately (contract.md 4, Counts): an exact sliding window, both ends in, over the receipts of
 * accepted firing alerts, this one included. Knows no rule's outcome: every such alert counts.
 */
import { bareSnapshot, exactText, isEmpty, RECEIPTS_DISORDER_MS } from "../domain/index.ts";
import type { Alert, Field, FieldValue, Instant, Snapshot, TriggerKind } from "../domain/index.ts";
import type { ConditionIr, CountTestIr, RuleSetIr } from "../compiler/index.ts";
import { momentOf } from "../matcher/index.ts";
import type { Handling } from "./handling.ts";

/** Whose alerts are counted together: the values of `per`, in its order. A missing one does not count. */
export function countKey(per: readonly Field[], alert: Alert): string | undefined {
  const values = valuesPer(per, alert);
  return values === undefined ? undefined : JSON.stringify(["count", ...values]);
}

/** Path and value of each field; undefined when one is missing. */
export function valuesPer(
  per: readonly Field[],
  alert: Alert,
): readonly (readonly [string, FieldValue])[] | undefined {
  const snapshot: Snapshot = { ...bareSnapshot("alert-received", alert.receivedAt), alert };
  const values = per.map((field): readonly [string, FieldValue] => {
    const value = field.read(snapshot);
    return [field.path, typeof value === "string" ? exactText(value) : value];
  });
  return values.some(([, value]) => isEmpty(value)) ? undefined : values;
}

/* ---------- which counts a set has ---------- */

interface CountsOfSet {
  /** By the paths of `per`. */
  readonly testsByPer: ReadonlyMap<string, readonly CountTestIr[]>;
  readonly byKind: ReadonlyMap<TriggerKind, readonly CountTestIr[]>;
  /** Each `per` of the set once. */
  readonly pers: readonly (readonly Field[])[];
  /** By the paths of `per`. */
  readonly keptByPer: ReadonlyMap<string, KeptReceipts>;
}

/** How much of the past the counts over one `per` look at. */
export interface KeptReceipts {
  /** As many of the newest as the highest threshold needs. */
  readonly newest: number;
  readonly withinMs: number;
}

const countsByRules = new WeakMap<object, CountsOfSet>();

function countsOf({ rules }: Pick<RuleSetIr, "rules">): CountsOfSet {
  const known = countsByRules.get(rules);
  if (known !== undefined) return known;
  const byKind = new Map<TriggerKind, Map<string, CountTestIr>>();
  const pers = new Map<string, readonly Field[]>();
  const keptByPer = new Map<string, KeptReceipts>();
  const testsByPer = new Map<string, readonly CountTestIr[]>();
  for (const { active, triggers, condition, exceptions } of rules) {
    const counts = active ? [condition, ...exceptions].flatMap(countsIn) : [];
    for (const count of counts) {
      const paths = JSON.stringify(count.per.map(({ path }) => path));
      const before = keptByPer.get(paths);
      pers.set(paths, count.per);
      testsByPer.set(paths, [...(testsByPer.get(paths) ?? []), count]);
      keptByPer.set(paths, {
        newest: Math.max(before?.newest ?? 0, count.count + 1),
        withinMs: Math.max(before?.withinMs ?? 0, count.withinMs),
      });
      for (const { kind } of triggers) {
        byKind.set(kind, (byKind.get(kind) ?? new Map<string, CountTestIr>()).set(count.key, count));
      }
    }
  }
  const counts: CountsOfSet = {
    byKind: new Map([...byKind].map(([kind, byKey]) => [kind, [...byKey.values()]])),
    pers: [...pers.values()],
    keptByPer,
    testsByPer,
  };
  countsByRules.set(rules, counts);
  return counts;
}

function countsIn(condition: ConditionIr): readonly CountTestIr[] {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.flatMap(countsIn);
    case "not":
      return countsIn(condition.of);
    case "count":
      return [condition];
    case "always":
    case "calendar":
    case "test":
      return [];
  }
}

/** Keys under which the set counts the alert. */
export function countKeys(ir: Pick<RuleSetIr, "rules">, alert: Alert): readonly string[] {
  return countsOf(ir).pers.flatMap((per) => countKey(per, alert) ?? []);
}

/* ---------- what is kept ---------- */

/** Of a key of `countKeys`; undefined when the set counts nothing under it. */
export function receiptsKept(ir: Pick<RuleSetIr, "rules">, key: string): KeptReceipts | undefined {
  return countsOf(ir).keptByPer.get(pathsOf(key));
}

function pathsOf(key: string): string {
  const [, ...values] = JSON.parse(key) as [string, ...(readonly [string, FieldValue])[]];
  return JSON.stringify(values.map(([path]) => path));
}

/**
 * Whether each count over this key is above its threshold for every alert received up to `until`, whatever else comes or
 * is being decided meanwhile: receipts only add to a count. Then nobody needs to wait for whoever else counts with the key.
 */
export function isSettled(
  ir: Pick<RuleSetIr, "rules">,
  key: string,
  ascending: readonly Instant[],
  until: Instant,
): boolean {
  const tests = countsOf(ir).testsByPer.get(pathsOf(key)) ?? [];
  return tests.every(({ count, withinMs }) => countBetween(ascending, until - withinMs, Infinity) > count);
}

/** Without those that no count can reach any more. A server whose clock is a little behind still finds its own. */
export function keepReceipts(ascending: readonly Instant[], kept: KeptReceipts): readonly Instant[] {
  const newest = ascending.at(-1) ?? 0;
  const byAge = firstAbove(ascending, newest - kept.withinMs - RECEIPTS_DISORDER_MS - 1);
  return ascending.slice(Math.max(byAge, ascending.length - kept.newest));
}

/* ---------- counting ---------- */

/** Before any rule looks: the alert is one of those that are counted. */
export function receive(handling: Handling, alert: Alert): void {
  const keys = countKeys(handling.ir, alert);
  if (keys.length > 0) handling.desk.time.receive(alert, keys);
}

/** The snapshot with the counts that rules of its kind ask for. */
export function withCounts(handling: Handling, snapshot: Snapshot): Snapshot {
  const tests = countsOf(handling.ir).byKind.get(snapshot.kind);
  const { alert } = snapshot;
  if (tests === undefined || alert === undefined) return snapshot;
  // A hold is judged beforehand for the moment of its release; what will have come by then is not known.
  const at = Math.min(handling.at, momentOf(snapshot));
  // Whatever was decided before this has come, also what another server received a moment later: so that of N alerts that
  // servers decide in any order the last one sees all N.
  const to = at < handling.at ? at : Infinity;
  const counts = new Map<string, number>();
  for (const { key, per, withinMs } of tests) {
    const name = countKey(per, alert);
    if (name !== undefined) counts.set(key, handling.desk.time.receiptsBetween(name, at - withinMs, to));
  }
  return { ...snapshot, counts };
}

/** Of ascending times, how many lie within, both ends in. */
export function countBetween(times: readonly Instant[], from: Instant, to: Instant): number {
  return firstAbove(times, to) - firstAbove(times, from - 1);
}

/** Instants are whole milliseconds. */
function firstAbove(times: readonly Instant[], limit: Instant): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? limit) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
