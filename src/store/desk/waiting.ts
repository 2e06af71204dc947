/** What waits for a time because of alerts, in one list: holds, silences, ends of maintenance. Read only. */
import { Conditions, rfc3339, toPage, type Db, type Page, type PageRequest } from "./sql.ts";

export interface WaitingRow {
  readonly id: string;
  readonly kind: "hold" | "absence" | "maintenance";
  /** The rule, or the name of the maintenance. */
  readonly name: string;
  readonly since: string | null;
  readonly until: string;
  /** The latest alert; of maintenance none, since many may wait. */
  readonly alert: string | null;
  readonly title: string | null;
  readonly source: string | null;
  /** Alerts that wait. */
  readonly alerts: number;
}

export interface WaitingFilter {
  readonly kinds?: readonly string[];
  readonly rules?: readonly string[];
}

const WAITING = `
  select h.id, 'hold' as kind, h.rule as name, h.started_at as since, h.due_at as until, h.alert_id as alert, 1 as alerts
  from holds h where h.state = 'waiting'
  union all
  select b.id, 'absence', b.rule, b.last_seen_at, b.due_at, b.alert_id, 1 from absences b where b.state = 'waiting'
  union all
  select e.id, 'maintenance', e.name, null, e.until_at, null, count(d.identity)::int
  from maintenance_ends e left join deferred_alerts d on d.end_id = e.id group by e.id`;

export async function selectWaiting(
  db: Db,
  filter: WaitingFilter,
  page: PageRequest,
): Promise<Page<WaitingRow>> {
  const where = new Conditions()
    .add(filter.kinds, (v) => `w.kind = any(${v})`)
    .add(filter.rules, (v) => `w.name = any(${v}) and w.kind <> 'maintenance'`)
    .add(page.before, (v) => `substr(w.id, 4) < ${v}::text collate "C"`);
  const limit = where.value(page.limit + 1);
  const text = `select w.id, w.kind, w.name, ${rfc3339("w.since")} as since, ${rfc3339("w.until")} as until, w.alert, w.alerts,
      a.title, a.source
    from (select * from (${WAITING}) w ${where.where()} order by substr(w.id, 4) collate "C" desc limit ${limit}) w
    left join alerts a on a.id = w.alert order by substr(w.id, 4) collate "C" desc`;
  return toPage(await db.query<WaitingRow>({ text, values: where.values }), page.limit, (row) => row);
}
