/** Adds to an alert that had to wait what came of it at last. The outcome stays what its sender was told. */
import { plainArray, textArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

export interface LateAnswer {
  readonly alertId: string;
  /** Follows the sentence that is there. */
  readonly why: string;
  readonly ticketId: string | undefined;
}

const SQL = `update alerts a set why = a.why || '; ' || n.why, ticket_id = coalesce(a.ticket_id, n.ticket_id)
from unnest($1::text[], $2::text[], $3::text[]) as n (id, why, ticket_id) where a.id = n.id`;

export function noteAlerts(db: Transaction, answers: readonly LateAnswer[]): void {
  if (answers.length === 0) return;
  db.send({
    name: "note-alerts",
    text: SQL,
    values: [
      plainArray(answers, ({ alertId }) => alertId),
      textArray(answers, ({ why }) => why),
      plainArray(answers, ({ ticketId }) => ticketId),
    ],
  });
}
