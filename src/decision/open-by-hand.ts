/** A ticket that a person or program opens: defaults of its category, no dedup (contract.md 3). Knows no alert. */
import type { CategoryIr } from "../compiler/index.ts";
import type { Actor } from "../domain/index.ts";
import { bareSnapshot } from "../domain/index.ts";
import { NO_BINDINGS } from "../matcher/index.ts";
import type { EvaluationContext } from "../matcher/index.ts";
import { raise, ticketSnapshot } from "./change-ticket.ts";
import { findCategory, limitTexts, mergeFields, ticketOf } from "./draft-ticket.ts";
import { evaluateField } from "./field-value.ts";
import type { Handling } from "./handling.ts";
import type { DeskEvent, TicketFields } from "./types.ts";

/** Source of a ticket that a call opened and gave none. */
const CALL_SOURCE = "API";

export function openByHand(handling: Handling, event: Extract<DeskEvent, { kind: "ticket-opened" }>): void {
  const { desk, ir } = handling;
  const organization = event.fields.organization ?? desk.view.ownOrganization;
  const category = event.fields.category === undefined ? undefined : findCategory(ir, event.fields.category);
  const context = openingContext(handling, event.by);
  const fields = mergeFields([
    { source: CALL_SOURCE, organization },
    category === undefined
      ? {}
      : categoryFields(handling, category, { context, organizationId: organization.id }),
    event.fields,
  ]);
  const limited = limitTexts(fields.title ?? "", fields.description ?? "");
  handling.warnings.push(...limited.warnings);
  const { title, description } = limited;
  const ticket = ticketOf(
    { ...fields, title, description },
    {
      ...desk.takeNewTicket(event.ticketId),
      createdAt: event.at,
      createdBy: event.by,
      dedupKey: undefined,
      windowEndsAt: undefined,
    },
    desk.view.ownOrganization,
  );
  desk.open(ticket, undefined, undefined);
  handling.outcomes.push({ kind: "created", ticketId: ticket.id });
  raise(handling, 0, [ticketSnapshot(handling, "ticket-created", ticket, { actor: event.by })]);
}

function categoryFields(
  handling: Handling,
  category: CategoryIr,
  scope: { readonly context: EvaluationContext; readonly organizationId: string },
): TicketFields {
  const due = category.dueInMs === undefined ? {} : { dueAt: handling.at + category.dueInMs };
  const layers: TicketFields[] = [due];
  for (const { field, value } of category.fields) {
    const write = evaluateField(field, value, { desk: handling.desk, ir: handling.ir, ...scope });
    if (write.kind === "value") layers.push(write.fields);
    if (write.kind === "unusable") handling.warnings.push(`category "${category.name}": ${write.reason}`);
  }
  return mergeFields(layers);
}

/** Category defaults are plain values; there is no alert and no ticket to read yet. */
function openingContext(handling: Handling, actor: Actor): EvaluationContext {
  const snapshot = { ...bareSnapshot("ticket-created", handling.at), actor };
  return { snapshot, bindings: NO_BINDINGS, now: handling.at, zone: handling.ir.zone };
}
