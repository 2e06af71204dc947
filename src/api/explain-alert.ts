/**
 * "Why?" for one stored alert: its row and its firings as the room explain reads them. Knows the store's rows; nothing of
 * how a rule is judged.
 */
import type { RuleSetIr } from "../compiler/index.ts";
import type { Alert } from "../domain/index.ts";
import { explainAlert, type AlertExplanation } from "../explain/index.ts";
import type { AlertRow } from "../store/desk/index.ts";

export function explainStored(row: AlertRow, alert: Alert, ir: RuleSetIr, limit: number): AlertExplanation {
  const { outcome, why } = row;
  const firings = row.firings.map(({ ticket_created_at: createdAt, ...firing }) => ({
    ...firing,
    ticketCreatedAt: createdAt ?? undefined,
  }));
  return explainAlert({ alert, outcome, why, firings }, ir, { limit });
}
