/** A desk in memory that a test feeds with events, one decision each, and reads afterwards. */
import type { ActionIr, CreateTicketIr, ExprIr, RuleIr, RuleSetIr } from "../../src/compiler/index.ts";
import { applyEffects, decide, emptyDesk, viewOf } from "../../src/decision/index.ts";
import type { DeskEvent, Effect, EventResult, MemoryDesk, RunnableRules } from "../../src/decision/index.ts";
import { MINUTE } from "../../src/domain/index.ts";
import type { Actor, Alert, Ticket } from "../../src/domain/index.ts";
import { buildRunnableRules } from "../../src/matcher/index.ts";
import {
  alertOf,
  always,
  constant,
  fieldOf,
  origin,
  path,
  ruleOf,
  ruleSetOf,
  trigger,
} from "../matcher/build-ir.ts";

export { alertOf, always, constant, fieldOf, origin, path, ruleOf, ruleSetOf, trigger };

export const STAFF: Actor = { kind: "staff", name: "Anna" };
export const INTEGRATION: Actor = { kind: "integration", name: "RMM key" };

export const text = (...parts: readonly (string | ExprIr)[]): ExprIr => ({ kind: "text", parts });

type CreateParts = Partial<Omit<CreateTicketIr, "kind" | "fields">> & {
  readonly fields?: Readonly<Record<string, ExprIr>>;
};

/** `create ticket` with `dedup within 5 minutes by alert.title`, unless the parts say otherwise. */
export function createTicket({ fields = {}, ...parts }: CreateParts = {}): CreateTicketIr {
  return {
    kind: "create-ticket",
    fields: Object.entries(fields).map(([name, value]) => ({ field: fieldOf(`ticket.${name}`), value })),
    category: undefined,
    dueInMs: undefined,
    dedup: windowBy([path("alert.title")]),
    repeatNote: undefined,
    oncePer: undefined,
    origin: origin("create ticket"),
    ...parts,
  };
}

export function windowBy(
  parts: readonly ExprIr[],
  more: Partial<Extract<CreateTicketIr["dedup"], { kind: "window" }>> = {},
): CreateTicketIr["dedup"] {
  return {
    kind: "window",
    ms: 5 * MINUTE,
    parts: parts.map((value) => ({
      name: value.kind === "field" ? value.field.path : "name",
      value,
      withoutNumbers: false,
    })),
    acrossOrganizations: false,
    acrossSources: false,
    ...more,
  };
}

export const setField = (name: string, value: ExprIr): ActionIr => ({
  kind: "set-field",
  field: fieldOf(`ticket.${name}`),
  value,
  origin: origin(`set ticket.${name}`),
});
export const noteAction = (value: ExprIr | string): ActionIr => ({
  kind: "add-note",
  text: typeof value === "string" ? text(value) : value,
  visibility: "internal",
  origin: origin("add note"),
});
export const complete = (ifUntouched = false): ActionIr => ({
  kind: "complete-ticket",
  ifUntouched,
  origin: origin("complete ticket"),
});
export const stop: ActionIr = { kind: "stop", origin: origin("stop") };
export const suppress: ActionIr = { kind: "suppress-alert", origin: origin("suppress alert") };
export const notifyAction = (parts: Partial<Extract<ActionIr, { kind: "notify" }>> = {}): ActionIr => ({
  kind: "notify",
  recipients: [],
  people: [],
  template: undefined,
  text: undefined,
  origin: origin("notify"),
  ...parts,
});
export const callAction = (callout: string): ActionIr => ({
  kind: "run-callout",
  callout,
  origin: origin(`run callout "${callout}"`),
});

/** A rule on one kind of event; several are numbered in the order of the list by `storyOf`. */
export function on(
  kind: RuleIr["triggers"][number]["kind"],
  actions: readonly ActionIr[],
  parts: Partial<RuleIr> = {},
): RuleIr {
  return ruleOf(0, always, { triggers: [trigger(kind)], actions, ...parts });
}

/** Priority, severity and status as language.md 2 gives them when nothing is declared. */
const defaultValues: RuleSetIr["values"] = new Map(
  [
    ["ticket.status", ["New", "In Progress", "Waiting", "Complete"]],
    ["ticket.priority", ["Low", "Medium", "High", "Critical"]],
  ].map(([name, words]) => [
    name as string,
    { path: name as string, words: words as string[], ranks: undefined },
  ]),
);

export function rulesOf(rules: readonly RuleIr[], parts: Partial<RuleSetIr> = {}): RunnableRules {
  const numbered = rules.map((rule, index) => ({
    ...rule,
    index,
    line: index + 1,
    name: rule.name === "rule 0" ? `rule ${index}` : rule.name,
  }));
  return buildRunnableRules({ ...ruleSetOf(numbered), values: defaultValues, ...parts });
}

export interface Story {
  readonly desk: MemoryDesk;
  readonly effects: Effect[];
  readonly decide: (...events: readonly DeskEvent[]) => Promise<readonly EventResult[]>;
  readonly receive: (at: number, parts?: Partial<Alert>) => Promise<EventResult>;
  readonly set: (at: number, ticketId: string, fields: ChangedFields, by?: Actor) => Promise<EventResult>;
  readonly ticket: (n: number) => Ticket;
  readonly notes: (n: number) => readonly string[];
}
type ChangedFields = Extract<DeskEvent, { kind: "ticket-changed" }>["fields"];

let lastAlert = 0;

export function alertEvent(at: number, parts: Partial<Alert> = {}): DeskEvent {
  lastAlert += 1;
  return { kind: "alert", alert: alertOf({ id: `al_${lastAlert}`, receivedAt: at, ...parts }) };
}

export function storyOf(rules: RunnableRules, desk: MemoryDesk = emptyDesk()): Story {
  const effects: Effect[] = [];
  const run = async (...events: readonly DeskEvent[]): Promise<readonly EventResult[]> => {
    const decision = await decide({ view: viewOf(desk, 0, 50), events, rules });
    if (decision.kind === "needs") throw new Error(`the desk lacks ${JSON.stringify(decision.needs)}`);
    applyEffects(desk, decision.effects, events);
    effects.push(...decision.effects);
    return decision.results;
  };
  const only = async (event: DeskEvent): Promise<EventResult> => (await run(event))[0]!;
  const ticket = (n: number): Ticket => [...desk.tickets.values()][n - 1]!;
  return {
    desk,
    effects,
    decide: run,
    receive: (at, parts) => only(alertEvent(at, parts)),
    set: (at, ticketId, fields, by = STAFF) => only({ kind: "ticket-changed", ticketId, fields, by, at }),
    ticket,
    notes: (n) => (desk.notes.get(ticket(n)?.id) ?? []).map((note) => note.text),
  };
}
