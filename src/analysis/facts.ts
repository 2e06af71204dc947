/** What an event alone tells of a field before any condition is asked. Knows nothing of rules. */
import { COMPLETE, foldText } from "../domain/index.ts";
import type { Field, TriggerKind } from "../domain/index.ts";

/** `any`: a source sends what it likes, and a user-defined field holds what was put there. */
export type ValueKind = "text" | "number" | "boolean" | "list" | "any";

export function valueKindOf(field: Field): ValueKind {
  if (field.path.startsWith("alert.fields.") || /\budf\./.test(field.path)) return "any";
  switch (field.type) {
    case "number":
    case "time":
      return "number";
    case "boolean":
      return "boolean";
    case "list":
      return "list";
    case "text":
    case "entity":
      return "text";
  }
}

const firing = new Set<TriggerKind>(["alert-received", "alert-repeats", "alert-still-firing"]);

/** Clocks stand still on Complete tickets, and what is reopened is Complete no more. */
const neverComplete = new Set<TriggerKind>([
  ...(["ticket-idle", "ticket-open", "ticket-due", "ticket-overdue", "ticket-reopened"] as const),
]);

/** The field cannot have this folded value in such an event. */
export function isNeverValue(path: string, event: TriggerKind, folded: string): boolean {
  const only = onlyValuesOf(path, event);
  if (only !== undefined) return !only.some((one) => foldText(one) === folded);
  return path === "ticket.status" && neverComplete.has(event) && folded === foldText(COMPLETE);
}

/** Counts that begin somewhere: the first repeat is number 1. */
export function leastOf(path: string): number | undefined {
  if (path === "repeat.count") return 1;
  return path === "ticket.note_count" || path === "ticket.repeat_count" ? 0 : undefined;
}

/** The only values that the field can have when it has one; undefined where nothing is known. */
export function onlyValuesOf(path: string, event: TriggerKind): readonly string[] | undefined {
  if (path === "ticket.status" && event === "ticket-completed") return [COMPLETE];
  if (path === "alert.status") {
    if (firing.has(event)) return ["firing"];
    return event === "alert-resolved" ? ["resolved"] : ["firing", "resolved"];
  }
  return path === "note.visibility" ? ["internal", "public"] : undefined;
}

/** The field has a value in every such event. Only of fields that the event itself brings. */
export function isNeverMissing(field: Field, event: TriggerKind): boolean {
  if (field.mayBeMissing) return false;
  if (field.root === "repeat") return event === "alert-repeats";
  if (field.path === "ticket.status") return event === "ticket-completed" || neverComplete.has(event);
  return field.root === "alert" && (firing.has(event) || event === "alert-resolved");
}
