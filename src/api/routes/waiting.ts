/** What waits for a time because of alerts, and where it is seen: the contract is silent about it, an admin asks for it. */
import { z } from "zod";
import { selectWaiting, type WaitingRow } from "../../store/desk/index.ts";
import type { Config } from "../../config/index.ts";
import { pageAnswer, pageRequest } from "../page.ts";
import { invalidBody } from "../problem.ts";
import { route, type Route } from "../route.ts";
import { filter, listOf, pageQuery, time } from "../schemas/shared-shapes.ts";
import { workflowPage } from "../workflow-page.ts";

const KINDS = ["hold", "absence", "maintenance"] as const;

const waitingOut = z
  .object({
    id: z.string(),
    kind: z.enum(KINDS),
    rule: z.string().optional().meta({ description: "the rule that waits" }),
    maintenance: z.string().optional().meta({ description: "name of the window" }),
    since: time.nullable(),
    until: time,
    alert: z.string().nullable().meta({ description: "id of the latest alert" }),
    title: z.string().nullable(),
    source: z.string().nullable(),
    alerts: z.number().int().meta({ description: "alerts that wait" }),
    workflow_id: z.string(),
    workflow_url: z.string().nullable(),
  })
  .meta({ id: "Waiting" });

const list = route({
  method: "GET",
  path: "/api/v1/waiting",
  permission: "read",
  tag: "Waiting",
  summary:
    "Held alerts, awaited silences and ends of maintenance, newest first: until when, and which workflow",
  query: z.object({ ...pageQuery, kind: filter, rule: filter }),
  answers: { 200: { description: "a page", schema: listOf(waitingOut) } },
  problems: ["invalid_body"],
  run: async ({ deps, query }) => {
    const unknown = query.kind?.find((kind) => !(KINDS as readonly string[]).includes(kind));
    if (unknown !== undefined)
      throw invalidBody([{ path: "kind", message: `must be one of ${KINDS.join(", ")}` }]);
    const filters = {
      ...(query.kind === undefined ? {} : { kinds: query.kind }),
      ...(query.rule === undefined ? {} : { rules: query.rule }),
    };
    const page = await selectWaiting(deps.store, filters, pageRequest(query));
    return pageAnswer(page, (row) => toJson(row, deps.config));
  },
});

const PREFIX = { hold: "held", absence: "absence", maintenance: "maintenance" } as const;

function toJson({ name, ...row }: WaitingRow, config: Config): unknown {
  return {
    ...row,
    ...(row.kind === "maintenance" ? { maintenance: name } : { rule: name }),
    ...workflowPage(`${PREFIX[row.kind]}:${row.id}`, config),
  };
}

export const waiting: readonly Route[] = [list];
