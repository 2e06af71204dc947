/** Projects and tasks: plain records that mail and people add notes and time to. No rules run on them. */
import type { Actor, Instant } from "../../domain/index.ts";
import { utcDay } from "../../domain/index.ts";
import type { Store } from "../store.ts";
import type { Transaction } from "../statement.ts";
import { newId } from "./ids.ts";
import { Conditions, rfc3339, toPage, type Db, type Page, type PageRequest } from "./sql.ts";
import type { NamedReference } from "./tickets.ts";

export interface ProjectRow {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly description: string;
  readonly status: string;
  readonly organization: NamedReference;
  readonly created_at: string;
  readonly created_by: Readonly<Record<string, unknown>>;
  readonly version: number;
}

export interface TaskRow {
  readonly id: string;
  readonly number: string;
  /** Number of its project. */
  readonly project: string;
  readonly title: string;
  readonly description: string;
  readonly status: string;
  readonly organization: NamedReference;
  readonly assigned_resource: NamedReference | null;
  readonly created_at: string;
  readonly created_by: Readonly<Record<string, unknown>>;
  readonly version: number;
}

export interface WorkDetails {
  readonly notes: readonly Readonly<Record<string, unknown>>[];
  readonly time_entries: readonly Readonly<Record<string, unknown>>[];
  readonly history: readonly Readonly<Record<string, unknown>>[];
}

export type WorkKind = "project" | "task";

export interface WorkFilter {
  readonly statuses?: readonly string[];
  readonly projects?: readonly string[];
}

const PROJECTS = `select x.id, x.number, x.name, x.description, x.status,
    json_build_object('id', o.id, 'name', o.name) as organization, ${rfc3339("x.created_at")} as created_at, x.created_by, x.version
  from projects x join organizations o on o.id = x.organization_id`;
const TASKS = `select x.id, x.number, p.number as project, x.title, x.description, x.status,
    json_build_object('id', o.id, 'name', o.name) as organization,
    case when r.id is not null then json_build_object('id', r.id, 'name', r.name) end as assigned_resource,
    ${rfc3339("x.created_at")} as created_at, x.created_by, x.version
  from tasks x join projects p on p.id = x.project_id join organizations o on o.id = p.organization_id
    left join resources r on r.id = x.assigned_resource_id`;
const SELECT = { project: PROJECTS, task: TASKS } as const;
const TABLE = { project: "projects", task: "tasks" } as const;
const PREFIX = { project: "pj", task: "ts" } as const;

interface RowOf {
  readonly project: ProjectRow;
  readonly task: TaskRow;
}

export async function selectWork<Kind extends WorkKind>(
  db: Db,
  kind: Kind,
  filter: WorkFilter,
  page: PageRequest,
): Promise<Page<RowOf[Kind]>> {
  const where = new Conditions()
    .add(filter.statuses, (v) => `x.status = any(${v})`)
    .add(filter.projects, (v) => `${kind === "task" ? "p" : "x"}.number = any(${v})`)
    .add(page.before, (v) => `x.id < '${PREFIX[kind]}_' || ${v}::text`);
  const limit = where.value(page.limit + 1);
  const rows = await db.query<RowOf[Kind]>({
    text: `${SELECT[kind]} ${where.where()} order by x.id desc limit ${limit}`,
    values: where.values,
  });
  return toPage(rows, page.limit, (row) => row);
}

export async function selectWorkItem<Kind extends WorkKind>(
  db: Db,
  kind: Kind,
  number: string,
): Promise<RowOf[Kind] | undefined> {
  const rows = await db.query<RowOf[Kind]>({ text: `${SELECT[kind]} where x.number = $1`, values: [number] });
  return rows[0];
}

/** The last `most` of each kind, in order of time. */
export async function selectWorkDetails(
  db: Db,
  kind: WorkKind,
  id: string,
  most: number,
): Promise<WorkDetails> {
  const list = (table: string, members: string): string => `
    coalesce((select json_agg(json_strip_nulls(json_build_object('at', ${rfc3339("x.at")}, 'by', x.actor, ${members})) order by x.id)
      from (select * from ${table} where ${kind}_id = $1 order by id desc limit $2) x), '[]')`;
  const times =
    kind === "task"
      ? list("work_time_entries", "'hours', x.hours, 'role', x.role, 'text', x.text")
      : "'[]'::json";
  const rows = await db.query<WorkDetails>({
    text: `select ${list("work_notes", "'visibility', x.visibility, 'text', x.text")} as notes, ${times} as time_entries,
      coalesce((select json_agg(json_build_object('at', ${rfc3339("x.at")}, 'by', x.actor, 'field', x.field,
          'from', x.from_value, 'to', x.to_value) order by x.id)
        from (select * from work_history where ${kind}_id = $1 order by id desc limit $2) x), '[]') as history`,
    values: [id, most],
  });
  return rows[0] ?? { notes: [], time_entries: [], history: [] };
}

/* ---------- writing ---------- */

interface Made {
  readonly by: Actor;
  readonly at: Instant;
}

async function nextCount(transaction: Transaction, scope: string): Promise<string> {
  const [row] = await transaction.query<{ last: number }>({
    text: `insert into project_counters (scope, last) values ($1, 1)
      on conflict (scope) do update set last = project_counters.last + 1 returning last`,
    values: [scope],
  });
  return String(row?.last ?? 1).padStart(4, "0");
}

export interface NewProject extends Made {
  readonly name: string;
  readonly description: string;
  readonly status: string;
  readonly organizationId: string;
}

/** Its number: P, the UTC day, the day's counter. */
export async function createProject(store: Store, project: NewProject): Promise<string> {
  return await store.transaction(async (transaction) => {
    const day = utcDay(project.at);
    const number = `P${day.replaceAll("-", "")}.${await nextCount(transaction, day)}`;
    await transaction.query({
      text: `insert into projects (id, number, name, description, status, organization_id, created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        newId("pj", project.at),
        number,
        project.name,
        project.description,
        project.status,
        project.organizationId,
        new Date(project.at).toISOString(),
        JSON.stringify(project.by),
      ],
    });
    return number;
  });
}

export interface NewTask extends Made {
  readonly project: { readonly id: string; readonly number: string };
  readonly title: string;
  readonly description: string;
  readonly status: string;
  readonly assignedResourceId: string | undefined;
}

/** Its number: the project's, a dot, the project's counter. */
export async function createTask(store: Store, task: NewTask): Promise<string> {
  return await store.transaction(async (transaction) => {
    const number = `${task.project.number}.${await nextCount(transaction, task.project.number)}`;
    await transaction.query({
      text: `insert into tasks (id, project_id, number, title, description, status, assigned_resource_id, created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        newId("ts", task.at),
        task.project.id,
        number,
        task.title,
        task.description,
        task.status,
        task.assignedResourceId ?? null,
        new Date(task.at).toISOString(),
        JSON.stringify(task.by),
      ],
    });
    return number;
  });
}

/** New values by column; what it shows in history stands beside it. */
export interface WorkChange {
  readonly field: "name" | "title" | "description" | "status" | "assigned_resource";
  readonly value: string | null;
  readonly shown: string | null;
}

export type ChangeWorkOutcome =
  | { readonly kind: "changed" }
  | { readonly kind: "not-found" }
  | { readonly kind: "version-conflict"; readonly version: number };

/** No difference is no change. */
export async function changeWork(
  store: Store,
  target: { readonly kind: WorkKind; readonly number: string; readonly ifVersion: number | undefined },
  changes: readonly WorkChange[],
  { by, at }: Made,
): Promise<ChangeWorkOutcome> {
  const { kind, number, ifVersion } = target;
  return await store.transaction(async (transaction): Promise<ChangeWorkOutcome> => {
    await transaction.query({
      text: `select from ${TABLE[kind]} where number = $1 for update`,
      values: [number],
    });
    const before = await selectWorkItem(transaction, kind, number);
    if (before === undefined) return { kind: "not-found" };
    if (ifVersion !== undefined && ifVersion !== before.version)
      return { kind: "version-conflict", version: before.version };
    const differing = changes.filter(({ field, shown }) => shownOf(before, field) !== shown);
    for (const { field, value, shown } of differing) {
      const column = field === "assigned_resource" ? "assigned_resource_id" : field;
      await transaction.query({
        text: `update ${TABLE[kind]} set ${column} = $2 where id = $1`,
        values: [before.id, value],
      });
      await transaction.query({
        text: `insert into work_history (${kind}_id, at, actor, field, from_value, to_value) values ($1, $2, $3, $4, $5, $6)`,
        values: [
          before.id,
          new Date(at).toISOString(),
          JSON.stringify(by),
          field,
          JSON.stringify(shownOf(before, field)),
          JSON.stringify(shown),
        ],
      });
    }
    if (differing.length > 0)
      await transaction.query({
        text: `update ${TABLE[kind]} set version = version + 1 where id = $1`,
        values: [before.id],
      });
    return { kind: "changed" };
  });
}

function shownOf(row: ProjectRow | TaskRow, field: WorkChange["field"]): string | null {
  const members = row as unknown as Readonly<Record<string, unknown>>;
  const value = members[field];
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null && "name" in value ? String(value.name) : null;
}

export async function addWorkNote(
  db: Db,
  target: { readonly kind: WorkKind; readonly id: string },
  note: Made & { readonly visibility: "internal" | "public"; readonly text: string },
): Promise<void> {
  await db.query({
    text: `insert into work_notes (${target.kind}_id, at, actor, visibility, text) values ($1, $2, $3, $4, $5)`,
    values: [target.id, new Date(note.at).toISOString(), JSON.stringify(note.by), note.visibility, note.text],
  });
}

export async function addWorkTime(
  db: Db,
  taskId: string,
  entry: Made & {
    readonly hours: number;
    readonly role: string | undefined;
    readonly text: string | undefined;
  },
): Promise<void> {
  await db.query({
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
