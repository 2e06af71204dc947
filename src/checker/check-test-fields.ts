/** Field lines of test steps: members of an alert, fields of a ticket, with plain values. */
import { spanText } from "../diagnostics/index.ts";
import type { Expression, FieldLine } from "../../grammar/ast.ts";
import { checkFieldLines, checkValue } from "./check-assignment.ts";
import { openPlace, type Checking } from "./checking.ts";
import { replace } from "./resolve-path.ts";
import { suggest } from "./suggest.ts";
import { checkWord } from "./vocabularies.ts";

/** As `POST /alerts` names them. */
const ALERT_MEMBERS: readonly string[] = [
  "source",
  "title",
  "description",
  "severity",
  "status",
  "organization",
  "device",
  "alert_id",
  "delivery_id",
  "ticket_id",
  "customer_id",
  "device_id",
  "tags",
  "occurred_at",
];

const insteadOf: Readonly<Record<string, string>> = {
  received_at: "an alert is received when the step happens: write `at 23:05 receive alert`",
  "organization.name": 'write `organization = "Acme"`',
  "organization.tags": 'write `given organization "Acme" tags "vip"`',
  "organization.mapped": 'write `given unmapped organization "Acme"`',
  "device.name": 'write `device = "SRV-B"`',
  "device.id": "write `device_id`",
  "device.tags": 'write `given device "SRV-B" of "Acme" tags "lab"`',
};

export function checkAlertFields(checking: Checking, lines: readonly FieldLine[]): void {
  for (const line of lines) {
    const name = memberOf(line);
    const known = name.startsWith("fields.") || ALERT_MEMBERS.includes(name);
    if (!known) reportMember(checking, line, name);
    else if (line.value !== undefined) checkMemberValue(checking, name, line.value);
  }
}

/** `alert.title` is read as `title`. */
function memberOf({ path }: FieldLine): string {
  const [first, ...rest] = path.segments.map(({ text }, index) => (index === 0 ? text.toLowerCase() : text));
  return (first === "alert" && rest.length > 0 ? rest : [first ?? "", ...rest]).join(".");
}

function reportMember(checking: Checking, { path }: FieldLine, name: string): void {
  const instead = insteadOf[name.toLowerCase()];
  const near = instead === undefined ? suggest(name, ALERT_MEMBERS) : undefined;
  checking.report.add("R1203", path.span, `unknown field \`${spanText(path.span)}\``, {
    note: "an alert has no field of this name",
    help:
      instead ??
      (near === undefined
        ? "what a source sends beside is written `fields.NAME`"
        : `did you mean \`${near.text}\`?`),
    fixes: near === undefined ? [] : [replace(path.span, near.text, near.sure)],
  });
}

function checkMemberValue(checking: Checking, name: string, value: Expression): void {
  if (!requireConstant(checking, value)) return;
  if (name === "status" && value.kind === "string") {
    const vocabulary = checking.vocabularies.get("alert.status");
    if (vocabulary !== undefined) checkWord(checking, value, vocabulary);
  }
  if (name === "occurred_at" && value.kind === "string" && Number.isNaN(Date.parse(value.value)))
    checking.report.add("R1301", value.span, `\`${value.value}\` is not a time`, {
      help: "write a time of the test: `22:50`, `2026-01-05 22:50`",
    });
}

export function checkTicketFields(checking: Checking, lines: readonly FieldLine[]): void {
  const place = openPlace({ paths: [], holes: [] });
  const plain = lines.filter(({ value }) => value === undefined || requireConstant(checking, value));
  // A clock time is a moment of the virtual day, so fits where a rule needs a date.
  const isClock = ({ value }: FieldLine): boolean => value?.kind === "clock";
  checkFieldLines(
    checking,
    place,
    plain.map((line) => (isClock(line) ? { ...line, value: undefined } : line)),
    "category",
  );
  for (const { path, value } of plain.filter(isClock)) {
    const meaning = checking.meanings.get(path);
    if (value === undefined || meaning?.kind !== "field" || meaning.field.type === "time") continue;
    checkValue(checking, place, meaning.field, value, "category");
  }
}

/** False when it was reported: in tests nothing is looked up or filled in. */
export function requireConstant(checking: Checking, node: Expression): boolean {
  if (node.kind === "list") return node.items.every((item) => requireConstant(checking, item));
  if (["string", "number", "boolean", "date", "clock", "duration"].includes(node.kind)) return true;
  const text = spanText(node.span);
  checking.report.add("R1303", node.span, "a test says plain values", {
    help: node.kind === "path" ? `for a text write \`"${text}"\`` : undefined,
    fixes: node.kind === "path" ? [replace(node.span, `"${text}"`, false)] : [],
  });
  return false;
}
