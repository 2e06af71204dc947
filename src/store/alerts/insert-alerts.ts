/** Stores the alerts of a batch with what became of them: one statement. */
import type { Alert, AlertOutcome } from "../../domain/index.ts";
import { bytesArray, jsonArray, plainArray, textArray, textListArray, timeArray } from "../array-literals.ts";
import { deliveryKey } from "../digest.ts";
import type { AlertMembers } from "../json-columns.ts";
import type { Transaction } from "../statement.ts";

export interface DecidedAlert {
  readonly alert: Alert;
  readonly outcome: Exclude<AlertOutcome, "duplicate_delivery">;
  readonly why: string;
  readonly ticketId: string | undefined;
  readonly repeat: number | undefined;
  readonly warnings: readonly string[];
  readonly ruleSet: number;
}

const SQL = `insert into alerts (id, received_at, source, title, severity, status, alert_id, delivery_id, delivery_key,
  organization_id, device_id, members, outcome, why, ticket_id, repeat, warnings, rule_set)
select id, received_at, source, title, severity, status, alert_id, delivery_id, delivery_key,
  organization_id, device_id, members, outcome, why, ticket_id, repeat, warnings::text[], rule_set
from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
  $9::bytea[], $10::text[], $11::text[], $12::jsonb[], $13::text[], $14::text[], $15::text[], $16::integer[],
  $17::text[], $18::integer[])
as a (id, received_at, source, title, severity, status, alert_id, delivery_id, delivery_key,
  organization_id, device_id, members, outcome, why, ticket_id, repeat, warnings, rule_set)`;

export function insertAlerts(db: Transaction, decided: readonly DecidedAlert[]): void {
  if (decided.length === 0) return;
  db.send({
    name: "insert-alerts",
    text: SQL,
    values: [
      plainArray(decided, ({ alert }) => alert.id),
      timeArray(decided, ({ alert }) => alert.receivedAt),
      textArray(decided, ({ alert }) => alert.source),
      textArray(decided, ({ alert }) => alert.title),
      textArray(decided, ({ alert }) => alert.severity),
      plainArray(decided, ({ alert }) => alert.status),
      textArray(decided, ({ alert }) => alert.alertId),
      textArray(decided, ({ alert }) => alert.deliveryId),
      bytesArray(decided, ({ alert }) =>
        alert.deliveryId === undefined ? undefined : deliveryKey(alert.source, alert.deliveryId),
      ),
      plainArray(decided, ({ alert }) => alert.organization.id),
      plainArray(decided, ({ alert }) => alert.device.id),
      jsonArray(decided, ({ alert }) => toMembers(alert)),
      plainArray(decided, ({ outcome }) => outcome),
      textArray(decided, ({ why }) => why),
      plainArray(decided, ({ ticketId }) => ticketId),
      plainArray(decided, ({ repeat }) => repeat),
      textListArray(decided, ({ warnings }) => warnings),
      plainArray(decided, ({ ruleSet }) => ruleSet),
    ],
  });
}

/** In the form that `alertMembers` reads back: JSON leaves undefined out. */
function toMembers(alert: Alert): { [Name in keyof AlertMembers]: unknown } {
  return {
    description: alert.description,
    ticketId: alert.ticketId,
    customerId: alert.customerId,
    deviceId: alert.deviceId,
    occurredAt: alert.occurredAt,
    tags: alert.tags,
    fields: alert.fields,
    organization: alert.organization,
    device: alert.device,
  };
}
