/** A mail that names a project or a task: a note, or time on a task (IEP-2 to IEP-4). No rules run on these records. */
import { foldName } from "../../domain/index.ts";
import type { MailObject } from "../../domain/index.ts";
import { declaredWord } from "../field-value.ts";
import type { Handling } from "../handling.ts";
import { personsNote, timeLine } from "./add-from-mail.ts";
import type { FoundItem } from "./mail-types.ts";
import { noteTextOf } from "./mail-text.ts";
import type { Taking } from "./taking.ts";

type Work = Extract<FoundItem, { readonly kind: "project" | "task" }>;

export function addToProject(handling: Handling, taking: Taking, item: Work): MailObject {
  const { desk } = handling;
  const target = { kind: item.kind, id: item.id } as const;
  const line = item.kind === "task" ? timeLine(taking, "task time entry") : undefined;
  if (line === undefined) {
    const object = item.kind === "project" ? "project note" : "task note";
    desk.emit({ kind: "add-work-note", target, note: personsNote(handling, taking, object) });
    return object;
  }
  const { indicators, rest } = line;
  const { by } = taking.attribution;
  const text = rest === "" ? undefined : noteTextOf(rest, taking.event.mail);
  desk.emit({
    kind: "add-work-time",
    taskId: item.id,
    entry: { at: handling.at, by, hours: indicators.hours ?? 0, role: line.role, text },
  });
  if (indicators.status !== undefined) applyStatus(handling, taking, { item, status: indicators.status });
  return "task time entry";
}

/** Tasks have the words of tickets. */
function applyStatus(
  handling: Handling,
  taking: Taking,
  { item, status }: { readonly item: Work; readonly status: string },
): void {
  const word = declaredWord(handling.ir, "ticket.status", status);
  const target = { kind: item.kind, id: item.id } as const;
  const why = word.outside
    ? `there is no status "${status}"`
    : taking.isTrusted
      ? undefined
      : "the sender of the mail is not authenticated";
  if (why !== undefined) {
    const text = `The status was not changed to ${word.text}: ${why}.`;
    taking.messages.push(text);
    const by = { kind: "system", name: "Tocsin" } as const;
    handling.desk.emit({
      kind: "add-work-note",
      target,
      note: { at: handling.at, by, visibility: "internal", text },
    });
    return;
  }
  if (foldName(item.status) === foldName(word.text)) return;
  handling.desk.emit({
    kind: "set-work-status",
    target,
    from: item.status,
    to: word.text,
    by: taking.attribution.by,
    at: handling.at,
  });
}
