/** `create ticket` with its lines: fields, dedup, the note of a repeat, `once per`. */
import { spanText } from "../diagnostics/index.ts";
import type { CreateTicketNode, DedupNode, OncePerNode } from "../../grammar/ast.ts";
import { checkDuration } from "./amounts.ts";
import { checkFieldLines } from "./check-assignment.ts";
import type { Checking, Place } from "./checking.ts";
import { withTicket } from "./event-place.ts";
import { mayBeMissing } from "./presence.ts";
import { checkText, plainReading, typeOf } from "./value-type.ts";

export function checkCreateTicket(checking: Checking, place: Place, node: CreateTicketNode): void {
  const { report } = checking;
  checkFieldLines(checking, place, node.fields, "create ticket");
  checkDuration(report, node.dueIn, "the time until a ticket is due");
  const due = node.fields.find((f) => spanText(f.path.span).toLowerCase() === "due_at");
  if (due !== undefined && node.dueIn !== undefined)
    report.add("R1110", due.path.span, "`due in` and `due_at` say the same", {
      labels: [{ span: node.dueIn.span, text: "said here" }],
    });
  if (node.dedup?.kind === "dedup") checkDedup(checking, place, node.dedup);
  if (node.oncePer !== undefined) checkOncePer(checking, place, node.oncePer);
  checkText(checking, withTicket(place, ["repeat"]), node.onRepeatNote);
}

function checkDedup(
  checking: Checking,
  place: Place,
  node: Extract<DedupNode, { readonly kind: "dedup" }>,
): void {
  const { report } = checking;
  checkDuration(report, node.within, "a dedup window", { insteadOfNone: "`no dedup` switches it off" });
  let wrong = false;
  const seen = new Map<string, DedupNode["span"]>();
  for (const part of node.by) {
    const type = typeOf(checking, place, part.path, plainReading);
    if (type.kind === "wrong") wrong = true;
    if (type.writtenList)
      report.add("R1303", part.span, "a list of the rule file is the same for every alert", {
        help: "`by` takes paths and names that `like` took",
      });
    if (part.withoutNumbers && type.kind !== "text" && type.kind !== "any" && type.kind !== "wrong")
      report.add(
        "R1303",
        part.span,
        `\`without numbers\` is for texts, not for \`${type.field?.path ?? ""}\``,
      );
    const key = type.field?.path ?? spanText(part.path.span);
    const earlier = seen.get(key);
    if (earlier !== undefined)
      report.add("R1313", part.span, `\`${key}\` is in the key twice`, {
        labels: [{ span: earlier, text: "first here" }],
      });
    seen.set(key, part.span);
  }
  if (wrong || node.by.length === 0) return;
  if (node.by.every((part) => mayBeMissing(checking, place, part.path)))
    report.add("R2008", node.span, "every part of the dedup key may be missing", {
      note: "alerts without them are all taken for one problem",
      help: "add a part that is always there: `alert.title`",
    });
}

const perOrganization: ReadonlySet<string> = new Set(["alert.organization", "ticket.organization"]);

function checkOncePer(checking: Checking, place: Place, node: OncePerNode): void {
  checkDuration(checking.report, node.duration, "`once per`", {
    insteadOfNone: "leave the line out where each shall open a ticket",
  });
  if (node.per === undefined) return;
  const type = typeOf(checking, place, node.per, plainReading);
  if (type.kind !== "wrong" && !perOrganization.has(type.field?.path ?? ""))
    checking.report.add("R1303", node.per.span, "`once per` counts by rule and organization", {
      help: "write `per alert.organization`, or leave it out, which means the same; other keys are for `dedup`",
    });
}
