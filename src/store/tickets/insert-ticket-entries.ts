/** Stores what hangs on tickets: notes, time entries, lines of history. One statement a kind and batch. */
import type { Actor, FieldChange, Note, TimeEntry } from "../../domain/index.ts";
import { jsonArray, plainArray, textArray, timeArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

export interface NewNote {
  readonly ticketId: string;
  readonly note: Note;
  readonly repeat: "each" | "counted" | undefined;
}

const SELECT_NOTES = `insert into ticket_notes (ticket_id, at, actor, visibility, text, repeat)
select ticket_id, at, actor, visibility, text, repeat
from unnest($1::text[], $2::timestamptz[], $3::jsonb[], $4::text[], $5::text[], $6::text[])
as n (ticket_id, at, actor, visibility, text, repeat)`;
/** The one note that counts is written again in place; at most one a ticket in a batch. */
const REPLACE_COUNTED = `${SELECT_NOTES}
on conflict (ticket_id) where repeat = 'counted' do update set at = excluded.at, text = excluded.text`;

export function insertNotes(db: Transaction, notes: readonly NewNote[]): void {
  const counted = notes.filter((note) => note.repeat === "counted");
  const plain = counted.length === 0 ? notes : notes.filter((note) => note.repeat !== "counted");
  if (plain.length > 0) db.send({ name: "insert-notes", text: SELECT_NOTES, values: noteColumns(plain) });
  if (counted.length === 0) return;
  const last = [...new Map(counted.map((note) => [note.ticketId, note])).values()];
  db.send({ name: "replace-counted-notes", text: REPLACE_COUNTED, values: noteColumns(last) });
}

function noteColumns(notes: readonly NewNote[]): readonly string[] {
  return [
    plainArray(notes, (n) => n.ticketId),
    timeArray(notes, (n) => n.note.at),
    jsonArray(notes, (n) => n.note.by),
    plainArray(notes, (n) => n.note.visibility),
    textArray(notes, (n) => n.note.text),
    plainArray(notes, (n) => n.repeat),
  ];
}

export interface NewTimeEntry {
  readonly ticketId: string;
  readonly entry: TimeEntry;
}

const TIME_ENTRIES = `insert into ticket_time_entries (ticket_id, at, actor, hours, role, text)
select ticket_id, at, actor, hours, role, text
from unnest($1::text[], $2::timestamptz[], $3::jsonb[], $4::double precision[], $5::text[], $6::text[])
as e (ticket_id, at, actor, hours, role, text)`;

export function insertTimeEntries(db: Transaction, entries: readonly NewTimeEntry[]): void {
  if (entries.length === 0) return;
  db.send({
    text: TIME_ENTRIES,
    values: [
      plainArray(entries, (e) => e.ticketId),
      timeArray(entries, (e) => e.entry.at),
      jsonArray(entries, (e) => e.entry.by),
      plainArray(entries, (e) => e.entry.hours),
      textArray(entries, (e) => e.entry.role),
      textArray(entries, (e) => e.entry.text),
    ],
  });
}

export interface HistoryLine {
  readonly ticketId: string;
  readonly at: number;
  readonly by: Actor;
  readonly change: FieldChange;
}

const HISTORY = `insert into ticket_history (ticket_id, at, actor, field, from_value, to_value)
select ticket_id, at, actor, field, from_value, to_value
from unnest($1::text[], $2::timestamptz[], $3::jsonb[], $4::text[], $5::jsonb[], $6::jsonb[])
as h (ticket_id, at, actor, field, from_value, to_value)`;

export function insertHistory(db: Transaction, lines: readonly HistoryLine[]): void {
  if (lines.length === 0) return;
  db.send({
    name: "insert-history",
    text: HISTORY,
    values: [
      plainArray(lines, (line) => line.ticketId),
      timeArray(lines, (line) => line.at),
      jsonArray(lines, (line) => line.by),
      textArray(lines, (line) => line.change.field),
      jsonArray(lines, (line) => line.change.from),
      jsonArray(lines, (line) => line.change.to),
    ],
  });
}
