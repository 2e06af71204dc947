/**
 * What is read but does not run in this version: refused, never ignored in silence. The one place that knows;
 * a feature that runs leaves this table. Knows nothing of how the features would work.
 */
import type { Condition, Declaration, EventNode } from "../../grammar/ast.ts";
import type { Span } from "../diagnostics/index.ts";
import type { Report } from "./report.ts";

const events: Partial<Record<EventNode["kind"], string>> = {
  "alert still firing": "`alert still firing after ...`",
  "no alert": "`no alert for ...`",
  "ticket idle": "`ticket idle for ...`",
  "ticket open": "`ticket open for ...`",
  "ticket due": "`ticket due in ...`",
  "ticket overdue": "`ticket overdue`",
  every: "`every ...`",
};

const conditions: Partial<Record<Condition["kind"], string>> = {
  count: "a count of alerts over time",
  calendar: "a test against a calendar",
};

const declarations: Partial<Record<Declaration["kind"], string>> = {
  calendar: "`calendar`",
  maintenance: "`maintenance`",
  mailbox: "`mailbox`",
};

export function refuseEvent(report: Report, event: EventNode): void {
  refuse(report, event.span, events[event.kind]);
}

export function refuseCondition(report: Report, condition: Condition): void {
  refuse(report, condition.span, conditions[condition.kind]);
}

/** Told at the name: the block may be long. */
export function refuseDeclaration(report: Report, declaration: Declaration): void {
  const name =
    declaration.kind === "mailbox"
      ? declaration.address
      : "name" in declaration
        ? declaration.name
        : undefined;
  refuse(report, name?.span ?? declaration.span, declarations[declaration.kind]);
  if (declaration.kind === "callout" && declaration.pauseAfter !== undefined) {
    refuse(report, declaration.pauseAfter.span, "`pause after ... failed deliveries`");
  }
}

function refuse(report: Report, span: Span, what: string | undefined): void {
  if (what === undefined) return;
  report.add("R1401", span, `${what} is not in this version yet`, {
    help: "leave it out until a version that runs it; what it says would be ignored otherwise",
  });
}
