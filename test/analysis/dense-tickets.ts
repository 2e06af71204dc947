/** Events of tickets as rules name them, and as the desk raises them: the ticket is as the change left it. */
import fc from "fast-check";
import { draftEvent } from "../../src/analysis/draft-event.ts";
import type { FieldChange, Snapshot, TriggerKind } from "../../src/domain/index.ts";

const statuses = ["New", "Waiting", "Complete", "complete"] as const;
const queues = ["A", "B", "b"] as const;
const actors = ["staff", "contact", "system", "rule", "integration"] as const;

const status = fc.constantFrom(...statuses);
const queue = fc.constantFrom(...queues);
const actor = fc.constantFrom(...actors);

const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(", ");
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 1, maxLength: 2 });
const by = fc
  .option(some(actor), { nil: undefined })
  .map((kinds) => (kinds === undefined ? "" : ` by ${kinds.join(", ")}`));

const event: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.constantFrom("ticket created", "ticket edited", "ticket completed"), by)
    .map((words) => words.join("")),
  fc.tuple(some(status), by).map(([to, who]) => `ticket.status changes to ${quoted(to)}${who}`),
  fc.tuple(status, some(status)).map(([from, to]) => `ticket.status changes from "${from}" to ${quoted(to)}`),
  status.map((from) => `ticket.status changes from "${from}"`),
  fc.tuple(some(queue), by).map(([to, who]) => `ticket.queue changes to ${quoted(to)}${who}`),
);

export const eventWords: fc.Arbitrary<string> = fc
  .array(event, { minLength: 1, maxLength: 2 })
  .map((events) => events.join(" or "));

export const ticketCondition: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.constantFrom("is", "is not", "is exactly"), status)
    .map(([op, word]) => `ticket.status ${op} "${word}"`),
  fc
    .tuple(fc.constantFrom("in", "not in"), some(status))
    .map(([op, words]) => `ticket.status ${op} [${quoted(words)}]`),
  fc.tuple(fc.constantFrom("is", "is not"), queue).map(([op, word]) => `ticket.queue ${op} "${word}"`),
  fc.tuple(fc.constantFrom("is", "is not"), actor).map(([op, word]) => `actor.kind ${op} "${word}"`),
  fc.constantFrom("ticket.queue is not empty", 'ticket.status contains "e"', "ticket.status is empty"),
);

interface Change {
  readonly kind: TriggerKind;
  readonly status: string;
  readonly queue: string | undefined;
  readonly before: string;
  readonly who: (typeof actors)[number];
}

/** One change as the desk tells of it: with its own value in the ticket, by somebody. */
export const ticketEvent: fc.Arbitrary<Snapshot> = fc
  .record<Change>({
    kind: fc.constantFrom("ticket-created", "ticket-edited", "ticket-completed", "ticket-changed"),
    status,
    queue: fc.option(queue, { nil: undefined }),
    before: status,
    who: actor,
  })
  .map(({ kind, status: after, queue: into, before, who }) => {
    const now = kind === "ticket-completed" ? "Complete" : after;
    const changes: FieldChange[] =
      kind === "ticket-created" || before === now ? [] : [{ field: "status", from: before, to: now }];
    if (into !== undefined && kind === "ticket-changed")
      changes.push({ field: "queue", from: undefined, to: into });
    return draftEvent({
      kind,
      at: 1_767_614_400_000,
      values: new Map([
        ["ticket.status", now],
        ["ticket.queue", into],
      ]),
      actor: { kind: who, name: "Example" },
      changes,
      calloutName: undefined,
      counts: new Map(),
    });
  });
