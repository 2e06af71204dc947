/** What an event alone tells of a field before any condition is asked. Knows nothing of rules. */
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

/** The only values that the field can have when it has one; undefined where nothing is known. */
export function onlyValuesOf(path: string, event: TriggerKind): readonly string[] | undefined {
  if (path === "alert.status") {
    if (firing.has(event)) return ["firing"];
    return event === "alert-resolved" ? ["resolved"] : ["firing", "resolved"];
  }
  return path === "note.visibility" ? ["internal", "public"] : undefined;
}

/** The field has a value in every such event. Only of fields that the event itself brings. */
export function isNeverMissing(field: Field, event: TriggerKind): boolean {
  return !field.mayBeMissing && field.root === "alert" && (firing.has(event) || event === "alert-resolved");
}
