/** The six calls that every kind of record has, from what differs between the kinds. */
import { z } from "zod";
import { IMPORT_ROWS_MAX } from "../../domain/index.ts";
import { mendText, parseCsv, type CsvRow, type FieldError } from "../../ingest/index.ts";
import {
  changeRecord,
  createRecord,
  deleteRecord,
  importRecords,
  insertAudit,
  selectRecord,
  selectRecords,
  type Db,
  type RecordKind,
  type SaveOutcome,
} from "../../store/desk/index.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { plainMessage } from "../plain-message.ts";
import { pageAnswer, pageRequest } from "../page.ts";
import { fromRefusal, invalidBody, notFound, Problem } from "../problem.ts";
import { ok, route, type Answer, type Route } from "../route.ts";
import { filter, listOf, pageQuery } from "../schemas/shared-shapes.ts";
import { importOut } from "../schemas/records.ts";

/** What reading and writing records needs of the api's parts: also enough for the first start. */
export type RecordDependencies = Pick<ApiDependencies, "store" | "config">;

type Merge<Row> = (current: Row | undefined) => Omit<Row, "id">;

export interface RecordRoutes<
  Row extends { readonly id: string },
  In extends z.ZodType,
  Patch extends z.ZodType,
> {
  readonly kind: RecordKind<Row>;
  /** `organizations`, and one of them. */
  readonly path: string;
  readonly one: string;
  readonly tag: string;
  readonly input: In;
  readonly patch: Patch;
  readonly output: z.ZodType;
  /** Looks up what the body names and says how it changes a record; `undefined` is a new one. Throws: Problem. */
  readonly merge: (deps: RecordDependencies, body: z.output<In> | z.output<Patch>) => Promise<Merge<Row>>;
  readonly shown: (deps: RecordDependencies) => Promise<(row: Row) => unknown>;
  /** The body that a row of CSV stands for. */
  readonly fromCsv: (row: CsvRow) => Readonly<Record<string, unknown>>;
  /** The record that a row of CSV means, when it is there already. */
  readonly findSame: (db: Db, record: Omit<Row, "id">) => Promise<string | undefined>;
  /** Throws: Problem. */
  readonly guard?: (deps: RecordDependencies, current: Row, next: Omit<Row, "id"> | undefined) => void;
}

export function recordRoutes<
  Row extends { readonly id: string },
  In extends z.ZodType,
  Patch extends z.ZodType,
>(records: RecordRoutes<Row, In, Patch>): readonly Route[] {
  return [list(records), create(records), importCsv(records), one(records), change(records), remove(records)];
}

type Any<Row extends { readonly id: string }> = RecordRoutes<Row, z.ZodType, z.ZodType>;
const base = (records: { readonly path: string }): string => `/api/v1/${records.path}`;

function existing<Row extends { readonly id: string }>(records: Any<Row>): NonNullable<Route["exists"]> {
  return async (deps, params) => {
    await find(records, deps, params);
  };
}

async function find<Row extends { readonly id: string }>(
  records: Any<Row>,
  deps: ApiDependencies,
  params: Readonly<Record<string, string>>,
): Promise<Row> {
  const row = await selectRecord(deps.store, records.kind, params["id"] ?? "");
  if (row === undefined) throw notFound(`there is no ${records.one} of this id`);
  return row;
}

function list<Row extends { readonly id: string }>(records: Any<Row>): Route {
  return route({
    method: "GET",
    path: base(records),
    permission: "read",
    tag: records.tag,
    summary: `List ${records.path}, newest first`,
    query: z.object({ ...pageQuery, name: filter }),
    answers: { 200: { description: "a page", schema: listOf(records.output) } },
    problems: ["invalid_body"],
    run: async ({ deps, query }) => {
      const page = await selectRecords(deps.store, records.kind, query.name ?? [], pageRequest(query));
      return pageAnswer(page, await records.shown(deps));
    },
  });
}

function one<Row extends { readonly id: string }>(records: Any<Row>): Route {
  return route({
    method: "GET",
    path: `${base(records)}/{id}`,
    permission: "read",
    tag: records.tag,
    summary: `One ${records.one}`,
    answers: { 200: { description: `the ${records.one}`, schema: records.output } },
    problems: ["not_found"],
    run: async ({ deps, params }) => {
      const row = await find(records, deps, params);
      return ok((await records.shown(deps))(row));
    },
  });
}

function create<Row extends { readonly id: string }>(records: Any<Row>): Route {
  return route({
    method: "POST",
    path: base(records),
    permission: "operate",
    tag: records.tag,
    summary: `Create a ${records.one}`,
    body: records.input,
    answers: { 201: { description: "created", schema: records.output } },
    problems: ["unknown_reference", "wrong_state"],
    run: async ({ deps, body }) => {
      const merge = await records.merge(deps, body);
      const answer = await saved(
        records,
        deps,
        await createRecord(deps.store, records.kind, merge(undefined)),
      );
      return { ...answer, status: 201 };
    },
  });
}

function change<Row extends { readonly id: string }>(records: Any<Row>): Route {
  return route({
    method: "PATCH",
    path: `${base(records)}/{id}`,
    permission: "operate",
    tag: records.tag,
    summary: `Change a ${records.one}; what is left out stays`,
    body: records.patch,
    exists: existing(records),
    answers: { 200: { description: "changed", schema: records.output } },
    problems: ["not_found", "unknown_reference", "wrong_state"],
    run: async ({ deps, params, body }) => {
      const merge = await records.merge(deps, body);
      const outcome = await changeRecord(deps.store, records.kind, params["id"] ?? "", (current) => {
        const next = merge(current);
        records.guard?.(deps, current, next);
        return { ...next, id: current.id } as Row;
      });
      return await saved(records, deps, outcome);
    },
  });
}

function remove<Row extends { readonly id: string }>(records: Any<Row>): Route {
  return route({
    method: "DELETE",
    path: `${base(records)}/{id}`,
    permission: "operate",
    tag: records.tag,
    summary: `Delete a ${records.one} that nothing refers to; else make it inactive`,
    answers: { 204: { description: "deleted" } },
    problems: ["not_found", "still_referenced"],
    run: async ({ deps, params, by }) => {
      const row = await find(records, deps, params);
      records.guard?.(deps, row, undefined);
      const outcome = await deleteRecord(deps.store, records.kind, row.id);
      if (outcome.kind === "not-found") throw notFound(`there is no ${records.one} of this id`);
      if (outcome.kind === "referenced") {
        const what = outcome.by.map(({ kind, count }) => `${count} ${kind}`).join(", ");
        throw new Problem("still_referenced", `${what} refer to it; make it inactive instead`, {
          references: outcome.by,
        });
      }
      await insertAudit(deps.store, by, `${records.one} deleted`, row.id);
      return { status: 204 };
    },
  });
}

function importCsv<Row extends { readonly id: string }>(records: Any<Row>): Route {
  return route({
    method: "POST",
    path: `${base(records)}/import`,
    permission: "operate",
    tag: records.tag,
    summary: `Create and change ${records.path} from CSV, all rows or none`,
    description: "The first line names the members; several values of one cell stand between `;`.",
    body: z.string(),
    bodyType: "text/csv",
    readsBytes: true,
    answers: { 200: { description: "imported", schema: importOut } },
    problems: ["invalid_body", "body_too_large", "unknown_reference"],
    run: async ({ deps, bytes }) => ok(await importText(records, deps, bytes.toString("utf8"))),
  });
}

/** Throws: Problem `invalid_body`, `unknown_reference`. */
export async function importText<Row extends { readonly id: string }>(
  records: Any<Row>,
  deps: RecordDependencies,
  text: string,
): Promise<{ readonly created: number; readonly updated: number }> {
  const table = parseCsv(mendText(text), IMPORT_ROWS_MAX);
  if (table.kind === "refused") throw fromRefusal(table);
  const errors: FieldError[] = [];
  const merges: { line: number; merge: Merge<Row> }[] = [];
  for (const row of table.rows) {
    const body = records.input.safeParse(records.fromCsv(row), { error: plainMessage });
    if (body.success)
      merges.push({ line: row.line, merge: await atLine(row.line, records.merge(deps, body.data)) });
    else
      errors.push(
        ...body.error.issues.map((issue) => ({
          path: `line ${row.line}, ${issue.path.join(".")}`,
          message: issue.message,
        })),
      );
  }
  if (errors.length > 0) throw invalidBody(errors.slice(0, ERRORS_TOLD_MAX));
  const outcome = await importRecords(
    deps.store,
    records.kind,
    merges.map(({ merge }) => ({
      find: async (transaction) => await records.findSame(transaction, merge(undefined)),
      merge: (current, id) => ({ ...merge(current), id }) as Row,
    })),
  );
  if ("failedAt" in outcome) {
    const line = merges[outcome.failedAt]?.line ?? 0;
    throw invalidBody([{ path: `line ${line}, ${outcome.path}`, message: outcome.message }]);
  }
  return outcome;
}

const ERRORS_TOLD_MAX = 100;

async function atLine<T>(line: number, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.code, `line ${line}: ${error.message}`, error.extensions);
  }
}

async function saved<Row extends { readonly id: string }>(
  records: Any<Row>,
  deps: ApiDependencies,
  outcome: SaveOutcome<Row>,
): Promise<Answer> {
  if (outcome.kind === "not-found") throw notFound(`there is no ${records.one} of this id`);
  if (outcome.kind === "taken") {
    const { path, message } = outcome;
    throw new Problem("wrong_state", path === "" ? message : `\`${path}\`: ${message}`, {
      errors: [{ path, message }],
    });
  }
  return ok((await records.shown(deps))(outcome.row));
}
