/** Ties alerts to the tickets that they opened or were noted on, and tickets to the identities of those alerts. */
import { bytesArray, plainArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

export interface AlertLink {
  readonly alertId: string;
  readonly ticketId: string;
  /** Hex of `identityOf`. */
  readonly identity: string;
}

const LINKS = `insert into ticket_alerts (ticket_id, alert_id)
select ticket_id, alert_id from unnest($1::text[], $2::text[]) as l (ticket_id, alert_id)
on conflict do nothing`;
const IDENTITIES = `insert into ticket_identities (identity, ticket_id)
select identity, ticket_id from unnest($1::bytea[], $2::text[]) as l (identity, ticket_id) order by identity, ticket_id
on conflict do nothing`;

export function linkAlerts(db: Transaction, links: readonly AlertLink[]): void {
  if (links.length === 0) return;
  db.send({
    name: "link-alerts",
    text: LINKS,
    values: [plainArray(links, (link) => link.ticketId), plainArray(links, (link) => link.alertId)],
  });
  // Repeats of a storm have one identity: a row each would only be refused again and again.
  const identities = [...new Map(links.map((link) => [link.identity + link.ticketId, link])).values()];
  db.send({
    name: "link-identities",
    text: IDENTITIES,
    values: [
      bytesArray(identities, (link) => link.identity),
      plainArray(identities, (link) => link.ticketId),
    ],
  });
}
