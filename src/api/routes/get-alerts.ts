/** Alerts as they were taken or refused, and why each ended as it did. */
import { z } from "zod";
import { toRfc3339 } from "../../domain/index.ts";
import {
  selectAlert,
  selectAlertAsDecided,
  selectAlerts,
  selectRefusedAlert,
  selectRefusedAlerts,
  sortablePart,
  type AlertRow,
  type Page,
  type RefusedRow,
} from "../../store/desk/index.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { explainStored } from "../explain-alert.ts";
import { pageAnswer, pageRequest } from "../page.ts";
import { invalidBody, notFound } from "../problem.ts";
import { ok, route, type Route } from "../route.ts";
import { alertOut, explainOut, OUTCOME_FILTER } from "../schemas/alert.ts";
import { filter, listOf, missesQuery, pageQuery } from "../schemas/shared-shapes.ts";

const tag = "Alerts";

const listAlerts = route({
  method: "GET",
  path: "/api/v1/alerts",
  permission: "read",
  tag,
  summary: "Alerts, newest first; `outcome=refused` lists the refused",
  query: z.object({
    ...pageQuery,
    outcome: filter,
    ticket: filter,
    source: filter,
    organization: filter,
    title: filter,
    delivery_id: filter,
  }),
  answers: { 200: { description: "a page", schema: listOf(alertOut) } },
  problems: ["invalid_body"],
  run: async ({ deps, query }) => {
    const unknown = query.outcome?.find((outcome) => !OUTCOME_FILTER.has(outcome));
    if (unknown !== undefined)
      throw invalidBody([{ path: "outcome", message: `must be one of ${[...OUTCOME_FILTER].join(", ")}` }]);
    const page = pageRequest(query);
    const others = [query.ticket, query.source, query.organization, query.title, query.delivery_id];
    const wantsRefused =
      query.outcome?.includes("refused") === true && others.every((given) => given === undefined);
    const outcomes = query.outcome?.filter((outcome) => outcome !== "refused");
    const empty = { items: [], next: undefined };
    const filters = {
      ...(outcomes === undefined ? {} : { outcomes }),
      ...(query.ticket === undefined ? {} : { tickets: query.ticket }),
      ...(query.source === undefined ? {} : { sources: query.source }),
      ...(query.organization === undefined ? {} : { organizations: query.organization }),
      ...(query.title === undefined ? {} : { titles: query.title }),
      ...(query.delivery_id === undefined ? {} : { deliveryIds: query.delivery_id }),
    };
    const [taken, refused] = await Promise.all([
      outcomes?.length === 0 ? empty : selectAlerts(deps.store, filters, page),
      wantsRefused ? selectRefusedAlerts(deps.store, page) : empty,
    ]);
    return pageAnswer(merge(taken, refused, page.limit), (row) =>
      "body_start" in row ? refusedToJson(row) : alertToJson(row),
    );
  },
});

const oneAlert = route({
  method: "GET",
  path: "/api/v1/alerts/{id}",
  permission: "read",
  tag,
  summary: "One alert",
  answers: { 200: { description: "the alert", schema: alertOut } },
  problems: ["not_found"],
  run: async ({ deps, params }) => {
    const found = await findAlert(deps, params["id"] ?? "");
    return ok("body_start" in found ? refusedToJson(found) : alertToJson(found));
  },
});

const explain = route({
  method: "GET",
  path: "/api/v1/alerts/{id}/explain",
  permission: "read",
  tag,
  summary: "Why an alert ended as it did: rules that fired, then the nearest misses",
  query: missesQuery,
  answers: { 200: { description: "the reasons", schema: explainOut } },
  problems: ["not_found", "invalid_body"],
  exists: async (deps, params) => {
    await findAlert(deps, params["id"] ?? "");
  },
  run: async ({ deps, params, query }) => {
    const found = await findAlert(deps, params["id"] ?? "");
    if ("body_start" in found) return ok({ id: found.id, outcome: "refused", why: found.reason, rules: [] });
    const [alert, ir] = await Promise.all([
      selectAlertAsDecided(deps.store, found.id),
      deps.ruleSets.compiled(found.rule_set),
    ]);
    if (alert === undefined || ir === undefined)
      return ok({ id: found.id, outcome: found.outcome, why: found.why, rules: [] });
    return ok({ id: found.id, ...explainStored(found, alert, ir, query.limit) });
  },
});

/** Throws: Problem `not_found`. */
async function findAlert(deps: ApiDependencies, id: string): Promise<AlertRow | RefusedRow> {
  const found = id.startsWith("rf_")
    ? await selectRefusedAlert(deps.store, id)
    : await selectAlert(deps.store, id);
  if (found === undefined) throw notFound("there is no alert of this id");
  return found;
}

/** Both sort by the part of the id after the prefix. */
function merge(taken: Page<AlertRow>, refused: Page<RefusedRow>, limit: number): Page<AlertRow | RefusedRow> {
  if (refused.items.length === 0) return taken;
  if (taken.items.length === 0) return refused;
  const all = [...taken.items, ...refused.items].toSorted((a, b) =>
    sortablePart(a.id) < sortablePart(b.id) ? 1 : -1,
  );
  const items = all.slice(0, limit);
  const last = items.at(-1);
  const isMore = all.length > limit || taken.next !== undefined || refused.next !== undefined;
  return { items, next: isMore && last !== undefined ? sortablePart(last.id) : undefined };
}

function alertToJson(row: AlertRow): unknown {
  const { members } = row;
  const mapped = (from: typeof members.device): unknown => ({
    asked: from.asked ?? null,
    ...(from.id === undefined ? {} : { id: from.id }),
    ...(from.name === undefined ? {} : { name: from.name }),
  });
  return {
    id: row.id,
    alert_id: row.alert_id,
    delivery_id: row.delivery_id,
    received_at: row.received_at,
    occurred_at: members.occurredAt === undefined ? null : toRfc3339(members.occurredAt),
    source: row.source,
    title: row.title,
    description: members.description ?? null,
    severity: row.severity,
    status: row.status,
    ticket_id: members.ticketId ?? null,
    customer_id: members.customerId ?? null,
    device_id: members.deviceId ?? null,
    organization: mapped(members.organization),
    device: mapped(members.device),
    tags: members.tags,
    fields: members.fields,
    outcome: row.outcome,
    ...(row.ticket === null ? {} : { ticket: row.ticket }),
    ...(row.repeat === null ? {} : { repeat: row.repeat }),
    firings: row.firings.map(({ rule, on, file, line, ticket }) => ({
      rule,
      on,
      file,
      line,
      ...(ticket === null ? {} : { ticket }),
    })),
    ...(row.warnings.length === 0 ? {} : { warnings: row.warnings }),
    rule_set: row.rule_set,
  };
}

/** Nothing of what came is trusted to be what it says: it stands in `body_start` as text. */
function refusedToJson(row: RefusedRow): unknown {
  return {
    id: row.id,
    alert_id: null,
    delivery_id: null,
    received_at: row.received_at,
    occurred_at: null,
    source: null,
    title: null,
    description: null,
    severity: null,
    status: null,
    ticket_id: null,
    customer_id: null,
    device_id: null,
    organization: { asked: null },
    device: { asked: null },
    tags: [],
    fields: {},
    outcome: "refused",
    firings: [],
    rule_set: null,
    refusal: {
      code: row.code,
      detail: row.reason,
      errors: row.errors ?? [],
      key: row.key_name,
      body_start: row.body_start,
    },
  };
}

export const getAlerts: readonly Route[] = [listAlerts, oneAlert, explain];
