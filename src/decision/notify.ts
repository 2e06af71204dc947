/**
 * Notices: templates filled in, recipients resolved to addresses at the trigger (NT-3), one notification for each way.
 * Knows nothing of SMTP or HTTP.
 */
import { exactText, isEmpty } from "../domain/index.ts";
import type { PersonReference, Ticket } from "../domain/index.ts";
import type { ActionIr, RuleSetIr } from "../compiler/index.ts";
import { renderText } from "../matcher/index.ts";
import type { EvaluationContext } from "../matcher/index.ts";
import { gaps } from "./field-value.ts";
import { contextOf, warnOf } from "./handling.ts";
import type { Handling, RuleRun } from "./handling.ts";
import type { NewNotification } from "./types.ts";

type Notify = Extract<ActionIr, { kind: "notify" }>;

/** A notice before it is addressed. */
export interface Notice {
  readonly subject: string;
  readonly body: string;
  readonly ticket: Ticket | undefined;
  readonly rule: string | undefined;
  readonly callout: string | undefined;
}

export function notify(run: RuleRun, action: Notify): void {
  const { ticket } = run.snapshot;
  const callout = run.snapshot.callout?.name;
  const notice: Notice = { ...contentOf(run, action), ticket, rule: run.rule.name, callout };
  const reasons = [
    ...tell(run.handling, { ...notice, recipients: action.recipients }),
    ...action.people.flatMap((role) => tellPerson(run, role, notice)),
  ];
  const words = action.origin.text;
  if (reasons.length === 0) run.outcomes.push({ kind: "done", action: words });
  else run.outcomes.push({ kind: "skipped", action: words, reason: reasons.join("; ") });
}

/** To every way that each recipient lists. Answers who could not be told, and why. */
export function tell(
  handling: Handling,
  notice: Notice & { readonly recipients: readonly string[] },
): readonly string[] {
  const reasons: string[] = [];
  for (const name of notice.recipients) {
    const addresses = addressesOf(handling.ir, name);
    if (addresses === undefined) reasons.push(`recipient "${name}" is not declared`);
    for (const address of addresses ?? []) emit(handling, notice, address);
  }
  return reasons;
}

/** Every way that a recipient lists; undefined: it is not declared. */
export function addressesOf(ir: RuleSetIr, name: string): readonly Address[] | undefined {
  const recipient = ir.recipients.get(name) ?? ir.recipients.get(exactText(name));
  if (recipient === undefined) return undefined;
  return [
    ...recipient.emails.map((to) => ({ recipient: name, channel: "email", to }) as const),
    ...recipient.webhooks.map((to) => ({ recipient: name, channel: "webhook", to }) as const),
  ];
}

function tellPerson(run: RuleRun, role: Notify["people"][number], notice: Notice): readonly string[] {
  const { ticket } = run.snapshot;
  if (ticket === undefined) return [`no ticket is at hand for ticket.${role}`];
  const person: PersonReference | undefined = role === "contact" ? ticket.contact : ticket.assignedResource;
  if (person === undefined) return [`the ticket has no ${role}`];
  if (isEmpty(person.email)) return [`${person.name} has no e-mail address`];
  const to = person.email ?? "";
  emit(run.handling, notice, { recipient: person.name, channel: "email", to });
  return [];
}

type Address = Pick<NewNotification, "recipient" | "channel" | "to">;

function emit(handling: Handling, notice: Notice, address: Address): void {
  const { ticket, rule, callout } = notice;
  const notification: NewNotification = {
    ...address,
    subject: oneLine(notice.subject),
    body: notice.body,
    ticketId: ticket?.id,
    rule,
    callout,
    at: handling.at,
  };
  handling.desk.emit({ kind: "notify", notification });
}

/** A subject is a mail header: line breaks in a value must not start another. */
function oneLine(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, " ").trim();
}

/* ---------- content ---------- */

function contentOf(run: RuleRun, action: Notify): { readonly subject: string; readonly body: string } {
  const context = contextOf(run);
  const fallback = defaultContent(context);
  const rendered = (expr: Parameters<typeof renderText>[0], where: string): string => {
    const { text, missing } = renderText(expr, context);
    for (const gap of gaps(missing, where)) warnOf(run, gap);
    return text;
  };
  if (action.text !== undefined) return { ...fallback, body: rendered(action.text, "a notice") };
  if (action.template === undefined) return fallback;
  const template = run.handling.ir.templates.get(action.template);
  if (template === undefined) return fallback;
  const where = `template "${template.name}"`;
  return { subject: rendered(template.subject, where), body: rendered(template.body, where) };
}

/** What is known without a template: the ticket, else the alert, and which rule speaks. */
function defaultContent({ snapshot, ruleName }: EvaluationContext): {
  readonly subject: string;
  readonly body: string;
} {
  const { ticket, alert, callout } = snapshot;
  const said = `Rule: ${ruleName ?? "-"}`;
  if (ticket !== undefined) {
    const lines = [
      `${ticket.organization.name}: ${ticket.title}`,
      `Status ${ticket.status}, priority ${ticket.priority}${ticket.queue === undefined ? "" : `, queue ${ticket.queue}`}`,
      ...(callout?.lastError === undefined ? [] : [`Callout "${callout.name}": ${callout.lastError}`]),
      said,
    ];
    return { subject: `[${ticket.number}] ${ticket.title}`, body: lines.join("\n") };
  }
  if (alert === undefined) return { subject: ruleName ?? "Tocsin", body: said };
  const lines = [
    `${alert.organization.name}: ${alert.title}`,
    ...(alert.description === undefined ? [] : [alert.description]),
    said,
  ];
  return { subject: `${alert.source}: ${alert.title}`, body: lines.join("\n") };
}
