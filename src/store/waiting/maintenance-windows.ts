/** Maintenance windows made over HTTP. Knows organizations by id, so that a renamed one stays maintained. */
import type { DeskView } from "../../decision/index.ts";
import { DAY, foldName } from "../../domain/index.ts";
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

type MaintenanceIr = NonNullable<DeskView["maintenance"]>[number];

/** In force never: alerts that wait for an end are to be found though the window itself is gone. */
const PASSED: MaintenanceIr = {
  name: "",
  organizations: new Set(),
  devices: new Set(),
  sources: new Set(),
  times: [],
};

/** Alerts are decided a little after their receipt: a window that just ended still counts for them. */
const LATE_MS_MAX = DAY;

/* A window whose organizations were all deleted is about nobody, not about everybody. */
const SELECT = `select w.name, w.devices, w.sources, w.from_at, w.to_at,
  array(select o.name from organizations o where o.id = any(w.organization_ids) order by o.name) as organizations
from maintenance_windows w
where w.to_at > $1 and (w.organization_ids = '{}'
  or exists (select from organizations o where o.id = any(w.organization_ids)))
union all
select null, '{}', '{}', null, null, '{}' where exists (select from maintenance_ends)`;

/** For a decision at `now`: those in force or to come. */
export async function selectMaintenance(db: Queryable, now: Instant): Promise<readonly MaintenanceIr[]> {
  const rows = await db.query<{
    name: string | null;
    devices: string[];
    sources: string[];
    organizations: string[];
    from_at: Instant;
    to_at: Instant;
  }>({
    name: "select-maintenance",
    text: SELECT,
    values: [new Date(now - LATE_MS_MAX).toISOString()],
  });
  return rows.map((row) =>
    row.name === null
      ? PASSED
      : {
          name: row.name,
          organizations: folded(row.organizations),
          devices: folded(row.devices),
          sources: folded(row.sources),
          times: [{ kind: "span", from: row.from_at, to: row.to_at }],
        },
  );
}

function folded(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => foldName(name)));
}
