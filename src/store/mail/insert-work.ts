/** Writes what mail adds beside tickets: contacts, notes and time entries of projects and tasks, their status. */
import type { Effect } from "../../decision/index.ts";
import { foldName } from "../../domain/index.ts";
import type { Transaction } from "../statement.ts";

export type WorkEffect = Extract<
  Effect,
  { readonly kind: "create-contact" | "add-work-note" | "add-work-time" | "set-work-status" }
>;

export function writeWork(db: Transaction, effects: readonly WorkEffect[]): void {
  for (const effect of effects) write(db, effect);
}

function write(db: Transaction, effect: WorkEffect): void {
  switch (effect.kind) {
    case "create-contact": {
      const { id, organizationId, firstName, lastName, email } = effect.contact;
      const name = `${firstName} ${lastName}`.trim();
      return db.send({
        name: "mail-insert-contact",
        text: `insert into contacts (id, organization_id, first_name, last_name, name, name_key, emails)
          values ($1, $2, $3, $4, $5, $6, $7)`,
        values: [id, organizationId, firstName, lastName, name, foldName(name), [email]],
      });
    }
    case "add-work-note": {
      const { target, note } = effect;
      return db.send({
        text: `insert into work_notes (${target.kind}_id, at, actor, visibility, text) values ($1, $2, $3, $4, $5)`,
        values: [
          target.id,
          new Date(note.at).toISOString(),
          JSON.stringify(note.by),
          note.visibility,
          note.text,
        ],
      });
    }
    case "add-work-time": {
      const { taskId, entry } = effect;
      return db.send({
        text: "insert into work_time_entries (task_id, at, actor, hours, role, text) values ($1, $2, $3, $4, $5, $6)",
        values: [
          taskId,
          new Date(entry.at).toISOString(),
          JSON.stringify(entry.by),
          entry.hours,
          entry.role ?? null,
          entry.text ?? null,
        ],
      });
    }
    case "set-work-status": {
      const { target, from, to, by, at } = effect;
      db.send({
        text: `update ${target.kind === "project" ? "projects" : "tasks"} set status = $2, version = version + 1 where id = $1`,
        values: [target.id, to],
      });
      return db.send({
        text: `insert into work_history (${target.kind}_id, at, actor, field, from_value, to_value) values ($1, $2, $3, 'status', $4, $5)`,
        values: [
          target.id,
          new Date(at).toISOString(),
          JSON.stringify(by),
          JSON.stringify(from),
          JSON.stringify(to),
        ],
      });
    }
  }
}
