/** Projects and tasks: what mail can be about beside tickets. Plain records with notes, time entries and a history. */
import { z } from "zod";
import { TICKET_DETAILS_MAX, foldText, toRfc3339 } from "../../domain/index.ts";
import {
  ORGANIZATIONS,
  RESOURCES,
  addWorkNote,
  addWorkTime,
  changeWork,
  createProject,
  createTask,
  selectByIdOrName,
  selectWork,
  selectWorkDetails,
  selectWorkItem,
  type ProjectRow,
  type TaskRow,
  type WorkChange,
  type WorkKind,
} from "../../store/desk/index.ts";
import { ensureOwnOrganization } from "../../store/index.ts";
import { newId } from "../../store/desk/index.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { pageAnswer, pageRequest } from "../page.ts";
import { notFound, Problem } from "../problem.ts";
import { ok, route, type Call, type Route } from "../route.ts";
import { filter, listOf, pageQuery } from "../schemas/shared-shapes.ts";
import { noteIn, noteOut, timeEntryIn, timeEntryOut } from "../schemas/ticket.ts";
import {
  projectDetailsOut,
  projectIn,
  projectOut,
  projectPatch,
  taskDetailsOut,
  taskIn,
  taskOut,
  taskPatch,
} from "../schemas/work.ts";

const tag = "Projects and tasks";

async function itemOf<Kind extends WorkKind>(
  deps: ApiDependencies,
  kind: Kind,
  number: string | undefined,
): Promise<Kind extends "project" ? ProjectRow : TaskRow> {
  const row = await selectWorkItem(deps.store, kind, number ?? "");
  if (row === undefined) throw notFound(`there is no ${kind} of this number`);
  return row as Kind extends "project" ? ProjectRow : TaskRow;
}

function existing(kind: WorkKind): NonNullable<Route["exists"]> {
  return async (deps, params) => void (await itemOf(deps, kind, params["number"]));
}

function unknown(path: string, message: string): Problem {
  return new Problem("unknown_reference", `\`${path}\`: ${message}`, { errors: [{ path, message }] });
}

/** Tickets, projects and tasks share their words. Throws: Problem. */
async function statusOf({ ruleSets }: ApiDependencies, given: string | undefined): Promise<string> {
  const words = (await ruleSets.inForce())?.ir.values.get("ticket.status")?.words ?? [];
  if (given === undefined) return words.find((word) => word === "New") ?? words[0] ?? "New";
  const found = words.find((word) => foldText(word) === foldText(given.trim()));
  if (found === undefined && words.length > 0)
    throw unknown("status", `"${given}" is not a declared status: declared are ${words.join(", ")}`);
  return found ?? given;
}

async function organizationOf(
  { store, config, now }: ApiDependencies,
  given: string | undefined,
): Promise<string> {
  if (given === undefined)
    return (await ensureOwnOrganization(store, config.ownOrganization, newId, now())).id;
  const [row] = await selectByIdOrName(store, ORGANIZATIONS, given);
  if (row === undefined)
    throw unknown("organization", `there is no organization with the name or id "${given}"`);
  return row.id;
}

async function resourceOf(
  { store }: ApiDependencies,
  given: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const [row] = await selectByIdOrName(store, RESOURCES, given);
  if (row === undefined)
    throw unknown("assigned_resource", `there is no resource with the name or id "${given}"`);
  return row;
}

function shown({ id: _ours, ...row }: ProjectRow | TaskRow): Readonly<Record<string, unknown>> {
  return row;
}

async function detailed(deps: ApiDependencies, kind: WorkKind, row: ProjectRow | TaskRow) {
  const details = await selectWorkDetails(deps.store, kind, row.id, TICKET_DETAILS_MAX);
  return { ...ok({ ...shown(row), ...details }), headers: { etag: `"${row.version}"` } };
}

/* ---------- what both have ---------- */

function listRoute(kind: WorkKind, item: z.ZodType): Route {
  return route({
    method: "GET",
    path: `/api/v1/${kind}s`,
    permission: "read",
    tag,
    summary: `${kind === "project" ? "Projects" : "Tasks"}, newest first`,
    query: z.object({ ...pageQuery, status: filter, ...(kind === "task" ? { project: filter } : {}) }),
    answers: { 200: { description: "a page", schema: listOf(item) } },
    problems: ["invalid_body"],
    run: async ({ deps, query }) => {
      // One type for both: a project has no filter `project`, which then is no member of its query.
      const { status, project } = query as {
        readonly status?: readonly string[];
        readonly project?: readonly string[];
      };
      const filters = {
        ...(status === undefined ? {} : { statuses: status }),
        ...(project === undefined ? {} : { projects: project }),
      };
      return pageAnswer(await selectWork(deps.store, kind, filters, pageRequest(query)), shown);
    },
  });
}

function oneRoute(kind: WorkKind, item: z.ZodType): Route {
  return route({
    method: "GET",
    path: `/api/v1/${kind}s/{number}`,
    permission: "read",
    tag,
    summary: `One ${kind} with its notes, time entries and history`,
    answers: { 200: { description: `the ${kind}`, schema: item } },
    problems: ["not_found"],
    run: async ({ deps, params }) => await detailed(deps, kind, await itemOf(deps, kind, params["number"])),
  });
}

function noteRoute(kind: WorkKind): Route {
  return route({
    method: "POST",
    path: `/api/v1/${kind}s/{number}/notes`,
    permission: "operate",
    tag,
    summary: "Add a note; internal unless said",
    body: noteIn,
    exists: existing(kind),
    answers: { 201: { description: "added", schema: noteOut } },
    problems: ["not_found"],
    run: async ({ deps, params, body, by, receivedAt }) => {
      const { id } = await itemOf(deps, kind, params["number"]);
      const note = { at: receivedAt, by, visibility: body.visibility, text: body.text };
      await addWorkNote(deps.store, { kind, id }, note);
      return { status: 201, body: { ...note, at: toRfc3339(receivedAt) } };
    },
  });
}

async function change(
  { deps, params, by, receivedAt, ifVersion }: Call,
  kind: WorkKind,
  changes: readonly WorkChange[],
): Promise<Readonly<Record<string, unknown>>> {
  const number = params["number"] ?? "";
  const outcome = await changeWork(deps.store, { kind, number, ifVersion }, changes, { by, at: receivedAt });
  if (outcome.kind === "not-found") throw notFound(`there is no ${kind} of this number`);
  if (outcome.kind === "version-conflict")
    throw new Problem("version_conflict", `the ${kind} has version ${outcome.version} by now`, {
      version: outcome.version,
    });
  return shown(await itemOf(deps, kind, number));
}

const text = (field: WorkChange["field"], value: string | undefined): readonly WorkChange[] =>
  value === undefined ? [] : [{ field, value, shown: value }];

/* ---------- projects ---------- */

const openProject = route({
  method: "POST",
  path: "/api/v1/projects",
  permission: "operate",
  tag,
  summary: "Open a project",
  body: projectIn,
  answers: { 201: { description: "opened", schema: projectOut } },
  problems: ["unknown_reference"],
  run: async ({ deps, body, by, receivedAt }) => {
    const number = await createProject(deps.store, {
      name: body.name,
      description: body.description ?? "",
      status: await statusOf(deps, body.status),
      organizationId: await organizationOf(deps, body.organization),
      by,
      at: receivedAt,
    });
    const json = shown(await itemOf(deps, "project", number));
    return { status: 201, body: json, headers: { location: `/api/v1/projects/${number}` } };
  },
});

const changeProject = route({
  method: "PATCH",
  path: "/api/v1/projects/{number}",
  permission: "operate",
  tag,
  summary: "Change a project; what is left out stays",
  body: projectPatch,
  versioned: true,
  exists: existing("project"),
  answers: { 200: { description: "changed", schema: projectOut } },
  problems: ["not_found", "unknown_reference", "version_conflict"],
  run: async (call) => {
    const { deps, body } = call;
    const status = body.status === undefined ? undefined : await statusOf(deps, body.status);
    const changes = [
      ...text("name", body.name),
      ...text("description", body.description),
      ...text("status", status),
    ];
    return ok(await change(call, "project", changes));
  },
});

/* ---------- tasks ---------- */

const openTask = route({
  method: "POST",
  path: "/api/v1/tasks",
  permission: "operate",
  tag,
  summary: "Open a task of a project",
  body: taskIn,
  answers: { 201: { description: "opened", schema: taskOut } },
  problems: ["unknown_reference"],
  run: async ({ deps, body, by, receivedAt }) => {
    const project = await selectWorkItem(deps.store, "project", body.project);
    if (project === undefined) throw unknown("project", `there is no project ${body.project}`);
    const resource =
      body.assigned_resource === undefined ? undefined : await resourceOf(deps, body.assigned_resource);
    const number = await createTask(deps.store, {
      project,
      title: body.title,
      description: body.description ?? "",
      status: await statusOf(deps, body.status),
      assignedResourceId: resource?.id,
      by,
      at: receivedAt,
    });
    const json = shown(await itemOf(deps, "task", number));
    return { status: 201, body: json, headers: { location: `/api/v1/tasks/${number}` } };
  },
});

const changeTask = route({
  method: "PATCH",
  path: "/api/v1/tasks/{number}",
  permission: "operate",
  tag,
  summary: "Change a task; what is left out stays, null empties",
  body: taskPatch,
  versioned: true,
  exists: existing("task"),
  answers: { 200: { description: "changed", schema: taskOut } },
  problems: ["not_found", "unknown_reference", "version_conflict"],
  run: async (call) => {
    const { deps, body } = call;
    const status = body.status === undefined ? undefined : await statusOf(deps, body.status);
    const { assigned_resource: asked } = body;
    const resource = asked === undefined || asked === null ? undefined : await resourceOf(deps, asked);
    const assigned: readonly WorkChange[] =
      asked === undefined
        ? []
        : [{ field: "assigned_resource", value: resource?.id ?? null, shown: resource?.name ?? null }];
    const changes = [
      ...text("title", body.title),
      ...text("description", body.description),
      ...text("status", status),
    ];
    return ok(await change(call, "task", [...changes, ...assigned]));
  },
});

const addTime = route({
  method: "POST",
  path: "/api/v1/tasks/{number}/time-entries",
  permission: "operate",
  tag,
  summary: "Add a time entry to a task",
  body: timeEntryIn,
  exists: existing("task"),
  answers: { 201: { description: "added", schema: timeEntryOut } },
  problems: ["not_found"],
  run: async ({ deps, params, body, by, receivedAt }) => {
    const { id } = await itemOf(deps, "task", params["number"]);
    const entry = { at: receivedAt, by, hours: body.hours, role: body.role, text: body.text };
    await addWorkTime(deps.store, id, entry);
    return { status: 201, body: { ...entry, at: toRfc3339(receivedAt) } };
  },
});

export const work: readonly Route[] = [
  listRoute("project", projectOut),
  openProject,
  oneRoute("project", projectDetailsOut),
  changeProject,
  noteRoute("project"),
  listRoute("task", taskOut),
  openTask,
  oneRoute("task", taskDetailsOut),
  changeTask,
  noteRoute("task"),
  addTime,
];
