/** The `when` of a rule: from the concrete tree to events. */
import type { ActorWord, EventNode, Expression, ScheduleNode } from "../ast.ts";
import { joinSpans, spanText } from "../../src/diagnostics/index.ts";
import { unreachable } from "../../src/domain/index.ts";
import type * as Cst from "../gen/cst.d.ts";
import { buildPer } from "./conditions.ts";
import { first, inOrder, replaceFix, spanOf, startOf, typed, whichOf, type TreeContext } from "./context.ts";
import { buildString } from "./text.ts";
import { buildClock, buildDays, buildDuration, buildDurationParts } from "./times.ts";
import { buildAtom, buildName, buildPath, buildSeparated, buildText } from "./values.ts";

export function buildEvents(context: TreeContext, node: Cst.WhenClauseCstNode): readonly EventNode[] {
  const events = typed(node.children.event).flatMap((event) => buildEvent(context, event));
  const strays = typed(node.children.Quoted);
  const last = events.at(-1);
  const [stray] = strays;
  if (stray === undefined) return events;
  if (last?.kind === "field changes" && last.span.end <= startOf(stray)) {
    const values = [...last.to, ...strays.map((token) => buildString(context, token))];
    const written = values.map((value) => spanText(value.span)).join(", ");
    const span = joinSpans(values[0]?.span ?? last.span, values.at(-1)?.span ?? last.span);
    context.sink.report("R1111", span, "`or` joins events; several values are separated by commas", {
      help: `write \`${written}\``,
      fixes: [replaceFix(`write \`${written}\``, span, written, false)],
    });
    return [...events.slice(0, -1), { ...last, to: values }];
  }
  context.sink.report("R1101", spanOf(context, stray), `\`${stray.image}\` is not an event`);
  return events;
}

function buildEvent(context: TreeContext, node: Cst.EventCstNode): readonly EventNode[] {
  const { children } = node;
  const alert = first(children.alertEvent);
  if (alert !== undefined) return [buildAlertEvent(context, alert)];
  const absence = first(children.absenceEvent);
  if (absence !== undefined) {
    const duration = buildDuration(context, first(absence.children.duration));
    const per = buildPer(context, first(absence.children.per));
    return [{ kind: "no alert", for: duration, per, span: spanOf(context, absence) }];
  }
  const ticket = first(children.ticketEvent);
  if (ticket !== undefined) return buildTicketEvents(context, ticket);
  return [
    ...typed(children.ticketTimeEvent).map((event) => buildTimeEvent(context, event)),
    ...typed(children.entryEvent).map((event) => buildEntryEvent(context, event)),
    ...typed(children.calloutEvent).map((event) => buildCalloutEvent(context, event)),
    ...typed(children.everyEvent).map((event) => buildEvery(context, event)),
    ...typed(children.fieldEvent).flatMap((event) => buildFieldEvent(context, event) ?? []),
  ];
}

function buildAlertEvent(context: TreeContext, node: Cst.AlertEventCstNode): EventNode {
  const span = spanOf(context, node);
  const word = whichOf(node, ["Received", "Repeats", "Resolved"] as const);
  switch (word) {
    case undefined:
      return {
        kind: "alert still firing",
        after: buildDuration(context, first(node.children.duration)),
        span,
      };
    case "Received":
      return { kind: "alert received", span };
    case "Repeats":
      return { kind: "alert repeats", span };
    case "Resolved":
      return { kind: "alert resolved", span };
    default:
      return unreachable(word);
  }
}

/** One node for each word; `by` binds all of its phrase. */
function buildTicketEvents(context: TreeContext, node: Cst.TicketEventCstNode): readonly EventNode[] {
  const by = buildActors(first(node.children.by));
  const ticket = first(node.children.Ticket);
  return typed(node.children.ticketVerb).map((verb, i) => {
    const word = whichOf(verb, ["Created", "Edited", "Completed", "Reopened"] as const) ?? "Created";
    const own = spanOf(context, verb);
    const span = i === 0 && ticket !== undefined ? joinSpans(spanOf(context, ticket), own) : own;
    return { kind: `ticket ${word.toLowerCase() as Lowercase<typeof word>}` as const, by, span };
  });
}

function buildActors(node: Cst.ByCstNode | undefined): readonly ActorWord[] {
  return typed(node?.children.actor).flatMap((actor) => {
    const word = whichOf(actor, ["Staff", "Contact", "System", "Rule", "Integration"] as const);
    return word === undefined ? [] : (word.toLowerCase() as Lowercase<typeof word>);
  });
}

function buildTimeEvent(context: TreeContext, node: Cst.TicketTimeEventCstNode): EventNode {
  const word = whichOf(node, ["Idle", "Open", "Due", "Overdue"] as const) ?? "Idle";
  return {
    kind: `ticket ${word.toLowerCase() as Lowercase<typeof word>}`,
    duration: buildDuration(context, first(node.children.duration)),
    during: buildName(context, first(node.children.Quoted)),
    span: spanOf(context, node),
  };
}

function buildEntryEvent(context: TreeContext, node: Cst.EntryEventCstNode): EventNode {
  const kind = first(node.children.Note) === undefined ? "time entry added" : "note added";
  return { kind, by: buildActors(first(node.children.by)), span: spanOf(context, node) };
}

function buildCalloutEvent(context: TreeContext, node: Cst.CalloutEventCstNode): EventNode {
  const kind = first(node.children.Succeeded) === undefined ? "callout failed" : "callout succeeded";
  return { kind, callout: buildName(context, first(node.children.Quoted)), span: spanOf(context, node) };
}

function buildFieldEvent(context: TreeContext, node: Cst.FieldEventCstNode): EventNode | undefined {
  const { children } = node;
  const path = buildPath(context, first(children.path));
  if (path === undefined) return undefined;
  const changed = first(children.Changed);
  if (changed !== undefined) {
    context.sink.report("R1104", spanOf(context, changed), "an event is written `changes`", {
      help: "write `changes`; `changed` stands in conditions",
      fixes: [replaceFix("write `changes`", spanOf(context, changed), "changes", true)],
    });
  }
  const lists = typed(children.valueList);
  const from = first(children.From) === undefined ? undefined : lists[0];
  const to = lists.find((list) => list !== from);
  return {
    kind: "field changes",
    path,
    from: buildValueList(context, from),
    to: buildValueList(context, to),
    by: buildActors(first(children.by)),
    span: spanOf(context, node),
  };
}

function buildValueList(context: TreeContext, node: Cst.ValueListCstNode | undefined): readonly Expression[] {
  const group = first(node?.children.valueGroup);
  if (group !== undefined) return buildSeparated(context, group.children.expression, group.children.Comma);
  return typed(node?.children.atom).flatMap((atom) => buildAtom(context, atom) ?? []);
}

function buildEvery(context: TreeContext, node: Cst.EveryEventCstNode): EventNode {
  const { children } = node;
  const span = spanOf(context, node);
  const interval = first(children.durationValue);
  const hourly = hourlyInterval(context, first(children.days));
  const days = hourly === undefined ? buildDays(context, first(children.days)) : [];
  const quoted = (after: "In" | "Zone") => {
    const sign = first(children[after]);
    return inOrder(children.Quoted).find((token) => sign !== undefined && startOf(token) > startOf(sign));
  };
  const schedule: ScheduleNode = {
    interval: interval === undefined ? hourly : buildDurationParts(context, interval),
    days,
    times: typed(children.ClockLiteral).map((token) => buildClock(context, token)),
    calendar: buildName(context, quoted("In")),
    zone: buildText(context, quoted("Zone")),
    span,
  };
  return { kind: "every", schedule, span };
}

/** `every hour`, `every minute`: a unit alone is one of it; `every day` stays a day. */
function hourlyInterval(context: TreeContext, node: Cst.DaysCstNode | undefined): ScheduleNode["interval"] {
  const unit = first(first(node?.children.dayRange)?.children.Unit);
  const ms = { hour: 3_600_000, minute: 60_000, second: 1000, week: 604_800_000 }[
    unit?.image.toLowerCase() ?? ""
  ];
  return unit === undefined || ms === undefined
    ? undefined
    : { kind: "duration", ms, short: false, span: spanOf(context, unit) };
}
