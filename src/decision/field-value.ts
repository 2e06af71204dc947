/**
 * What an expression writes into a ticket's field: text, times, references by name, declared lists. A missing value is
 * told apart from one that can't be used. Knows nothing of which action writes.
 */
import { FIELDS, exactText, foldText, isEmpty, readInstant } from "../domain/index.ts";
import type { Alert, Field, FieldValue } from "../domain/index.ts";
import type { ExprIr, RuleSetIr } from "../compiler/index.ts";
import { evaluateExpr, renderText } from "../matcher/index.ts";
import type { EvaluationContext } from "../matcher/index.ts";
import { alertReceived } from "./snapshots.ts";
import { ticketFieldKey } from "./ticket-fields.ts";
import type { TicketFieldKey } from "./ticket-fields.ts";
import type { RecordReference, TicketFields } from "./types.ts";
import type { RecordAddress } from "./keys.ts";
import type { WorkingDesk } from "./working-desk.ts";

export type FieldWrite =
  | {
      readonly kind: "value";
      readonly fields: TicketFields;
      readonly warnings: readonly string[];
      /** The value, when it is outside the field's declared list. */
      readonly outside: string | undefined;
    }
  | { readonly kind: "missing" }
  | { readonly kind: "unusable"; readonly reason: string };

export interface FieldWriter {
  readonly desk: WorkingDesk;
  readonly ir: RuleSetIr;
  readonly context: EvaluationContext;
  /** Whose devices and contacts may be named. */
  readonly organizationId: string;
}

export function evaluateField(field: Field, expr: ExprIr, writer: FieldWriter): FieldWrite {
  const apiName = field.apiName ?? field.path;
  if (apiName.startsWith("udf.")) return evaluateUdf(field, apiName.slice("udf.".length), expr, writer);
  const key = ticketFieldKey(apiName);
  if (key === undefined) return { kind: "unusable", reason: `${field.path} can't be written` };
  if (key === "dueAt") return evaluateDueAt(expr, writer);
  if (isReference(key)) return evaluateReference(key, field.path, expr, writer);
  return evaluateTextField(key, field, expr, writer);
}

/** The text of a field, undefined when it has none; a text with gaps is a text (language.md 3.3). */
export function evaluateText(
  expr: ExprIr,
  context: EvaluationContext,
): { readonly text: string; readonly missing: readonly string[] } | undefined {
  const [only, ...others] = expr.kind === "text" ? expr.parts : [expr];
  const alone = others.length === 0 && only !== undefined && typeof only !== "string" ? only : undefined;
  if (alone !== undefined && alone.kind !== "text" && isEmpty(evaluateExpr(alone, context))) return undefined;
  return renderText(expr, context);
}

export function gaps(missing: readonly string[], where: string): readonly string[] {
  return missing.map((name) => `${name} has no value: written "-" in ${where}`);
}

const textKeys = [
  "title",
  "description",
  "resolution",
  "status",
  "priority",
  "queue",
  "category",
  "type",
  "source",
  "externalId",
] as const;

function evaluateTextField(
  key: TicketFieldKey,
  field: Field,
  expr: ExprIr,
  { ir, context }: FieldWriter,
): FieldWrite {
  if (!(textKeys as readonly string[]).includes(key)) {
    return { kind: "unusable", reason: `${field.path} can't be written` };
  }
  const rendered = evaluateText(expr, context);
  if (rendered === undefined) return { kind: "missing" };
  const listed = declaredWord(ir, field.path, rendered.text);
  return {
    kind: "value",
    fields: { [key]: listed.text },
    warnings: [...gaps(rendered.missing, field.path), ...listed.warnings],
    outside: listed.outside ? listed.text : undefined,
  };
}

/** The declared word that the text means; outside the list it is kept as it came and told (language.md 2, values). */
export function declaredWord(
  ir: RuleSetIr,
  path: string,
  text: string,
): { readonly text: string; readonly warnings: readonly string[]; readonly outside: boolean } {
  const exact = exactText(text);
  if (path === "ticket.category") {
    const name = categoryName(ir, exact);
    if (ir.categories.size === 0 || name !== undefined) {
      return { text: name ?? exact, warnings: [], outside: false };
    }
    return { text: exact, warnings: [`category "${exact}" is not declared: kept as it came`], outside: true };
  }
  const words = ir.values.get(path)?.words;
  if (words === undefined) {
    return { text: path === "ticket.source" ? exact : text, warnings: [], outside: false };
  }
  const folded = foldText(exact);
  const word = words.find((candidate) => foldText(candidate) === folded);
  if (word !== undefined) return { text: word, warnings: [], outside: false };
  return {
    text: exact,
    warnings: [`${path} "${exact}" is not one of the declared values: kept as it came`],
    outside: true,
  };
}

/** What an alert brought outside a declared list: kept, told, and no `at least` holds for it (language.md 2, values). */
export function outsideOfAlert(
  ir: RuleSetIr,
  alert: Alert,
): readonly { readonly path: string; readonly value: string }[] {
  const snapshot = alertReceived(alert);
  return [...ir.values.keys()].flatMap((path) => {
    const value = path.startsWith("alert.") ? FIELDS.get(path)?.read(snapshot) : undefined;
    if (typeof value !== "string" || isEmpty(value)) return [];
    return declaredWord(ir, path, value).outside ? [{ path, value }] : [];
  });
}

/** The declared spelling of a category's name. */
export function categoryName(ir: RuleSetIr, text: string): string | undefined {
  const folded = foldText(exactText(text));
  for (const category of ir.categories.values()) {
    if (foldText(category.name) === folded) return category.name;
  }
  return undefined;
}

function evaluateDueAt(expr: ExprIr, { context }: FieldWriter): FieldWrite {
  const value = evaluateExpr(expr, context, "time");
  if (isEmpty(value)) return { kind: "missing" };
  const at = readInstant(value);
  if (at === undefined) {
    return { kind: "unusable", reason: `"${String(value)}" is not a time` };
  }
  return { kind: "value", fields: { dueAt: at }, warnings: [], outside: undefined };
}

function evaluateUdf(field: Field, name: string, expr: ExprIr, { context }: FieldWriter): FieldWrite {
  const warnings: string[] = [];
  let value: FieldValue;
  if (field.type === "text") {
    const rendered = evaluateText(expr, context);
    warnings.push(...gaps(rendered?.missing ?? [], field.path));
    value = rendered?.text;
  } else {
    const converted = convert(evaluateExpr(expr, context, field.type), field);
    if (converted === null) return { kind: "unusable", reason: `${field.path} takes a ${field.type}` };
    value = converted;
  }
  if (isEmpty(value)) return { kind: "missing" };
  return { kind: "value", fields: { udf: { [name]: value } }, warnings, outside: undefined };
}

/** Null: the value is of another kind. Text that reads as the wanted kind is taken. */
function convert(value: FieldValue, field: Field): FieldValue | null {
  if (value === undefined || value === "") return undefined;
  switch (field.type) {
    case "number": {
      const number = typeof value === "string" ? Number(value) : value;
      return typeof number === "number" && Number.isFinite(number) ? number : null;
    }
    case "boolean":
      if (value === "true" || value === "false") return value === "true";
      return typeof value === "boolean" ? value : null;
    case "time":
      return readInstant(value) ?? null;
    case "text":
    case "list":
    case "entity":
      return value;
  }
}

/* ---------- references ---------- */

type ReferenceKey = "organization" | "contact" | "device" | "assignedResource";

function isReference(key: TicketFieldKey): key is ReferenceKey {
  return key === "organization" || key === "contact" || key === "device" || key === "assignedResource";
}

const recordKinds = {
  organization: "organization",
  contact: "contact",
  device: "device",
  assignedResource: "resource",
} as const;

/** WF-8: a name that no record has is told, and the field stays as it is. */
function evaluateReference(
  key: ReferenceKey,
  path: string,
  expr: ExprIr,
  { desk, context, organizationId }: FieldWriter,
): FieldWrite {
  const rendered = evaluateText(expr, context);
  if (rendered === undefined) return { kind: "missing" };
  const kind = recordKinds[key];
  const record = desk.record(addressOf(kind, rendered.text, organizationId));
  if (record === undefined || record.kind !== kind) {
    return { kind: "unusable", reason: `no ${kind} "${rendered.text}" is known for ${path}` };
  }
  return { kind: "value", fields: { [key]: referenceOf(record) }, warnings: [], outside: undefined };
}

/** A path that ends at an entity gives `#id` of a record, or `=name` of what came (referenceIdentity). */
export function addressOf(
  kind: RecordReference["kind"],
  text: string,
  organizationId: string,
): RecordAddress {
  if (text.startsWith("#")) return { kind, by: "id", id: text.slice(1) };
  const name = text.startsWith("=") ? text.slice(1) : text;
  if (kind === "device" || kind === "contact") return { kind, by: "name", organizationId, name };
  return { kind, by: "name", name };
}

export function referenceOf(record: RecordReference): Omit<RecordReference, "kind"> {
  const { kind: _, ...reference } = record;
  return reference;
}
