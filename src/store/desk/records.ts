/**
 * Organizations, devices, contacts and resources: four kinds of record with the same life. What differs stands in a
 * `RecordKind`; the statements that are the same for all stand here.
 */
import { foldName } from "../../domain/index.ts";
import { violatedConstraint } from "../classify-failure.ts";
import type { Store } from "../store.ts";
import type { Transaction } from "../statement.ts";
import type { IdPrefix } from "../new-id.ts";
import { newId } from "./ids.ts";
import { Conditions, toPage, type Db, type Page, type PageRequest } from "./sql.ts";

export interface RecordKind<Row extends { readonly id: string }> {
  readonly table: "organizations" | "devices" | "contacts" | "resources";
  readonly prefix: IdPrefix;
  /** Everything but `where`: gives `Row`. The table's alias is `x`. */
  readonly select: string;
  readonly insert: (transaction: Transaction, row: Row) => Promise<void>;
  readonly update: (transaction: Transaction, row: Row) => Promise<void>;
  /** What a violated constraint means to the person: member and sentence. */
  readonly taken: Readonly<Record<string, { readonly path: string; readonly message: string }>>;
  /** Who may refer to a record, by the answer's word; each counts rows for `$1`. */
  readonly references: readonly { readonly by: string; readonly count: string }[];
}

export type SaveOutcome<Row> =
  | { readonly kind: "saved"; readonly row: Row }
  | { readonly kind: "not-found" }
  | { readonly kind: "taken"; readonly path: string; readonly message: string };

export type DeleteOutcome =
  | { readonly kind: "deleted" }
  | { readonly kind: "not-found" }
  | {
      readonly kind: "referenced";
      readonly by: readonly { readonly kind: string; readonly count: number }[];
    };

export async function selectRecords<Row extends { readonly id: string }>(
  db: Db,
  kind: RecordKind<Row>,
  names: readonly string[],
  page: PageRequest,
): Promise<Page<Row>> {
  const where = new Conditions()
    .add(names.map(foldName), (v) => `x.name_key = any(${v})`)
    .add(page.before, (v) => `x.id < '${kind.prefix}_' || ${v}::text`);
  const limit = where.value(page.limit + 1);
  const text = `${kind.select} ${where.where()} order by x.id desc limit ${limit}`;
  return toPage(await db.query<Row>({ text, values: where.values }), page.limit, (row) => row);
}

export async function selectRecord<Row extends { readonly id: string }>(
  db: Db,
  kind: RecordKind<Row>,
  id: string,
): Promise<Row | undefined> {
  const rows = await db.query<Row>({ text: `${kind.select} where x.id = $1`, values: [id] });
  return rows[0];
}

/** By id, else by folded name. Several of one name: all of them, newest first. */
export async function selectByIdOrName<Row extends { readonly id: string }>(
  db: Db,
  kind: RecordKind<Row>,
  idOrName: string,
): Promise<readonly Row[]> {
  const rows = await db.query<Row>({
    text: `${kind.select} where x.id = $1 or x.name_key = $2 order by (x.id = $1) desc, x.id desc limit 1000`,
    values: [idOrName, foldName(idOrName)],
  });
  return rows[0]?.id === idOrName ? rows.slice(0, 1) : rows;
}

export async function createRecord<Row extends { readonly id: string }>(
  store: Store,
  kind: RecordKind<Row>,
  record: Omit<Row, "id">,
): Promise<SaveOutcome<Row>> {
  const row = { ...record, id: newId(kind.prefix, Date.now()) } as unknown as Row;
  return await save(store, kind, row.id, async (transaction) => {
    await kind.insert(transaction, row);
  });
}

/** `change` sees the record as it is, under its lock. */
export async function changeRecord<Row extends { readonly id: string }>(
  store: Store,
  kind: RecordKind<Row>,
  id: string,
  change: (current: Row) => Row,
): Promise<SaveOutcome<Row>> {
  return await save(store, kind, id, async (transaction) => {
    if (!(await lock(transaction, kind, id))) return;
    const current = await selectRecord(transaction, kind, id);
    if (current !== undefined) await kind.update(transaction, change(current));
  });
}

/** Records by folded name, each created or changed, all or none: what an import does. */
export async function importRecords<Row extends { readonly id: string }>(
  store: Store,
  kind: RecordKind<Row>,
  records: readonly {
    readonly find: (transaction: Transaction) => Promise<string | undefined>;
    readonly merge: (current: Row | undefined, id: string) => Row;
  }[],
): Promise<
  | { readonly created: number; readonly updated: number }
  | { readonly failedAt: number; readonly path: string; readonly message: string }
> {
  let at = 0;
  try {
    return await store.transaction(async (transaction) => {
      let created = 0;
      for (at = 0; at < records.length; at++) {
        const record = records[at];
        if (record === undefined) break;
        const id = await record.find(transaction);
        const current = id === undefined ? undefined : await selectRecord(transaction, kind, id);
        const row = record.merge(current, id ?? newId(kind.prefix, Date.now()));
        if (current === undefined) {
          created++;
          await kind.insert(transaction, row);
        } else await kind.update(transaction, row);
      }
      return { created, updated: records.length - created };
    });
  } catch (error) {
    const taken = takenBy(kind, error);
    if (taken === undefined) throw error;
    return { failedAt: at, ...taken };
  }
}

export async function deleteRecord<Row extends { readonly id: string }>(
  store: Store,
  kind: RecordKind<Row>,
  id: string,
): Promise<DeleteOutcome> {
  return await store.transaction(async (transaction): Promise<DeleteOutcome> => {
    if (!(await lock(transaction, kind, id))) return { kind: "not-found" };
    const by: { kind: string; count: number }[] = [];
    for (const reference of kind.references) {
      const rows = await transaction.query<{ count: number }>({ text: reference.count, values: [id] });
      const count = rows[0]?.count ?? 0;
      if (count > 0) by.push({ kind: reference.by, count });
    }
    if (by.length > 0) return { kind: "referenced", by };
    await transaction.query({ text: `delete from ${kind.table} where id = $1`, values: [id] });
    return { kind: "deleted" };
  });
}

async function save<Row extends { readonly id: string }>(
  store: Store,
  kind: RecordKind<Row>,
  id: string,
  write: (transaction: Transaction) => Promise<void>,
): Promise<SaveOutcome<Row>> {
  try {
    return await store.transaction(async (transaction): Promise<SaveOutcome<Row>> => {
      await write(transaction);
      const row = await selectRecord(transaction, kind, id);
      return row === undefined ? { kind: "not-found" } : { kind: "saved", row };
    });
  } catch (error) {
    const taken = takenBy(kind, error);
    if (taken === undefined) throw error;
    return { kind: "taken", ...taken };
  }
}

function takenBy<Row extends { readonly id: string }>(
  kind: RecordKind<Row>,
  error: unknown,
): { readonly path: string; readonly message: string } | undefined {
  const constraint = violatedConstraint(error);
  if (constraint === undefined) return undefined;
  return kind.taken[constraint] ?? { path: "", message: "another record has one of these values" };
}

async function lock(
  transaction: Transaction,
  kind: { readonly table: string },
  id: string,
): Promise<boolean> {
  const rows = await transaction.query({
    text: `select from ${kind.table} where id = $1 for update`,
    values: [id],
  });
  return rows.length > 0;
}
