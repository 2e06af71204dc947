/** One rule, clause by clause, in the order in which it is read. */
import { spanText, type Span } from "../diagnostics/index.ts";
import { exactText, FIELDS, RULE_ORDER_MAX } from "../domain/index.ts";
import type { EventNode, Name, OrganizationScope, RuleNode } from "../../grammar/ast.ts";
import { checkDuration, checkInteger } from "./amounts.ts";
import { checkActions } from "./check-action.ts";
import { checkChangeValues, checkCondition, checkPer, withBound } from "./check-condition.ts";
import { checkCounts } from "./check-counts.ts";
import { checkWaitEnds } from "./check-endless.ts";
import { checkNegations } from "./check-negations.ts";
import { checkSchedule } from "./check-times.ts";
import { newScope, type Checking, type Place } from "./checking.ts";
import { placeOfEvents } from "./event-place.ts";
import { findNamed } from "./names.ts";
import { namesTaken } from "./names-taken.ts";
import { presentWhenTrue, withPresent } from "./presence.ts";
import { replace, reportUnknownField, resolveField } from "./resolve-path.ts";
import { suggest } from "./suggest.ts";

export function checkRule(checking: Checking, rule: RuleNode): void {
  checkInteger(checking.report, rule.order, "an order", { min: -RULE_ORDER_MAX, max: RULE_ORDER_MAX });
  if (rule.organizations !== undefined) checkScope(checking, rule, rule.organizations);
  const scope = newScope(namesTaken(rule.condition, ...rule.exceptions));
  const place = placeOfEvents(rule.events, checking, scope);
  for (const event of rule.events) checkEvent(checking, place, event);
  let here: Place = place;
  if (rule.condition !== undefined) {
    const taken = checkCondition(checking, place, rule.condition);
    checkNegations(checking, place, rule.condition);
    checkCounts(checking, rule.condition);
    here = withPresent(withBound(place, taken), presentWhenTrue(checking, rule.condition));
  }
  for (const exception of rule.exceptions) {
    const taken: ReadonlyMap<string, Span> = checkCondition(checking, here, exception);
    for (const [name, span] of taken) scope.loose.set(name, { span, why: "taken in an `except when` only" });
    checkNegations(checking, here, exception);
  }
  checkActions(checking, here, rule);
}

function checkScope(checking: Checking, rule: RuleNode, scope: OrganizationScope): void {
  const { declarations, report, used } = checking;
  const schedule = rule.events.find((event) => event.kind === "every");
  if (schedule !== undefined)
    report.add("R1314", scope.span, "a rule on a schedule has no organization at hand", {
      labels: [{ span: schedule.span, text: "the schedule" }],
      help: "leave `for organization` out and write `organization = ...` in `create ticket`",
    });
  if (scope.kind === "names") return;
  const name = exactText(scope.list.text);
  const list = declarations.lists.get(name);
  if (list !== undefined) {
    used.add(list);
    return;
  }
  const near = suggest(name, declarations.lists.keys());
  const meant = near === undefined ? undefined : declarations.lists.get(near.text);
  if (meant !== undefined) used.add(meant);
  report.add("R1201", scope.list.span, `unknown list \`${name}\``, {
    help:
      near === undefined ? `declare it: \`list ${name} = ["...", "..."]\`` : `did you mean \`${near.text}\`?`,
    fixes: near === undefined ? [] : [replace(scope.list.span, near.text, near.sure)],
  });
}

function checkEvent(checking: Checking, place: Place, event: EventNode): void {
  const { report } = checking;
  switch (event.kind) {
    case "field changes":
      checkFieldChange(checking, place, event);
      return;
    case "callout succeeded":
    case "callout failed":
      findNamed(checking, "callout", event.callout);
      return;
    case "alert still firing":
      checkDuration(report, event.after, "the wait", { insteadOfNone: "`when alert received` acts at once" });
      return;
    case "no alert":
      checkDuration(report, event.for, "the silence");
      checkPer(checking, place, event.per, "alerts are awaited per path of the alert");
      return;
    case "ticket idle":
    case "ticket open":
    case "ticket due":
    case "ticket overdue":
      checkDuration(report, event.duration, "the time", { insteadOfNone: insteadOfNoTime[event.kind] });
      checkWaitEnds(report, event.duration, event.during, findNamed(checking, "calendar", event.during));
      return;
    case "every":
      checkSchedule(checking, event.schedule);
      return;
    default:
      return;
  }
}

const insteadOfNoTime = {
  "ticket idle": "at least `1 second`",
  "ticket open": "`when ticket created` acts at once",
  "ticket due": "`when ticket overdue` acts when it is due",
  "ticket overdue": "`when ticket overdue` alone acts when it is due",
} as const;

/** `when ticket changes`, `when status changes`: a change of anything has its own event, a field its root. */
function reportBareChange({ report }: Checking, { text, span }: Name): void {
  const path = `ticket.${text.toLowerCase()}`;
  if (text.toLowerCase() === "ticket") {
    report.add("R1105", span, "any change of a ticket is written `ticket edited`", {
      help: "write `when ticket edited`, or name the field: `when ticket.status changes`",
    });
  } else if (FIELDS.has(path)) {
    report.add("R1203", span, `\`${text}\` alone is no field`, {
      note: "a field begins with what it belongs to",
      help: `did you mean \`${path}\`?`,
      fixes: [replace(span, path, true)],
    });
  } else reportUnknownField({ report }, span, text);
}

function checkFieldChange(
  checking: Checking,
  place: Place,
  event: Extract<EventNode, { readonly kind: "field changes" }>,
): void {
  const [only, ...more] = event.path.segments;
  if (only !== undefined && more.length === 0 && !only.quoted) return reportBareChange(checking, only);
  const meaning = resolveField(checking, event.path);
  if (meaning?.kind !== "field") return;
  checking.meanings.set(event.path, meaning);
  if (meaning.field.apiName === undefined) {
    checking.report.add("R1303", event.path.span, `\`${spanText(event.path.span)}\` does not change`, {
      help: "events tell of fields of the ticket: `ticket.status changes to ...`",
    });
    return;
  }
  // The values stand in the event: nothing but the field itself is at hand.
  checkChangeValues(checking, { ...place, roots: new Map([["ticket", "always"]]) }, event.path, [
    ...event.from,
    ...event.to,
  ]);
}
