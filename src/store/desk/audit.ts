/** What people and programs did that is no change of a ticket: who, when, what. Written with the step, never changed. */
import { Conditions, rfc3339, type Db, type Page } from "./sql.ts";

export interface AuditRow {
  readonly id: number;
  readonly at: string;
  readonly by: object;
  readonly action: string;
  readonly object: string | null;
  readonly details: object;
}

export async function selectAudit(
  db: Db,
  filter: { readonly actions?: readonly string[]; readonly objects?: readonly string[] },
  page: { readonly limit: number; readonly before: string | undefined },
): Promise<Page<AuditRow>> {
  const before = page.before !== undefined && /^\d{1,15}$/u.test(page.before) ? page.before : undefined;
  const where = new Conditions()
    .add(filter.actions, (v) => `action = any(${v})`)
    .add(filter.objects, (v) => `object = any(${v})`)
    .add(before, (v) => `id < ${v}::bigint`);
  const limit = where.value(page.limit + 1);
  const rows = await db.query<AuditRow>({
    text: `select id, ${rfc3339("at")} as at, actor as by, action, object, details from audit ${where.where()} order by id desc limit ${limit}`,
    values: where.values,
  });
  const items = rows.slice(0, page.limit);
  return { items, next: rows.length > page.limit ? String(items.at(-1)?.id) : undefined };
}
