/**
 * The smallest change of the alert for which a rule would have fired, tried on the rule before it is told. Knows no desk:
 * what other rules do then is another question.
 *
 *   alternatives (fewest open conditions first)
 *     -> their conditions by path    alert.severity: [at least "minor"]    alert.title: [starts with "TEST" must not]
 *     -> a value for each path       "minor"                               none: told in words only
 *     -> tried together, and every smaller set too
 */
import type { FieldValue, Snapshot } from "../domain/index.ts";
import { evaluateCondition, isInScope, solveRule } from "../matcher/index.ts";
import { aimOf, scopeAimOf, type Aim } from "./aim.ts";
import { withValue } from "./edit-event.ts";
import { alternativesOf, type Alternative, type Need, type RuleReading } from "./rule-reading.ts";
import { demandOf, isWords, subjectOf, timeWords, valueWords } from "./words.ts";

/** One value that would have to be different. */
export interface Change {
  /** A path of the alert, the key of a count, or undefined where no single value decides. */
  readonly path: string | undefined;
  readonly from: FieldValue;
  /** `known`: this value does it, undefined taking it away; else nothing is made up. */
  readonly to: { readonly known: boolean; readonly value: FieldValue };
  readonly isTime: boolean;
  /** `alert.severity would have to be at least "minor" (is "info")` */
  readonly text: string;
}

export interface Nearest {
  readonly text: string;
  readonly changes: readonly Change[];
  /** All values are known, together they make the rule hold, and no smaller part of them does. */
  readonly tried: boolean;
}

/** Undefined when nothing can make the conditions hold. */
export function nearestChange(reading: RuleReading): Nearest | undefined {
  let best: Nearest | undefined;
  for (const alternative of alternativesOf(reading.root, true)) {
    const found = trial(reading, alternative);
    if (best === undefined || isNearer(found, best)) best = found;
    // The others have as many open conditions or more: rarely is one of them nearer than a change of one value.
    if (best.tried && best.changes.length <= 1) break;
  }
  return best;
}

function isNearer(one: Nearest, other: Nearest): boolean {
  if (one.changes.length !== other.changes.length) return one.changes.length < other.changes.length;
  return one.tried && !other.tried;
}

/** The event with what is known of the changes; undefined when one of them cannot be. */
export function withChanges(snapshot: Snapshot, changes: readonly Change[]): Snapshot | undefined {
  let edited: Snapshot | undefined = snapshot;
  for (const { path, to } of changes) {
    if (edited === undefined || path === undefined || !to.known) return undefined;
    edited = withValue(edited, path, to.value);
  }
  return edited;
}

/* ---------- one alternative ---------- */

interface Group {
  readonly aim: Aim;
  readonly needs: readonly Need[];
}

function trial(reading: RuleReading, alternative: Alternative): Nearest {
  const changes = groupsOf(reading, alternative)
    .filter(({ needs }) => needs.some(isOpen))
    .map((group) => changeOf(reading, group));
  if (!changes.every(({ to }) => to.known)) return toNearest(changes, false);
  if (!holdsWith(reading, changes)) return toNearest(changes.map(untold), false);
  return toNearest(leastOf(reading, changes), true);
}

function toNearest(changes: readonly Change[], tried: boolean): Nearest {
  return { text: changes.map(({ text }) => text).join("; and "), changes, tried };
}

/** They do not do it together: what each would have to be stands, the values do not. */
function untold(change: Change): Change {
  return { ...change, to: { known: false, value: undefined } };
}

function isOpen({ leaf, wanted }: Need): boolean {
  return leaf.result !== wanted;
}

/** Conditions on one path must be met by one value. */
function groupsOf({ rule }: RuleReading, { needs }: Alternative): readonly Group[] {
  const groups: { readonly aim: Aim; readonly needs: Need[] }[] = [];
  for (const need of needs) {
    const { leaf } = need;
    const aim = leaf.test === undefined ? scopeAimOf(leaf, rule.organizations ?? new Set()) : aimOf(leaf);
    const known = aim.path === undefined ? undefined : groups.find((group) => group.aim.path === aim.path);
    if (known === undefined) groups.push({ aim, needs: [need] });
    else known.needs.push(need);
  }
  return groups;
}

function changeOf(reading: RuleReading, { aim, needs }: Group): Change {
  const { snapshot } = reading;
  const open = needs.filter(isOpen);
  const from = aim.path === undefined ? open[0]?.leaf.actual : aim.read(snapshot);
  const value = aim.path === undefined ? undefined : valueFor(reading, aim, needs);
  const to = { known: value !== undefined, value: value?.value };
  return { path: aim.path, from, to, isTime: aim.isTime, text: textOf(reading, open, { aim, from, to }) };
}

/** Values looked at for one path, and how often a proposal is mended by the next condition. */
const TRIALS_MAX = 400;
const MENDINGS_MAX = 3;

/** One value that meets all conditions on its path while the rest of the event stays as it is. */
function valueFor(
  reading: RuleReading,
  aim: Aim,
  needs: readonly Need[],
): { readonly value: FieldValue } | undefined {
  const path = aim.path ?? "";
  const ordered = [...needs.filter(isOpen), ...needs.filter((need) => !isOpen(need))];
  let trials = 0;
  let from: readonly FieldValue[] = [aim.read(reading.snapshot)];
  for (let round = 0; round < MENDINGS_MAX; round += 1) {
    const reached: FieldValue[] = [];
    for (const current of from) {
      for (const need of ordered) {
        for (const value of aimFor(reading, need).propose(need.wanted !== need.leaf.negated, current)) {
          trials += 1;
          if (trials > TRIALS_MAX) return undefined;
          const edited = withValue(reading.snapshot, path, value);
          if (edited === undefined) continue;
          if (needs.every((one) => isMet(reading, one, edited))) return { value };
          reached.push(value);
        }
      }
    }
    from = reached.slice(0, 20);
  }
  return undefined;
}

function aimFor({ rule }: RuleReading, { leaf }: Need): Aim {
  return leaf.test === undefined ? scopeAimOf(leaf, rule.organizations ?? new Set()) : aimOf(leaf);
}

function isMet({ rule }: RuleReading, { leaf, wanted }: Need, snapshot: Snapshot): boolean {
  if (leaf.test === undefined) return isInScope(rule, snapshot) === wanted;
  const holds = evaluateCondition(leaf.test, { ...leaf.context, snapshot, now: snapshot.at });
  return (holds !== leaf.negated) === wanted;
}

/* ---------- all of it together ---------- */

function holdsWith({ rule, snapshot, zone }: RuleReading, changes: readonly Change[]): boolean {
  const edited = withChanges(snapshot, changes);
  return edited !== undefined && solveRule({ ...rule, active: true }, edited, zone) !== undefined;
}

/** Up to so many changes every smaller set is tried; above it changes are left out one by one. */
const SUBSETS_OF_MAX = 6;

function leastOf(reading: RuleReading, changes: readonly Change[]): readonly Change[] {
  if (changes.length > SUBSETS_OF_MAX) return withoutIdle(reading, changes);
  const subsets = Array.from({ length: 2 ** changes.length - 1 }, (_, mask) =>
    changes.filter((_change, index) => (mask >> index) % 2 === 1),
  ).toSorted((a, b) => a.length - b.length);
  return subsets.find((subset) => holdsWith(reading, subset)) ?? changes;
}

function withoutIdle(reading: RuleReading, changes: readonly Change[]): readonly Change[] {
  const idle = changes.findIndex((change) =>
    holdsWith(
      reading,
      changes.filter((one) => one !== change),
    ),
  );
  return idle < 0 ? changes : withoutIdle(reading, changes.toSpliced(idle, 1));
}

/* ---------- in words ---------- */

function textOf(
  reading: RuleReading,
  open: readonly Need[],
  { aim, from, to }: { readonly aim: Aim; readonly from: FieldValue; readonly to: Change["to"] },
): string {
  const [first] = open;
  if (first === undefined) return "";
  const demands = [...new Set(open.map((need) => demandOf(need, aimFor(reading, need).right)))];
  const subject = subjectOf(first);
  const isUnknown = first.leaf.test?.kind === "count" && reading.snapshot.counts === undefined;
  const isPath = subject === aim.path;
  const is = isUnknown ? "how many came is not kept" : isWords(isPath ? from : first.leaf.actual, aim.isTime);
  const told = `${subject} would have to ${demands.join(" and ")} (${is})`;
  if (isPath || !to.known || aim.path === undefined || first.leaf.test?.kind === "count") return told;
  if (first.leaf.test === undefined) return told;
  const value = aim.isTime && typeof to.value === "number" ? timeWords(to.value) : valueWords(to.value);
  return to.value === undefined ? `${told}, as without ${aim.path}` : `${told}, as with ${aim.path} ${value}`;
}
