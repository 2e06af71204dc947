/**
 * What waits because of alerts, under the rules now in force: a hold or a silence whose rule left the set (or became
 * inactive) is dropped; one whose rule has another text counts by that text from its own beginning; a rule on a silence
 * that is new is armed by the alerts that came before it. Every step may be repeated, by several processes at once; each
 * begins by making sure that its set is still in force: a set of before would drop what waits for the rules of this one.
 *
 * Whether the new text still takes the alert is not asked here: its conditions are looked at when its time comes.
 */
import { absencesOf, silence } from "../decision/index.ts";
import type { Absence } from "../decision/index.ts";
import type { RuleIr } from "../compiler/index.ts";
import { ADAPT_BATCH_MAX, ARMING_ALERTS_MAX, toRfc3339 } from "../domain/index.ts";
import type { Instant } from "../domain/index.ts";
import {
  armAbsences,
  closeAllMaintenanceEnds,
  endAbsences,
  endHolds,
  forgetArmedRules,
  loadAbsences,
  lockDedupKeys,
  moveAbsences,
  moveHolds,
  rememberArmedRules,
  selectArmedRules,
  selectFiringAlerts,
  selectStrayAbsences,
  selectStrayHolds,
  selectToldAbsences,
} from "../store/index.ts";
import type { RuleText, StrayHold, Transaction } from "../store/index.ts";
import { adaptCallouts } from "./callout-breakers.ts";
import type { ActiveRules, EngineParts } from "./engine-parts.ts";
import { stayInForce } from "./rules-behind.ts";
import type { Adapted, AdaptInput } from "./types.ts";

const ALERTS_PER_PAGE = 500;

/** Throws: `rules_behind` when another set is put in force meanwhile; what is left is for those who have that. */
export async function adaptWaiting(
  parts: EngineParts,
  active: ActiveRules,
  { at, windowsChanged, seenSince }: AdaptInput,
): Promise<Adapted> {
  const inForce = active.rules.ir.rules.filter((rule) => rule.active);
  const holding = new Map(inForce.filter((rule) => spanOf(rule, "hold") !== undefined).map(byName));
  const watching = new Map(inForce.filter((rule) => spanOf(rule, "silence") !== undefined).map(byName));
  const holds = await adaptHolds({ parts, active, rules: holding, at });
  const absences = await adaptAbsences({ parts, active, rules: watching, at });
  const armed = await armByEarlierAlerts(parts, active, { watching, at, seenSince });
  const ends = windowsChanged ? await closeAllMaintenanceEnds(parts.store) : 0;
  const deliveries = await adaptCallouts(parts, active, at);
  if (holds + absences + armed + ends + deliveries > 0) parts.wakeRelay();
  return { holds, absences, armed, ends, deliveries };
}

interface Adapting {
  readonly parts: EngineParts;
  readonly active: ActiveRules;
  readonly rules: RulesByName;
  readonly at: Instant;
}

type RulesByName = ReadonlyMap<string, RuleIr>;

const byName = (rule: RuleIr): readonly [string, RuleIr] => [rule.name, rule];

/** The shortest one that the rule names. */
function spanOf({ triggers }: RuleIr, kind: "hold" | "silence"): number | undefined {
  const spans = triggers.flatMap(({ timer }) => (timer?.kind === kind ? [timer.ms] : []));
  return spans.length === 0 ? undefined : Math.min(...spans);
}

const LEFT = "its rule left the rule set";

/** What waits for a rule that the set in force does not have, and whose time comes before it is adapted. */
export function droppedAt(at: Instant): string {
  return `dropped at ${toRfc3339(at)}: ${LEFT}`;
}

export function waitsInForce({ rules }: ActiveRules, rule: string, kind: "hold" | "silence"): boolean {
  return rules.ir.rules.some((one) => one.active && one.name === rule && spanOf(one, kind) !== undefined);
}

/* ---------- holds ---------- */

async function adaptHolds({ parts, active, rules, at }: Adapting): Promise<number> {
  for (let sum = 0; ;) {
    const stray = await selectStrayHolds(parts.store, [...rules.values()], ADAPT_BATCH_MAX);
    if (stray.length === 0) return sum;
    await parts.store.transaction(async (transaction) => {
      await stayInForce(transaction, active);
      adaptHoldBatch(transaction, stray, rules, at);
    });
    sum += stray.length;
  }
}

function adaptHoldBatch(
  transaction: Transaction,
  stray: readonly StrayHold[],
  rules: RulesByName,
  at: Instant,
): void {
  lockDedupKeys(transaction, [...new Set(stray.map(({ identity }) => identity))].sort());
  const gone = stray.filter(({ rule }) => !rules.has(rule));
  const reason = droppedAt(at);
  endHolds(
    transaction,
    gone.map(({ identity, rule }) => ({ identity, rule, state: "dropped", reason })),
    at,
  );
  moveHolds(
    transaction,
    stray.flatMap(({ id, rule: name, startedAt }) => {
      const rule = rules.get(name);
      return rule === undefined
        ? []
        : [{ id, ruleHash: rule.hash, dueAt: startedAt + (spanOf(rule, "hold") ?? 0) }];
    }),
  );
}

/* ---------- silences ---------- */

async function adaptAbsences({ parts, active, rules, at }: Adapting): Promise<number> {
  for (let sum = 0; ;) {
    const keys = await selectStrayAbsences(parts.store, [...rules.values()], ADAPT_BATCH_MAX);
    if (keys.length === 0) return sum;
    await parts.store.transaction(async (transaction) => {
      await stayInForce(transaction, active);
      const stray = await loadAbsences(transaction, keys, { lock: true });
      adaptAbsenceBatch(parts, transaction, { stray: [...stray.values()], rules, at });
    });
    sum += keys.length;
  }
}

function adaptAbsenceBatch(
  { newId }: EngineParts,
  transaction: Transaction,
  asked: { readonly stray: readonly Absence[]; readonly rules: RulesByName; readonly at: Instant },
): void {
  const { stray, rules, at } = asked;
  const dropped: string[] = [];
  const moved: { readonly ruleHash: string; readonly absence: Absence }[] = [];
  const elsewhere: { readonly ruleHash: string; readonly absence: Absence }[] = [];
  for (const { key, rule: name, alert } of stray) {
    const rule = rules.get(name);
    const now = rule === undefined ? [] : absencesOf(rule, alert);
    // Another `per`: the key is another one, too.
    if (!now.some((absence) => absence.key === key)) dropped.push(key);
    for (const absence of now)
      (absence.key === key ? moved : elsewhere).push({ ruleHash: rule?.hash ?? "", absence });
  }
  // Forgotten in the same transaction: coming back, they look at the alerts of before again, whatever happens between.
  forgetArmedRules(transaction, [
    ...new Set(stray.map(({ rule }) => rule).filter((rule) => !rules.has(rule))),
  ]);
  const reason = `${droppedAt(at)}, or counts by other fields`;
  endAbsences(
    transaction,
    dropped.map((key) => ({ key, state: "dropped", reason })),
    at,
  );
  moveAbsences(
    transaction,
    moved.map(({ ruleHash, absence: { key, dueAt } }) => ({ key, ruleHash, dueAt })),
  );
  const latest = new Map<string, (typeof elsewhere)[number]>();
  for (const one of elsewhere.toSorted((a, b) => a.absence.lastSeenAt - b.absence.lastSeenAt))
    latest.set(one.absence.key, one);
  armAbsences(
    transaction,
    [...latest.values()].map((one) => ({ ...one, id: newId("ab", one.absence.lastSeenAt) })),
  );
}

/* ---------- `armed by the first one seen, also before publishing` ---------- */

interface ArmInput {
  readonly watching: RulesByName;
  readonly at: Instant;
  readonly seenSince: Instant | undefined;
}

async function armByEarlierAlerts(
  parts: EngineParts,
  active: ActiveRules,
  { watching, at, seenSince }: ArmInput,
): Promise<number> {
  const texts = [...watching.values()].map(({ name, hash }): RuleText => ({ name, hash }));
  const known = new Map((await selectArmedRules(parts.store)).map(({ name, hash }) => [name, hash]));
  const fresh = new Set([...watching.values()].filter(({ name, hash }) => known.get(name) !== hash));
  if (seenSince !== undefined) for (const rule of watching.values()) fresh.add(rule);
  if (fresh.size === 0 && known.size === texts.length) return 0;
  const found = new Map<string, { readonly ruleHash: string; readonly absence: Absence }>();
  const isKnown = [...fresh].every(({ name, hash }) => known.get(name) === hash);
  const longest = Math.max(0, ...[...fresh].map((rule) => spanOf(rule, "silence") ?? 0));
  const since = Math.max(at - longest, isKnown ? (seenSince ?? 0) : 0);
  for (let before: string | undefined, looked = 0; fresh.size > 0 && looked < ARMING_ALERTS_MAX;) {
    const alerts = await selectFiringAlerts(parts.store, { before, limit: ALERTS_PER_PAGE });
    for (const alert of alerts) {
      for (const { rule } of active.rules.match(silence(alert, alert.receivedAt))) {
        if (!fresh.has(rule)) continue;
        for (const absence of absencesOf(rule, alert)) {
          // A silence that was over before the rule was published is not told (WF-6).
          if (absence.dueAt > at && !found.has(absence.key))
            found.set(absence.key, { ruleHash: rule.hash, absence });
        }
      }
    }
    looked += alerts.length;
    before = alerts.at(-1)?.id;
    if (alerts.length < ALERTS_PER_PAGE || (alerts.at(-1)?.receivedAt ?? 0) < since) break;
  }
  return await parts.store.transaction(async (transaction) => {
    await stayInForce(transaction, active);
    // A longer span does not tell a silence a second time.
    const told = await selectToldAbsences(transaction, [...found.keys()]);
    const armed = [...found.values()]
      .filter(({ absence }) => absence.lastSeenAt > (told.get(absence.key) ?? -Infinity))
      .map((one) => ({ ...one, id: parts.newId("ab", one.absence.lastSeenAt) }));
    armAbsences(transaction, armed);
    await rememberArmedRules(transaction, texts);
    return armed.length;
  });
}
