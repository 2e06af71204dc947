/** Maintenance windows made by hand or by a program, beside those in rule files: in force from the next alert on. */
import { z } from "zod";
import {
  MAINTENANCE_MS_MAX,
  MAINTENANCE_NAMES_MAX,
  MAINTENANCE_WINDOWS_MAX,
  DAY,
} from "../../domain/index.ts";
import {
  deleteMaintenanceWindow,
  insertAudit,
  insertMaintenanceWindow,
  ORGANIZATIONS,
  selectByIdOrName,
  selectMaintenanceWindow,
  selectMaintenanceWindows,
} from "../../store/desk/index.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { pageAnswer, pageRequest } from "../page.ts";
import { invalidBody, notFound, Problem } from "../problem.ts";
import { route, type Route } from "../route.ts";
import { listOf, nameOrId, pageQuery, shortText, time } from "../schemas/shared-shapes.ts";

const tag = "Maintenance";

const names = (name: z.ZodType<string>): z.ZodDefault<z.ZodArray<z.ZodType<string>>> =>
  z.array(name).max(MAINTENANCE_NAMES_MAX).default([]);
const moment = z.iso
  .datetime({ offset: true, error: "must be a time like 2026-11-22T22:00:00Z" })
  .transform((text) => Date.parse(text));

const maintenanceIn = z
  .strictObject({
    name: shortText,
    organizations: names(nameOrId).meta({ description: "names or ids" }),
    devices: names(shortText).meta({ description: "names, as alerts give them" }),
    sources: names(shortText),
    from: moment,
    to: moment,
  })
  .meta({
    id: "MaintenanceIn",
    description: "of one kind any, of different kinds all; a kind that is left out is everything",
  });

const maintenanceOut = z
  .object({
    id: z.string(),
    name: z.string(),
    organizations: z.array(z.string()),
    devices: z.array(z.string()),
    sources: z.array(z.string()),
    from: time,
    to: time,
    created_by: z.string(),
  })
  .meta({ id: "Maintenance" });

const list = route({
  method: "GET",
  path: "/api/v1/maintenance",
  permission: "read",
  tag,
  summary: "Maintenance windows made over HTTP, newest first; those in rule files stand in the rule set",
  query: z.object(pageQuery),
  answers: { 200: { description: "a page", schema: listOf(maintenanceOut) } },
  problems: ["invalid_body"],
  run: async ({ deps, query }) =>
    pageAnswer(await selectMaintenanceWindows(deps.store, pageRequest(query)), (row) => row),
});

const create = route({
  method: "POST",
  path: "/api/v1/maintenance",
  permission: "operate",
  tag,
  summary:
    "Make a window: alerts in it are recorded and suppressed; at its end what still fires is decided once",
  body: maintenanceIn,
  answers: { 201: { description: "made", schema: maintenanceOut } },
  problems: ["unknown_reference", "wrong_state"],
  run: async ({ deps, body, by, receivedAt }) => {
    refuseTimes(body, receivedAt);
    const organizationIds = await resolveOrganizations(deps, body.organizations);
    const { name, devices, sources, from, to } = body;
    const window = { name, devices, sources, from, to, organizationIds, by: by.name, at: receivedAt };
    const row = await insertMaintenanceWindow(deps.store, window, MAINTENANCE_WINDOWS_MAX);
    if (row === undefined)
      throw new Problem(
        "wrong_state",
        `${MAINTENANCE_WINDOWS_MAX} windows that have not ended are there already; delete some`,
      );
    await insertAudit(deps.store, by, "maintenance created", row.id, { name, from: row.from, to: row.to });
    return { status: 201, body: row, headers: { location: `/api/v1/maintenance/${row.id}` } };
  },
});

const one = route({
  method: "GET",
  path: "/api/v1/maintenance/{id}",
  permission: "read",
  tag,
  summary: "One maintenance window",
  answers: { 200: { description: "the window", schema: maintenanceOut } },
  problems: ["not_found"],
  run: async ({ deps, params }) => {
    const row = await selectMaintenanceWindow(deps.store, params["id"] ?? "");
    if (row === undefined) throw NOT_THERE();
    return { status: 200, body: row };
  },
});

const remove = route({
  method: "DELETE",
  path: "/api/v1/maintenance/{id}",
  permission: "operate",
  tag,
  summary: "End a window now: alerts that it put off and that still fire are decided",
  answers: { 204: { description: "deleted" } },
  problems: ["not_found"],
  run: async ({ deps, params, by }) => {
    const id = params["id"] ?? "";
    const gone = await deleteMaintenanceWindow(deps.store, id);
    if (gone === undefined) throw NOT_THERE();
    await insertAudit(deps.store, by, "maintenance deleted", id, { name: gone.name });
    return { status: 204 };
  },
});

const NOT_THERE = (): Problem => notFound("there is no maintenance window of this id");

/** Throws: Problem `invalid_body`. */
function refuseTimes({ from, to }: { readonly from: number; readonly to: number }, now: number): void {
  if (to <= from) throw invalidBody([{ path: "to", message: "must be later than `from`" }]);
  if (to <= now) throw invalidBody([{ path: "to", message: "is past already" }]);
  if (to - from > MAINTENANCE_MS_MAX)
    throw invalidBody([
      { path: "to", message: `must be at most ${MAINTENANCE_MS_MAX / DAY} days after \`from\`` },
    ]);
}

/** Throws: Problem `unknown_reference`. */
async function resolveOrganizations(
  deps: ApiDependencies,
  asked: readonly string[],
): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const [n, name] of asked.entries()) {
    const [found] = await selectByIdOrName(deps.store, ORGANIZATIONS, name);
    if (found === undefined) {
      const message = `there is no organization "${name}"`;
      throw new Problem("unknown_reference", message, { errors: [{ path: `organizations.${n}`, message }] });
    }
    ids.add(found.id);
  }
  return [...ids].sort();
}

export const maintenance: readonly Route[] = [list, create, one, remove];
