/**
 * The cheap first pass: what a batch will touch, from matching alone, so that it can be loaded and locked in key order
 * before anything is decided. What it can't foresee (cascades) comes back as `Needs` of the decision.
 */
import { bareSnapshot, COMPLETE, PLANNED_RECORDS_MAX } from "../domain/index.ts";
import type { Alert, Snapshot } from "../domain/index.ts";
import type { ActionIr, RuleSetIr } from "../compiler/index.ts";
import type { EvaluationContext } from "../matcher/index.ts";
import { evaluateExpr } from "../matcher/index.ts";
import { dedupKeyIn, isInsideWindow, onceKeyIn } from "./create-ticket.ts";
import { countKeys } from "./count-receipts.ts";
import { addressOf } from "./field-value.ts";
import { hasHolds, stillFiring } from "./hold-alerts.ts";
import { identityOf, recordKey } from "./keys.ts";
import type { RecordAddress } from "./keys.ts";
import { alertReceived } from "./snapshots.ts";
import type { DeskEvent, DeskView, Needs, RuleMatch, RunnableRules } from "./types.ts";
import { silence } from "./watch-silence.ts";

interface Plan {
  readonly view: DeskView;
  readonly rules: RunnableRules;
  readonly tickets: Set<string>;
  readonly dedupKeys: Set<string>;
  readonly identities: Set<string>;
  readonly onceKeys: Set<string>;
  readonly alertsOfTickets: Set<string>;
  readonly mailsOfTickets: Set<string>;
  readonly records: Set<string>;
  readonly holds: Set<string>;
  readonly absences: Set<string>;
  readonly clocks: Set<string>;
  readonly deferred: Set<string>;
  readonly counts: Set<string>;
  /** Keys under which this batch will open a ticket: the second alert of a key finds the first's. */
  readonly opening: Set<string>;
  newTickets: number;
}

/**
 * Only what the view does not know yet: with an empty view everything, with a loaded one what is left. New tickets are
 * what will be opened as far as matching tells; the decision says when it needs more.
 */
export function planNeeds(events: readonly DeskEvent[], rules: RunnableRules, view: DeskView): Needs {
  const plan: Plan = {
    view,
    rules,
    tickets: new Set(),
    dedupKeys: new Set(),
    identities: new Set(),
    onceKeys: new Set(),
    alertsOfTickets: new Set(),
    mailsOfTickets: new Set(),
    records: new Set(),
    holds: new Set(),
    absences: new Set(),
    clocks: new Set(),
    deferred: new Set(),
    counts: new Set(),
    opening: new Set(),
    newTickets: 0,
  };
  for (const event of events) planEvent(plan, event);
  planCascades(plan);
  const { tickets, dedupKeys, identities, onceKeys, alertsOfTickets, mailsOfTickets, records } = plan;
  const { holds, absences, clocks, deferred, counts } = plan;
  const newTickets = Math.max(0, plan.newTickets - view.newTickets.length);
  const ofTime = { holds, absences, clocks, deferred, counts };
  const ofTickets = { tickets, alertsOfTickets, mailsOfTickets };
  return { ...ofTickets, dedupKeys, identities, onceKeys, records, ...ofTime, newTickets };
}

function planEvent(plan: Plan, event: DeskEvent): void {
  switch (event.kind) {
    case "alert":
      return planAlert(plan, event.alert);
    case "ticket-opened":
      plan.newTickets += 1;
      return;
    case "mail":
      return planMail(plan, event);
    case "ticket-changed":
    case "note-added":
    case "time-entry-added":
    case "callout-finished":
      return planTicket(plan, event.ticketId);
    case "hold-due":
      planKey(plan, "holds", event.identity);
      for (const { rule, alert } of plan.view.holds?.get(event.identity) ?? []) {
        if (rule === event.rule) planDue(plan, alert, stillFiring(alert, event.at));
      }
      return;
    case "absence-due": {
      planKey(plan, "absences", event.key);
      const alert = plan.view.absences?.get(event.key)?.alert;
      if (alert !== undefined) planDue(plan, alert, silence(alert, event.at));
      return;
    }
    case "clock-due":
      planKey(plan, "clocks", event.ticketId);
      return planTicket(plan, event.ticketId);
    case "maintenance-ended": {
      planKey(plan, "deferred", event.identity);
      const alert = plan.view.deferred?.get(event.identity)?.alert;
      if (alert === undefined) return;
      if (hasHolds(plan.rules.ir)) planKey(plan, "holds", event.identity);
      return planDue(plan, alert, { ...alertReceived(alert), at: event.at });
    }
    case "schedule-due":
      return;
  }
}

/** The tickets that it may be added to, and one that it may open. */
function planMail(plan: Plan, { found }: Extract<DeskEvent, { kind: "mail" }>): void {
  plan.newTickets += 1;
  for (const { ticketId } of found.duplicates) planTicket(plan, ticketId);
  for (const item of found.items) if (item.kind === "ticket") planTicket(plan, item.ticketId);
  if (found.answeredTicketId !== undefined) planTicket(plan, found.answeredTicketId);
}

const viewOfNeed = {
  holds: "holds",
  absences: "absences",
  clocks: "clocks",
  deferred: "deferred",
  counts: "recentReceipts",
} as const;

/** Only what the view keeps at all. */
function planKey(plan: Plan, need: keyof typeof viewOfNeed, key: string): void {
  const known = plan.view[viewOfNeed[need]];
  if (known !== undefined && !known.has(key)) plan[need].add(key);
}

function planTicket(plan: Plan, ticketId: string): void {
  if (!plan.view.tickets.has(ticketId)) plan.tickets.add(ticketId);
  if (!plan.view.alertByTicket.has(ticketId)) plan.alertsOfTickets.add(ticketId);
}

function planAlert(plan: Plan, alert: Alert): void {
  const identity = identityOf(alert);
  const { ir } = plan.rules;
  if (hasHolds(ir)) planKey(plan, "holds", identity);
  if (ir.maintenance.length + (plan.view.maintenance?.length ?? 0) > 0) planKey(plan, "deferred", identity);
  if (alert.status === "firing") for (const key of countKeys(ir, alert)) planKey(plan, "counts", key);
  if (alert.status === "resolved") return planResolved(plan, alert);
  const snapshot = alertReceived(alert);
  for (const match of plan.rules.match(snapshot)) planMatch(plan, match, snapshot);
}

/** What the rules will do with an alert whose time has come; counts are read, it is not counted again. */
function planDue(plan: Plan, alert: Alert, snapshot: Snapshot): void {
  for (const key of countKeys(plan.rules.ir, alert)) planKey(plan, "counts", key);
  for (const match of plan.rules.match(snapshot)) planMatch(plan, match, snapshot);
}

/** Conditions on the ticket need the ticket: what matches now with it, else what matches without. */
function planResolved(plan: Plan, alert: Alert): void {
  const identity = identityOf(alert);
  if (!plan.view.ticketByIdentity.has(identity)) plan.identities.add(identity);
  const ticketId = plan.view.ticketByIdentity.get(identity);
  if (ticketId !== undefined) planTicket(plan, ticketId);
  const ticket = ticketId === undefined ? undefined : plan.view.tickets.get(ticketId);
  const snapshot: Snapshot = { ...bareSnapshot("alert-resolved", alert.receivedAt), alert, ticket };
  for (const match of plan.rules.match(snapshot)) planMatch(plan, match, snapshot);
}

function planMatch(plan: Plan, match: RuleMatch, snapshot: Snapshot): void {
  const context: EvaluationContext = {
    snapshot,
    bindings: match.bindings,
    now: snapshot.at,
    zone: plan.rules.ir.zone,
    ruleName: match.rule.name,
  };
  for (const action of match.rule.actions) planAction(plan, action, context);
}

function planAction(plan: Plan, action: ActionIr, context: EvaluationContext): void {
  if (action.kind === "create-ticket") planCreation(plan, action, context);
  if (action.kind === "set-field") planReference(plan, action.field.apiName, action.value, context);
}

function planCreation(
  plan: Plan,
  action: Extract<ActionIr, { kind: "create-ticket" }>,
  context: EvaluationContext,
): void {
  const { alert } = context.snapshot;
  if (action.oncePer !== undefined) {
    const key = onceKeyIn(context.ruleName ?? "", alert, context.snapshot);
    if (!plan.view.onceByKey.has(key)) plan.onceKeys.add(key);
  }
  for (const { field, value } of action.fields) planReference(plan, field.apiName, value, context);
  planAttribution(plan, alert);
  if (action.dedup.kind === "none") {
    plan.newTickets += 1;
    return;
  }
  const key = dedupKeyIn(context, action.dedup, alert);
  if (!plan.view.ticketByDedupKey.has(key)) plan.dedupKeys.add(key);
  const original = plan.view.ticketByDedupKey.get(key);
  if (original !== undefined) planLoaded(plan, original);
  const ticket = original === undefined ? undefined : plan.view.tickets.get(original);
  const isRepeat =
    ticket !== undefined &&
    ticket.status !== COMPLETE &&
    isInsideWindow(ticket, context.now, action.dedup.ms);
  if (isRepeat || plan.opening.has(key)) return;
  plan.opening.add(key);
  plan.newTickets += 1;
}

function planLoaded(plan: Plan, ticketId: string): void {
  if (!plan.view.tickets.has(ticketId)) plan.tickets.add(ticketId);
}

/** A new ticket carries the records that its alert was attributed to. */
function planAttribution(plan: Plan, alert: Alert | undefined): void {
  const organization = alert?.organization.id;
  const device = alert?.device.id;
  if (organization !== undefined && organization !== plan.view.ownOrganization.id) {
    planRecord(plan, { kind: "organization", by: "id", id: organization });
  }
  if (device !== undefined) planRecord(plan, { kind: "device", by: "id", id: device });
}

function planReference(
  plan: Plan,
  apiName: string | undefined,
  value: Parameters<typeof evaluateExpr>[0],
  context: EvaluationContext,
): void {
  const kind = referenceKind(apiName);
  if (kind === undefined) return;
  const text = evaluateExpr(value, context);
  if (typeof text !== "string" || text.trim() === "") return;
  planRecord(plan, addressOf(kind, text, ""));
}

/** Records that rules further down a cascade name as they are typed: one look-up instead of a second decision of the batch. */
function planCascades(plan: Plan): void {
  const addresses = namedRecords(plan.rules.ir);
  if (addresses.length <= PLANNED_RECORDS_MAX) for (const address of addresses) planRecord(plan, address);
}

const namedByIr = new WeakMap<RuleSetIr, readonly RecordAddress[]>();

function namedRecords(ir: RuleSetIr): readonly RecordAddress[] {
  const known = namedByIr.get(ir);
  if (known !== undefined) return known;
  const onTickets = ir.rules.filter(
    ({ active, triggers }) =>
      active && triggers.some(({ kind }) => kind !== "alert-received" && kind !== "alert-resolved"),
  );
  const addresses = onTickets.flatMap(({ actions }) =>
    actions.flatMap((action) => {
      if (action.kind !== "set-field" || action.value.kind !== "const") return [];
      const kind = referenceKind(action.field.apiName);
      const name = action.value.value;
      return kind === undefined || typeof name !== "string" ? [] : [addressOf(kind, name, "")];
    }),
  );
  namedByIr.set(ir, addresses);
  return addresses;
}

/** Devices and contacts lie within an organization that is known only later: left to the decision. */
function referenceKind(apiName: string | undefined): "organization" | "resource" | undefined {
  if (apiName === "organization") return "organization";
  return apiName === "assigned_resource" ? "resource" : undefined;
}

function planRecord(plan: Plan, address: RecordAddress): void {
  const key = recordKey(address);
  if (!plan.view.records.has(key)) plan.records.add(key);
}
