/** `field = value` on a ticket: a field that rules may write, and a value that it can hold. */
import { spanText } from "../diagnostics/index.ts";
import { FIELDS, type Field } from "../domain/index.ts";
import type { Expression, FieldLine, Name, PathNode } from "../../grammar/ast.ts";
import { fitsField } from "./check-kinds.ts";
import type { Checking, Place } from "./checking.ts";
import { findNamed } from "./names.ts";
import { findField, replace, reportUnknownField, reportUnknownUdf } from "./resolve-path.ts";
import { suggest } from "./suggest.ts";
import {
  filledReading,
  findLookup,
  lookupValues,
  plainReading,
  typeOf,
  type ReadingMode,
} from "./value-type.ts";
import { checkWord, vocabularyOf } from "./vocabularies.ts";

export type AssignmentPlace = "create ticket" | "set" | "category";

/** `queue`, `udf."Site code"` of a block, or `ticket.queue` behind `set`. Gives the field when it can be written. */
export function checkTarget(checking: Checking, path: PathNode, where: AssignmentPlace): Field | undefined {
  const [first, ...rest] = path.segments;
  if (first === undefined) return undefined;
  const rooted = !first.quoted && first.text.toLowerCase() === "ticket" && rest.length > 0;
  const segments: readonly Name[] = rooted
    ? path.segments
    : [{ ...first, text: "ticket", quoted: false }, ...path.segments];
  if (where === "set" && !rooted) {
    reportSetTarget(checking, path, first);
    return undefined;
  }
  const found = findField(checking.declarations, segments);
  if (found.kind === "unknown udf") reportUnknownUdf(checking, segments, found.scope, found.name);
  else if (found.kind === "unknown") reportUnknownTarget(checking, path, segments, where);
  else if (!found.field.writable) reportReadOnly(checking, path, found.field);
  else {
    checking.meanings.set(path, { kind: "field", field: found.field, untyped: false });
    return found.field;
  }
  return undefined;
}

function reportSetTarget(checking: Checking, path: PathNode, first: Name): void {
  const alone = path.segments.length === 1;
  const known = FIELDS.get(`ticket.${path.segments.map((s) => s.text.toLowerCase()).join(".")}`);
  if (known !== undefined)
    checking.report.add("R1203", path.span, `\`${spanText(path.span)}\` is a field of the ticket`, {
      help: `write \`set ${known.path} = ...\``,
      fixes: [replace(path.span, known.path, true)],
    });
  else if (first.text.toLowerCase() === "alert" && !alone)
    checking.report.add("R1208", path.span, "an alert is kept as it came; a rule sets fields of the ticket");
  else reportUnknownField(checking, path.span, spanText(path.span));
}

function reportUnknownTarget(
  checking: Checking,
  path: PathNode,
  segments: readonly Name[],
  where: AssignmentPlace,
): void {
  if (where === "set") {
    reportUnknownField(checking, path.span, segments.map((s) => s.text).join("."));
    return;
  }
  const written = path.segments.map((s) => s.text).join(".");
  const names = [...FIELDS.values()].filter((f) => f.writable).map((f) => f.path.slice("ticket.".length));
  const near = suggest(written, names);
  checking.report.add("R1203", path.span, `unknown field \`${spanText(path.span)}\``, {
    note: "a ticket has no field of this name",
    help:
      near === undefined
        ? `fields are ${names.map((n) => `\`${n}\``).join(", ")}, \`udf."NAME"\``
        : `did you mean \`${near.text}\`?`,
    fixes: near === undefined ? [] : [replace(path.span, near.text, near.sure)],
  });
}

const insteadOf: Readonly<Record<string, string>> = {
  "ticket.tags": 'use `add tag "..."` and `remove tag "..."`',
  "ticket.organization.name": "write `organization`",
  "ticket.device.name": "write `device`",
  "ticket.contact.name": "write `contact`",
  "ticket.contact.email": "write `contact`",
  "ticket.assigned_resource.name": "write `assigned_resource`",
  "ticket.assigned_resource.email": "write `assigned_resource`",
  "ticket.completed_at": 'use `complete ticket`, or the status `"Complete"`',
};

function reportReadOnly(checking: Checking, path: PathNode, field: Field): void {
  checking.report.add("R1208", path.span, `\`${field.path}\` is not written by rules`, {
    help: insteadOf[field.path],
  });
}

/** The value of a field line or `set`: its kind, and its words where the field has a closed list. */
export function checkValue(
  checking: Checking,
  place: Place,
  field: Field,
  value: Expression,
  where: AssignmentPlace,
): void {
  const name = field.path === "ticket.category";
  if (name && value.kind === "string") {
    findNamed(checking, "category", { text: value.value, span: value.span });
    return;
  }
  const mode: ReadingMode =
    where === "category"
      ? plainReading
      : where === "create ticket"
        ? { strings: "filled", categoryDefault: !name }
        : filledReading;
  const type = typeOf(checking, place, value, mode);
  if (fitsField(checking, field, type, value.span)) checkWords(checking, field, value);
}

/** Also inside `or` and what a lookup gives: every word that can get there must be in the list. */
function checkWords(checking: Checking, field: Field, value: Expression): void {
  const vocabulary = vocabularyOf(checking, field);
  if (vocabulary === undefined) return;
  if (value.kind === "string") {
    const filled = value.pieces.some((piece) => piece.kind === "hole");
    if (vocabulary.source === "category")
      findNamed(checking, "category", { text: value.value, span: value.span });
    else if (!filled) checkWord(checking, value, vocabulary);
  } else if (value.kind === "fallback") for (const part of value.of) checkWords(checking, field, part);
  else if (value.kind === "lookup") {
    const table = findLookup(checking, value);
    // A lookup in a lookup is refused with the declaration (R1303), and could lead round in a circle here.
    for (const given of table === undefined ? [] : lookupValues(table)) {
      if (given.kind !== "lookup" && given.kind !== "fallback") checkWords(checking, field, given);
    }
  } else if (value.kind !== "path" && value.kind !== "category-default")
    checking.report.add("R1301", value.span, `\`${field.path}\` takes a word of its list`, {
      help: `its words stand in quotes: ${vocabulary.words.map((w) => `"${w}"`).join(", ")}`,
    });
}

/** Field lines of `create ticket` and `category`: each field once. */
export function checkFieldLines(
  checking: Checking,
  place: Place,
  lines: readonly FieldLine[],
  where: AssignmentPlace,
): void {
  const written = new Map<Field, FieldLine>();
  for (const line of lines) {
    const field = checkTarget(checking, line.path, where);
    if (field === undefined) continue;
    const earlier = written.get(field);
    if (earlier !== undefined)
      checking.report.add("R1110", line.path.span, `\`${spanText(line.path.span)}\` is written twice`, {
        labels: [{ span: earlier.path.span, text: "first here" }],
      });
    else written.set(field, line);
    if (line.value !== undefined) checkValue(checking, place, field, line.value, where);
  }
}
