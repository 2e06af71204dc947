/** Alerts as the API lists them: what came, what became of it, what fired. Read only; the engine writes them. */
import type { ActionOutcome, ConditionResult } from "../../decision/index.ts";
import { foldName, type Alert } from "../../domain/index.ts";
import { ALERT_COLUMNS, toAlert, type AlertRow as DecidedRow } from "../alerts/alert-rows.ts";
import { deliveryKeyStart } from "../digest.ts";
import { alertMembers, type AlertMembers } from "../json-columns.ts";
import { Conditions, foldedToo, rfc3339, toPage, type Db, type Page, type PageRequest } from "./sql.ts";

export interface AlertFilter {
  readonly outcomes?: readonly string[];
  readonly tickets?: readonly string[];
  readonly sources?: readonly string[];
  readonly organizations?: readonly string[];
  readonly titles?: readonly string[];
  readonly deliveryIds?: readonly string[];
}

/** A row of `alerts` with its ticket's number and its firings; `members` as the engine stored them. */
export interface AlertRow {
  readonly id: string;
  readonly received_at: string;
  readonly source: string;
  readonly title: string;
  readonly severity: string | null;
  readonly status: "firing" | "resolved";
  readonly alert_id: string | null;
  readonly delivery_id: string | null;
  readonly members: AlertMembers;
  readonly outcome: string;
  readonly why: string;
  readonly ticket: string | null;
  readonly repeat: number | null;
  readonly warnings: readonly string[];
  readonly rule_set: number;
  readonly firings: readonly FiringRow[];
}

export interface FiringRow {
  readonly rule: string;
  readonly on: string;
  readonly file: string;
  readonly line: number;
  readonly conditions: readonly ConditionResult[];
  readonly outcomes: readonly ActionOutcome[];
  /** The number of the ticket at hand. */
  readonly ticket: string | null;
  /** Its creation, in milliseconds since 1970. */
  readonly ticket_created_at: number | null;
}

const SELECT = `
  select a.id, ${rfc3339("a.received_at")} as received_at, a.source, a.title, a.severity, a.status, a.alert_id,
    a.delivery_id, a.members, a.outcome, a.why, t.number as ticket, a.repeat, a.warnings, a.rule_set,
    coalesce((
      select json_agg(json_build_object('rule', f.rule, 'on', f.event, 'file', f.file, 'line', f.line,
        'conditions', f.conditions, 'outcomes', f.outcomes, 'ticket', ft.number,
        'ticket_created_at', (extract(epoch from ft.created_at) * 1000)::bigint) order by f.id)
      from firings f left join tickets ft on ft.id = f.ticket_id where f.alert_id = a.id), '[]') as firings
  from alerts a left join tickets t on t.id = a.ticket_id`;

export async function selectAlerts(db: Db, filter: AlertFilter, page: PageRequest): Promise<Page<AlertRow>> {
  const where = new Conditions()
    .add(filter.outcomes, (v) => `a.outcome = any(${v})`)
    .add(
      filter.tickets,
      (v) => `exists (select from ticket_alerts ta join tickets x on x.id = ta.ticket_id
        where ta.alert_id = a.id and x.number = any(${v}))`,
    )
    .add(foldedToo(filter.sources), (v) => `a.source = any(${v}) or lower(a.source) = any(${v})`)
    .add(
      filter.titles,
      (v) =>
        `left(a.title, 100) = any(select left(x, 100) from unnest(${v}::text[]) x) and a.title = any(${v})`,
    )
    .add(page.before, (v) => `a.id < 'al_' || ${v}::text`);
  addOrganizations(where, filter.organizations);
  addDeliveryIds(where, filter.deliveryIds);
  const limit = where.value(page.limit + 1);
  const rows = await db.query<AlertRow>({
    text: `${SELECT} ${where.where()} order by a.id desc limit ${limit}`,
    values: where.values,
  });
  return toPage(rows, page.limit, checked);
}

export async function selectAlert(db: Db, id: string): Promise<AlertRow | undefined> {
  const rows = await db.query<AlertRow>({ text: `${SELECT} where a.id = $1`, values: [id] });
  return rows[0] === undefined ? undefined : checked(rows[0]);
}

/** As it was decided about, for running rules over it again. */
export async function selectAlertAsDecided(db: Db, id: string): Promise<Alert | undefined> {
  const rows = await db.query<DecidedRow>({
    text: `select ${ALERT_COLUMNS} from alerts a where a.id = $1`,
    values: [id],
  });
  return rows[0] === undefined ? undefined : toAlert(rows[0]);
}

/** Mapped ones by our record's name or id; unmapped ones by the name that came. */
function addOrganizations(where: Conditions, names: readonly string[] | undefined): void {
  if (names === undefined || names.length === 0) return;
  const folded = where.value(names.map(foldName));
  where.add(
    names,
    (
      v,
    ) => `a.organization_id in (select o.id from organizations o where o.id = any(${v}) or o.name_key = any(${folded}))
      or (a.organization_id is null and lower(btrim(a.members #>> '{organization,name}')) = any(${folded}))`,
  );
}

/** The key begins with 16 bytes of the delivery id's hash, whatever the source (0002_alerts.sql). */
function addDeliveryIds(where: Conditions, deliveryIds: readonly string[] | undefined): void {
  if (deliveryIds === undefined || deliveryIds.length === 0) return;
  const starts = deliveryIds.map((id) => Buffer.from(deliveryKeyStart(id), "hex"));
  where.add(
    starts,
    (v) => `a.id in (select d.alert_id from unnest(${v}::bytea[]) s
      join alert_deliveries d on d.key >= s and d.key <= s || '\\xffffffffffffffff'::bytea)`,
  );
}

/** The newest firing alert that carries the sender's id, for payloads that resolve by nothing else. */
export async function selectLatestByAlertId(
  db: Db,
  alertId: string,
  source: string | undefined,
): Promise<AlertRow | undefined> {
  const where = new Conditions()
    .add(alertId, (v) => `a.alert_id = ${v}`)
    .add(source, (v) => `a.source = ${v}`)
    .add("firing", (v) => `a.status = ${v}`);
  const rows = await db.query<AlertRow>({
    text: `${SELECT} ${where.where()} order by a.id desc limit 1`,
    values: where.values,
  });
  return rows[0] === undefined ? undefined : checked(rows[0]);
}

function checked(row: AlertRow): AlertRow {
  return { ...row, members: alertMembers.parse(row.members) };
}
