/**
 * One batch of alerts in one transaction: duplicates first, then whose they are, then the decision, then everything is
 * written and the answers are made. Knows nothing of queues.
 *
 *   take delivery ids -> attribute -> lock, load, decide (decide-loaded.ts) -> write -> add to settled counts -> commit -> answers
 */
import { COUNT_SETTLED_FOR_MS, utcDay } from "../domain/index.ts";
import type { Alert, AlertOutcome, Instant } from "../domain/index.ts";
import type { EventResult } from "../decision/index.ts";
import {
  addAlertCounts,
  deliveryKey,
  insertAlerts,
  isStoreUnavailable,
  lockOrganizations,
  selectFirstAnswers,
  takeDeliveries,
} from "../store/index.ts";
import type { DecidedAlert, FirstAnswer, Transaction } from "../store/index.ts";
import { applyEffects, type GatheredEffects } from "./apply-effects.ts";
import { armClocks } from "./arm-clocks.ts";
import { attributeAlerts, type IdentifiedAlert } from "./attribute-alerts.ts";
import { addedTimes } from "./gather-time.ts";
import { decideLoaded } from "./decide-loaded.ts";
import type { LoadedView } from "./desk-loader.ts";
import { newTicketAdder, openView, type ActiveRules, type EngineParts } from "./engine-parts.ts";
import { NumberLease } from "./ticket-numbers.ts";
import type { AlertAnswer } from "./types.ts";

interface BatchOutcome {
  /** In the order of the batch. */
  readonly answers: readonly AlertAnswer[];
  readonly unmapped: number;
  readonly gathered: GatheredEffects | undefined;
}

/**
 * Resolves after the commit with an answer for each alert. All alerts were received on one UTC day.
 * Throws: StoreUnavailable; whatever one of the alerts brought about, and then nothing of the batch is stored.
 */
export async function runAlertBatch(
  parts: EngineParts,
  active: ActiveRules,
  batch: readonly IdentifiedAlert[],
): Promise<readonly AlertAnswer[]> {
  const day = utcDay(batch[0]?.incoming.receivedAt ?? 0);
  const startedAt = performance.now();
  let lease = new NumberLease(parts.numbers, day);
  const outcome = await parts.store
    .transaction(
      async (transaction) => {
        // A transaction that is tried again was rolled back: what it took is free.
        lease.settle(NONE_USED);
        lease = new NumberLease(parts.numbers, day);
        return await runInTransaction(parts, { active, transaction, lease }, batch);
      },
      { plansOnce: true },
    )
    .catch((error: unknown) => {
      // With Postgres away a commit may have happened or not: those numbers are lost.
      if (!isStoreUnavailable(error)) lease.settle(NONE_USED);
      throw error;
    });
  const { answers, unmapped, gathered } = outcome;
  const used = new Set([...(gathered?.opened.values() ?? [])].map((ticket) => ticket.number));
  lease.settle(used);
  count(parts, answers, unmapped, gathered);
  parts.counters.transactionMs += performance.now() - startedAt;
  return answers;
}

const NONE_USED: ReadonlySet<string> = new Set();

interface Scope {
  readonly active: ActiveRules;
  readonly transaction: Transaction;
  readonly lease: NumberLease;
}

async function runInTransaction(
  parts: EngineParts,
  scope: Scope,
  batch: readonly IdentifiedAlert[],
): Promise<BatchOutcome> {
  const { active, transaction, lease } = scope;
  const { fresh, firstOf } = await separateDuplicates(transaction, batch);
  const [attributed, view] = await Promise.all([
    attributeAlerts(transaction, fresh, parts.ownOrganization),
    openView(parts, transaction, active),
  ]);
  for (const [key, record] of attributed.records) view.records.set(key, record);
  lockOrganizations(transaction, organizationsOf(attributed.alerts));
  const decision = await decideLoaded({
    transaction,
    view,
    events: attributed.alerts.map((alert) => ({ kind: "alert", alert })),
    rules: active.rules,
    storm: { ir: active.rules.ir, until: settledUntil(batch, parts.now()), alerts: attributed.alerts.length },
    addNewTickets: newTicketAdder(parts, lease, batch[0]?.incoming.receivedAt ?? parts.now()),
  });
  const decided = attributed.alerts.map((alert, i) =>
    toDecidedAlert(alert, decision.results[i], active.number, fresh[i]),
  );
  insertAlerts(transaction, decided);
  const gathered = applyEffects(transaction, {
    effects: decision.effects,
    ruleSet: active.number,
    ir: active.rules.ir,
    view,
    newId: parts.newId,
    now: parts.now(),
  });
  await armClocks(transaction, { gathered, view, active, now: parts.now() });
  addAlertCounts(transaction, addedTimes(gathered.time, active.rules.ir, view.settledCounts));
  const numberOf = numberFinder(view, gathered);
  const answers = decided.map((one, i) => toAnswer(one, decision.results[i], numberOf));
  const answerById = new Map(answers.map((answer) => [answer.id, answer]));
  return {
    answers: batch.map(({ id }) => answerById.get(id) ?? duplicateAnswer(firstOf.get(id), answerById)),
    unmapped: attributed.unmapped,
    gathered,
  };
}

/**
 * Who counts with the same key while this batch is under way must be above the threshold too, since receipts of this batch
 * are not there for it: also who comes when the oldest receipts are about to leave the span.
 */
function settledUntil(batch: readonly IdentifiedAlert[], now: Instant): Instant {
  const latest = batch.reduce((most, { incoming }) => Math.max(most, incoming.receivedAt), now);
  return latest + COUNT_SETTLED_FOR_MS;
}

/** What a duplicate repeats: an alert of this batch, or the stored answer to an earlier one. */
type First =
  { readonly kind: "here"; readonly id: string } | { readonly kind: "earlier"; readonly answer: FirstAnswer };

async function separateDuplicates(
  transaction: Transaction,
  batch: readonly IdentifiedAlert[],
): Promise<{ readonly fresh: readonly IdentifiedAlert[]; readonly firstOf: ReadonlyMap<string, First> }> {
  const firstIdByKey = new Map<string, string>();
  const firstOf = new Map<string, First>();
  const keyById = new Map<string, string>();
  for (const { id, incoming } of batch) {
    if (incoming.deliveryId === undefined) continue;
    const key = deliveryKey(incoming.source, incoming.deliveryId);
    keyById.set(id, key);
    const first = firstIdByKey.get(key);
    if (first === undefined) firstIdByKey.set(key, id);
    else firstOf.set(id, { kind: "here", id: first });
  }
  const claims = [...firstIdByKey].map(([key, alertId]) => ({ key, alertId }));
  const free = await takeDeliveries(transaction, claims);
  const taken = claims.filter(({ key }) => !free.has(key)).map(({ key }) => key);
  const earlier = await selectFirstAnswers(transaction, taken);
  for (const [id, key] of keyById) {
    const answer = earlier.get(key);
    if (answer !== undefined) firstOf.set(id, { kind: "earlier", answer });
  }
  return { fresh: batch.filter(({ id }) => !firstOf.has(id)), firstOf };
}

function duplicateAnswer(
  first: First | undefined,
  answerById: ReadonlyMap<string, AlertAnswer>,
): AlertAnswer {
  if (first?.kind === "here") {
    const answer = answerById.get(first.id);
    if (answer !== undefined) return { ...answer, outcome: "duplicate_delivery" };
  }
  if (first?.kind !== "earlier") throw new Error("an alert of the batch has no answer");
  const { id, ticket, repeat, warnings, firings } = first.answer;
  return {
    id,
    outcome: "duplicate_delivery",
    ...(ticket === undefined ? {} : { ticket }),
    ...(repeat === undefined ? {} : { repeat }),
    firings: firings.map(({ ticket: number, ...firing }) => ({
      ...firing,
      ...(number === undefined ? {} : { ticket: number }),
    })),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function organizationsOf(alerts: readonly Alert[]): readonly string[] {
  const ids = new Set<string>();
  for (const { organization } of alerts) if (organization.id !== undefined) ids.add(organization.id);
  return [...ids].sort();
}

function toDecidedAlert(
  alert: Alert,
  result: EventResult | undefined,
  ruleSet: number,
  identified: IdentifiedAlert | undefined,
): DecidedAlert {
  if (result === undefined) throw new Error("the decision left an alert without a result");
  return {
    alert,
    outcome: storedOutcome(result.outcome),
    why: result.why,
    ticketId: result.ticketId,
    repeat: result.repeat,
    warnings: [
      ...(identified?.incoming.warnings ?? []),
      ...result.warnings,
      ...(result.cut === undefined ? [] : [result.cut]),
    ],
    ruleSet,
  };
}

function storedOutcome(outcome: AlertOutcome | undefined): DecidedAlert["outcome"] {
  if (outcome === undefined || outcome === "duplicate_delivery")
    throw new Error(`the decision gave an alert the outcome ${outcome ?? "none"}`);
  return outcome;
}

type NumberOf = (ticketId: string | undefined) => string | undefined;

function numberFinder(view: LoadedView, gathered: GatheredEffects): NumberOf {
  return (ticketId) => {
    if (ticketId === undefined) return undefined;
    return (gathered.opened.get(ticketId) ?? view.tickets.get(ticketId))?.number;
  };
}

function toAnswer(decided: DecidedAlert, result: EventResult | undefined, numberOf: NumberOf): AlertAnswer {
  const ticket = numberOf(decided.ticketId);
  return {
    id: decided.alert.id,
    outcome: decided.outcome,
    ...(ticket === undefined ? {} : { ticket }),
    ...(decided.repeat === undefined ? {} : { repeat: decided.repeat }),
    firings: (result?.firings ?? []).map((firing) => {
      const number = numberOf(firing.ticketId);
      return {
        rule: firing.rule,
        on: firing.on,
        file: firing.file,
        line: firing.line,
        ...(number === undefined ? {} : { ticket: number }),
      };
    }),
    ...(decided.warnings.length === 0 ? {} : { warnings: decided.warnings }),
  };
}

function count(
  { counters, wakeRelay }: EngineParts,
  answers: readonly AlertAnswer[],
  unmapped: number,
  gathered: GatheredEffects | undefined,
): void {
  for (const { outcome } of answers) counters.alertsByOutcome[outcome] += 1;
  counters.unmappedOrganizations += unmapped;
  counters.batches += 1;
  counters.batchedAlerts += answers.length;
  counters.largestBatch = Math.max(counters.largestBatch, answers.length);
  if (gathered === undefined) return;
  countEffects(counters, gathered);
  if (leavesWork(gathered)) wakeRelay();
}

export function countEffects(counters: EngineParts["counters"], gathered: GatheredEffects): void {
  counters.disagreements += gathered.disagreements.length;
  counters.ticketsOpened += gathered.opened.size;
  counters.deliveriesStarted += gathered.deliveries.length;
}

export function leavesWork(gathered: GatheredEffects): boolean {
  const { deliveries, notifications, opened, completed, time } = gathered;
  const holds = time.keptHolds.size + time.endedHolds.size;
  return deliveries.length + notifications.length + opened.size + completed.size + holds > 0;
}
