/** Maintenance windows as the API lists, makes and deletes them. Who is in one is decision's to say. */
import type { Instant } from "../../domain/index.ts";
import type { Store } from "../store.ts";
import { closeAllMaintenanceEnds } from "../waiting/deferred-alerts.ts";
import { newId } from "./ids.ts";
import { Conditions, rfc3339, toPage, type Db, type Page, type PageRequest } from "./sql.ts";

export interface MaintenanceRow {
  readonly id: string;
  readonly name: string;
  /** Names of today; those that were deleted are left out. */
  readonly organizations: readonly string[];
  readonly devices: readonly string[];
  readonly sources: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly created_by: string;
}

const SELECT = `select w.id, w.name, w.devices, w.sources, ${rfc3339("w.from_at")} as "from", ${rfc3339("w.to_at")} as "to",
    array(select o.name from organizations o where o.id = any(w.organization_ids) order by o.name) as organizations, w.created_by
  from maintenance_windows w`;

export async function selectMaintenanceWindows(db: Db, page: PageRequest): Promise<Page<MaintenanceRow>> {
  const where = new Conditions().add(page.before, (v) => `w.id < 'mt_' || ${v}::text`);
  const limit = where.value(page.limit + 1);
  const text = `${SELECT} ${where.where()} order by w.id desc limit ${limit}`;
  return toPage(await db.query<MaintenanceRow>({ text, values: where.values }), page.limit, (row) => row);
}

export async function selectMaintenanceWindow(db: Db, id: string): Promise<MaintenanceRow | undefined> {
  const [row] = await db.query<MaintenanceRow>({ text: `${SELECT} where w.id = $1`, values: [id] });
  return row;
}

export interface NewMaintenanceWindow {
  readonly name: string;
  readonly organizationIds: readonly string[];
  readonly devices: readonly string[];
  readonly sources: readonly string[];
  readonly from: Instant;
  readonly to: Instant;
  readonly by: string;
  readonly at: Instant;
}

/** Undefined: `most` windows that have not ended are there already. */
export async function insertMaintenanceWindow(
  store: Store,
  window: NewMaintenanceWindow,
  most: number,
): Promise<MaintenanceRow | undefined> {
  return await store.transaction(async (transaction) => {
    // Two at once: the second counts the first.
    await transaction.query({ text: "lock table maintenance_windows in share row exclusive mode" });
    const id = newId("mt", window.at);
    const rows = await transaction.query({
      text: `insert into maintenance_windows (id, name, organization_ids, devices, sources, from_at, to_at, created_by)
        select $1, $2, $3, $4, $5, $6, $7, $8
        where (select count(*) from maintenance_windows where to_at > now()) < $9 returning id`,
      values: [
        id,
        window.name,
        window.organizationIds,
        window.devices,
        window.sources,
        new Date(window.from).toISOString(),
        new Date(window.to).toISOString(),
        window.by,
        most,
      ],
    });
    return rows.length === 0 ? undefined : await selectMaintenanceWindow(transaction, id);
  });
}

/** What was put off because of it is looked at again now. Undefined: there is none of this id. */
export async function deleteMaintenanceWindow(
  store: Store,
  id: string,
): Promise<{ readonly name: string } | undefined> {
  return await store.transaction(async (transaction) => {
    const [gone] = await transaction.query<{ name: string }>({
      text: "delete from maintenance_windows where id = $1 returning name",
      values: [id],
    });
    if (gone !== undefined) await closeAllMaintenanceEnds(transaction);
    return gone;
  });
}
