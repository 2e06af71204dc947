/**
 * What an expression is worth and how it reads in text (language.md 2 and 3.3). Knows nothing of conditions or
 * indexes; time and zone come in with the context.
 */
import type { ExprIr } from "../compiler/index.ts";
import { foldText, unreachable } from "../domain/index.ts";
import type { FieldType, FieldValue, Instant } from "../domain/index.ts";
import { isList, textOf } from "./compare.ts";
import type { Scalar } from "./compare.ts";
import type { EvaluationContext } from "./types.ts";

/**
 * The value of an expression, undefined when it is missing. `wanted` is the type that the place asks for: where a
 * time is wanted a duration counts from now. Secrets have no value here: they are resolved when a request is sent.
 */
export function evaluateExpr(expr: ExprIr, context: EvaluationContext, wanted?: FieldType): FieldValue {
  switch (expr.kind) {
    case "const":
      return expr.value;
    case "field":
      return expr.field.path === "rule.name" ? context.ruleName : expr.field.read(context.snapshot);
    case "binding":
      return context.bindings.get(expr.name);
    case "lookup": {
      const entry = lookupEntry(expr, context);
      return entry === undefined ? undefined : evaluateExpr(entry, context, wanted);
    }
    case "text":
      return renderText(expr, context).text;
    case "first":
      return firstPresent(expr.of, context, wanted)?.value;
    case "list":
      return expr.of.flatMap((element) => scalarsOf(evaluateExpr(element, context, wanted)));
    case "duration":
      return wanted === "time" ? context.now + expr.ms : expr.ms;
    case "category-default":
      return context.categoryDefault;
    case "secret":
      return undefined;
    default:
      return unreachable(expr);
  }
}

/** The text of an expression with what was missing in it, each written `-`: a ticket is never lost to a template. */
export function renderText(
  expr: ExprIr,
  context: EvaluationContext,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  return { text: renderPart(expr, context, missing), missing };
}

/** A value as its elements: none when missing, those of a list, else itself. */
export function scalarsOf(value: FieldValue): readonly Scalar[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

/** How an expression is named where it is missing: `alert.device.name or ticket.title`. */
export function describeExpr(expr: ExprIr): string {
  switch (expr.kind) {
    case "const":
      return String(expr.value);
    case "field":
      return expr.field.path;
    case "binding":
      return expr.name;
    case "lookup":
      return `${expr.table.name}[${describeExpr(expr.index)}]`;
    case "text":
      return "text";
    case "first":
      return expr.of.map(describeExpr).join(" or ");
    case "list":
      return `[${expr.of.map(describeExpr).join(", ")}]`;
    case "duration":
      return `${expr.ms} ms`;
    case "category-default":
      return "category default";
    case "secret":
      return `secret "${expr.name}"`;
    default:
      return unreachable(expr);
  }
}

type LookupExpr = Extract<ExprIr, { readonly kind: "lookup" }>;

/** The entry of the word, else `otherwise`; a missing word has no entry but may have an otherwise. */
function lookupEntry(expr: LookupExpr, context: EvaluationContext): ExprIr | undefined {
  const word = evaluateExpr(expr.index, context);
  const entry =
    word === undefined || isList(word) ? undefined : expr.table.entries.get(foldText(textOf(word)));
  return entry ?? expr.table.otherwise;
}

function firstPresent(
  of: readonly ExprIr[],
  context: EvaluationContext,
  wanted?: FieldType,
): { readonly expr: ExprIr; readonly value: FieldValue } | undefined {
  for (const expr of of) {
    const value = evaluateExpr(expr, context, wanted);
    if (value !== undefined) return { expr, value };
  }
  return undefined;
}

/** Follows the choice of lookups and `or` down to the part that gives the value: it knows whether that is a time. */
function renderPart(expr: ExprIr, context: EvaluationContext, missing: string[]): string {
  if (expr.kind === "text") {
    return expr.parts
      .map((part) => (typeof part === "string" ? part : renderPart(part, context, missing)))
      .join("");
  }
  if (expr.kind === "first") {
    const present = firstPresent(expr.of, context);
    if (present !== undefined) return renderPart(present.expr, context, missing);
  }
  if (expr.kind === "lookup") {
    const entry = lookupEntry(expr, context);
    if (entry !== undefined) return renderPart(entry, context, missing);
  }
  const value = evaluateExpr(expr, context);
  if (value === undefined) {
    missing.push(describeExpr(expr));
    return "-";
  }
  if (typeof value === "number" && expr.kind === "field" && expr.field.type === "time") {
    return formatTime(value, context.zone);
  }
  return isList(value) ? value.map(textOf).join(", ") : textOf(value);
}

/** `2026-11-22 23:05` in the zone; without one in UTC, which is said. */
export function formatTime(at: Instant, zone: string | undefined): string {
  if (zone === undefined) return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const part = new Map(
    zoneFormat(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const of = (name: Intl.DateTimeFormatPartTypes): string => part.get(name) ?? "";
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}`;
}

/** Making a format costs a thousand times what using it costs. One per zone of a rule set. */
const zoneFormats = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(zone: string): Intl.DateTimeFormat {
  let format = zoneFormats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    zoneFormats.set(zone, format);
  }
  return format;
}
