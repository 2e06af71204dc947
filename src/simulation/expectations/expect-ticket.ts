/** `ticket N created | completed | FIELD is ...`, `no ticket`, `2 tickets`: over the whole test. */
import { bareSnapshot, COMPLETE } from "../../domain/index.ts";
import type { Field, FieldValue, Snapshot, Ticket } from "../../domain/index.ts";
import type { TestIr } from "../../compiler/index.ts";
import { evaluateCondition, NO_BINDINGS } from "../../matcher/index.ts";
import type { Expectation } from "../../../grammar/ast.ts";
import { decisionsOf } from "../journal.ts";
import { literalOf } from "../test-time.ts";
import { firedBy, nearestTo, plural, sentencesOf, valueWords } from "./observed.ts";
import type { Found, Judged, Observed } from "./observed.ts";

type Kind<K extends Expectation["kind"]> = Extract<Expectation, { kind: K }>;

const opens = (rule: { readonly actions: readonly { readonly kind: string }[] }): boolean =>
  rule.actions.some(({ kind }) => kind === "create-ticket");

export function expectTicketState(
  { kind, number, negated }: Kind<"ticket created" | "ticket completed">,
  observed: Observed,
): Judged {
  const ticket = observed.desk.ticket(number.value);
  const created = ticket !== undefined && !observed.desk.isGiven(ticket.id);
  if (kind === "ticket created") {
    if (created !== negated) return undefined;
    return negated ? unwanted(observed, number.value) : notCreated(observed, number.value);
  }
  const complete = ticket?.status === COMPLETE;
  if (complete !== negated) return undefined;
  if (ticket === undefined)
    return { got: noSuchTicket(observed, number.value), details: sentencesOf(observed) };
  if (negated) return { got: `ticket ${number.value} is Complete`, details: sentencesOf(observed) };
  return {
    got: `ticket ${number.value} has the status "${ticket.status}"`,
    details: sentencesOf(observed),
  };
}

export function expectTicketCount({ count }: Kind<"ticket count">, observed: Observed): Judged {
  const opened = [...observed.desk.desk.tickets.values()].filter(({ id }) => !observed.desk.isGiven(id));
  if (opened.length === count) return undefined;
  if (opened.length > count) return unwanted(observed, observed.desk.ticketNumber(opened[count]?.id ?? ""));
  return {
    got: `${plural(opened.length, "ticket")} ${opened.length === 1 ? "was" : "were"} created`,
    details: [],
    ...nearestTo(observed, opens, "opens a ticket"),
  };
}

function notCreated(observed: Observed, number: number): Found {
  if (observed.desk.ticket(number) !== undefined) {
    return { got: `ticket ${number} was given, not created`, details: [] };
  }
  const near = nearestTo(observed, opens, "opens a ticket");
  const happened = sentencesOf(observed);
  return {
    got: noSuchTicket(observed, number),
    ...near,
    details: [...happened, ...(near.details ?? []).filter((line) => !line.includes("fired, but skipped"))],
  };
}

/** A ticket that should not be there: who opened it, and why. */
function unwanted(observed: Observed, number: number): Found {
  const ticket = observed.desk.ticket(number);
  const got = `ticket ${number} was created: ${ticket?.number ?? ""} "${ticket?.title ?? ""}"`;
  for (const { result } of decisionsOf(observed.journal.all)) {
    for (const firing of result.firings) {
      const opened = firing.outcomes.some(
        (outcome) => outcome.kind === "ticket-created" && outcome.ticketId === ticket?.id,
      );
      if (opened) return { got, details: [], ...firedBy(firing) };
    }
  }
  return { got, details: [] };
}

function noSuchTicket({ desk }: Observed, number: number): string {
  const { size } = desk.desk.tickets;
  if (size === 0) return "no ticket was created";
  return `there is no ticket ${number}, only ${size === 1 ? "ticket 1" : `tickets 1 to ${size}`}`;
}

/* ---------- fields ---------- */

export function expectTicketField(
  { number, path, test, value }: Kind<"ticket field">,
  observed: Observed,
): Judged {
  const ticket = observed.desk.ticket(number.value);
  const meaning = observed.set.meanings.get(path);
  if (meaning?.kind !== "field") return { got: "this field cannot be read", details: [] };
  if (ticket === undefined) {
    const near = nearestTo(observed, opens, "opens a ticket");
    return { got: noSuchTicket(observed, number.value), details: [], ...near };
  }
  const { field } = meaning;
  const wanted = value === undefined ? undefined : literalOf(value, observed.time, field.type);
  if (isAsWanted(ticket, field, test, wanted)) return undefined;
  const actual = shownValue(ticket, field);
  const name = field.path.slice("ticket.".length);
  const setBy = historyOf(observed, ticket, field);
  return {
    got: `ticket ${number.value} ${name} is ${valueWords(actual, field.type === "time", observed.time)}`,
    details: setBy.length > 0 ? setBy : sentencesOf(observed),
  };
}

function isAsWanted(
  ticket: Ticket,
  field: Field,
  test: Kind<"ticket field">["test"],
  wanted: FieldValue,
): boolean {
  const negated = test === "is not" || test === "is not empty";
  const operator = test.endsWith("empty") ? "empty" : test === "contains" ? "contains" : "equals";
  const values = operator === "empty" ? [field.read(snapshotOf(ticket))] : namesOf(ticket, field);
  return values.some((actual) => holds(operator, actual, wanted)) !== negated;
}

/** Records are named as people name them; a person also by address. */
function namesOf(ticket: Ticket, field: Field): readonly FieldValue[] {
  switch (field.path) {
    case "ticket.organization":
      return [ticket.organization.name];
    case "ticket.device":
      return [ticket.device?.name];
    case "ticket.contact":
      return [ticket.contact?.name, ticket.contact?.email];
    case "ticket.assigned_resource":
      return [ticket.assignedResource?.name, ticket.assignedResource?.email];
    default:
      return [field.read(snapshotOf(ticket))];
  }
}

function shownValue(ticket: Ticket, field: Field): FieldValue {
  return namesOf(ticket, field)[0];
}

/** As the language compares: without case, numbers with texts that are numbers, an element of a list. */
function holds(operator: "empty" | "contains" | "equals", actual: FieldValue, wanted: FieldValue): boolean {
  const test: TestIr = {
    kind: "test",
    operator,
    left: { kind: "const", value: actual },
    right: wanted === undefined ? [] : [{ kind: "const", value: wanted }],
    exactly: false,
    ranks: undefined,
    pattern: undefined,
    change: undefined,
    origin: { file: "", line: 0, column: 0, text: "" },
  };
  const snapshot = snapshotOf(undefined);
  return evaluateCondition(test, { snapshot, bindings: NO_BINDINGS, now: 0, zone: undefined });
}

function snapshotOf(ticket: Ticket | undefined): Snapshot {
  return { ...bareSnapshot("ticket-edited", 0), ticket };
}

/** Who wrote the field, as the history tells it. */
function historyOf(observed: Observed, ticket: Ticket, field: Field): readonly string[] {
  return decisionsOf(observed.journal.all).flatMap(({ effects }) =>
    effects.flatMap((effect) => {
      if (effect.kind !== "change-ticket" || effect.ticket.id !== ticket.id) return [];
      const { by } = effect;
      const place = by.file === undefined ? by.kind : `${by.file}:${by.line ?? 0}`;
      return effect.changes
        .filter((change) => change.field === field.apiName)
        .map(({ from, to }) => {
          const words = (value: FieldValue): string =>
            valueWords(value, field.type === "time", observed.time);
          return `${by.kind === "rule" ? `rule "${by.name}"` : by.name} (${place}) changed it from ${words(from)} to ${words(to)}`;
        });
    }),
  );
}
