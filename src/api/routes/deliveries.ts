/** What was sent: callout deliveries with their attempts, and notices. */
import { z } from "zod";
import {
  insertAudit,
  selectDeliveries,
  selectDelivery,
  selectDeliveryBefore,
  selectNotifications,
  type DeliveryRow,
  type NotificationRow,
} from "../../store/desk/index.ts";
import type { Config } from "../../config/index.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { pageAnswer, pageRequest } from "../page.ts";
import { notFound, Problem } from "../problem.ts";
import { ok, route, type Route } from "../route.ts";
import { by, filter, filterOf, listOf, pageQuery, time } from "../schemas/shared-shapes.ts";
import { workflowPage } from "../workflow-page.ts";

const DELIVERY_STATES = [
  "pending",
  "running",
  "waiting",
  "succeeded",
  "failed",
  "given_up",
  "skipped",
] as const;
const NOTIFICATION_STATES = ["pending", "sent", "failed", "no_transport"] as const;

const attempt = z.object({
  n: z.number().int(),
  at: time,
  duration_ms: z.number().int().optional(),
  status: z.number().int().optional(),
  error: z.string().optional(),
  response_start: z.string().optional(),
});

export const deliveryOut = z
  .object({
    id: z.string(),
    callout: z.string(),
    ticket: z.string().nullable(),
    rule: z.string(),
    state: z.enum(DELIVERY_STATES),
    reason: z.string().optional().meta({ description: "why it ended, or why no attempt is made meanwhile" }),
    attempts: z.array(attempt),
    next_attempt_at: time.optional(),
    replay_of: z.string().optional().meta({ description: "the delivery that this one sends once more" }),
    requested_by: by.optional().meta({ description: "who asked for the replay or the test call" }),
    test: z.literal(true).optional(),
    created_at: time,
    workflow_id: z.string(),
    workflow_url: z.string().nullable(),
  })
  .meta({ id: "Delivery" });

const notificationOut = z
  .object({
    id: z.string(),
    recipient: z.string(),
    channel: z.enum(["email", "webhook"]),
    to: z.string(),
    subject: z.string(),
    body: z.string(),
    state: z.enum(NOTIFICATION_STATES),
    reason: z.string().optional(),
    attempts: z.array(attempt.pick({ n: true, at: true, duration_ms: true, error: true })),
    ticket: z.string().nullable(),
    rule: z.string().nullable(),
    callout: z.string().nullable(),
    created_at: time,
  })
  .meta({ id: "Notification" });

const listDeliveries = route({
  method: "GET",
  path: "/api/v1/deliveries",
  permission: "read",
  tag: "Deliveries",
  summary: "Callout deliveries, newest first",
  query: z.object({ ...pageQuery, callout: filter, ticket: filter, state: filterOf(DELIVERY_STATES) }),
  answers: { 200: { description: "a page", schema: listOf(deliveryOut) } },
  problems: ["invalid_body"],
  run: async ({ deps, query }) => {
    const filters = {
      ...(query.callout === undefined ? {} : { callouts: query.callout }),
      ...(query.ticket === undefined ? {} : { tickets: query.ticket }),
      ...(query.state === undefined ? {} : { states: query.state }),
    };
    const page = await selectDeliveries(deps.store, filters, pageRequest(query));
    return pageAnswer(page, (row) => deliveryToJson(row, deps.config));
  },
});

const oneDelivery = route({
  method: "GET",
  path: "/api/v1/deliveries/{id}",
  permission: "read",
  tag: "Deliveries",
  summary: "One delivery with its attempts",
  answers: { 200: { description: "the delivery", schema: deliveryOut } },
  problems: ["not_found"],
  run: async ({ deps, params }) => {
    return ok(deliveryToJson(await findDelivery(deps, params["id"] ?? ""), deps.config));
  },
});

/** States in which nothing more is sent. */
const FINISHED: ReadonlySet<string> = new Set(["succeeded", "failed", "given_up", "skipped"]);

const signalRoute = (verb: Verb, summary: string, description: string): Route =>
  route({
    method: "POST",
    path: `/api/v1/deliveries/{id}/${verb}`,
    permission: "operate",
    tag: "Deliveries",
    summary,
    description,
    answers: { 200: { description: "asked for; the delivery as it is now", schema: deliveryOut } },
    problems: ["not_found", "wrong_state"],
    exists: async (deps, params) => {
      await findDelivery(deps, params["id"] ?? "");
    },
    run: async ({ deps, params, by: who }) => {
      const delivery = await findDelivery(deps, params["id"] ?? "");
      const { id, callout, ticket } = delivery;
      refuseFinished(delivery, verb);
      const signal = async (): Promise<"signalled" | "not-running"> =>
        verb === "retry-now"
          ? await deps.temporal.retryNow(id, delivery.attempts.length)
          : await deps.temporal.giveUp(id);
      // Not in the audit what did not happen: a signal that nobody takes takes its line along.
      await deps.store.transaction(async (transaction) => {
        await insertAudit(transaction, who, `delivery ${verb}`, id, { callout, ticket });
        if ((await signal()) === "not-running") throw await whyNotRunning(deps, id, verb);
      });
      return ok(deliveryToJson(await findDelivery(deps, id), deps.config));
    },
  });

type Verb = "retry-now" | "give-up";

/** Throws: Problem `wrong_state`. */
function refuseFinished({ state }: DeliveryRow, verb: Verb): void {
  if (!FINISHED.has(state)) return;
  const instead = verb === "retry-now" ? "replay it to send it again" : "there is nothing left to give up";
  throw new Problem("wrong_state", `the delivery has ended, it is ${state}: ${instead}`, { state });
}

/** Its workflow takes no signal: it has just ended, or waits its turn. */
async function whyNotRunning(deps: ApiDependencies, id: string, verb: Verb): Promise<Problem> {
  const delivery = await findDelivery(deps, id);
  if (FINISHED.has(delivery.state)) refuseFinished(delivery, verb);
  const { state } = delivery;
  const before = await selectDeliveryBefore(deps.store, id);
  if (before !== undefined)
    return new Problem(
      "wrong_state",
      `the delivery waits for an earlier one of its callout and ticket, ${before}: retry that one, or give it up`,
      { state, waits_for: before },
    );
  return new Problem("wrong_state", `the delivery is ${state} and just begins or ends: look at it again`, {
    state,
  });
}

/** Throws: Problem `not_found`. */
export async function findDelivery(deps: ApiDependencies, id: string): Promise<DeliveryRow> {
  const row = await selectDelivery(deps.store, id);
  if (row === undefined) throw notFound("there is no delivery of this id");
  return row;
}

const listNotifications = route({
  method: "GET",
  path: "/api/v1/notifications",
  permission: "read",
  tag: "Notifications",
  summary: "Notices, newest first",
  query: z.object({ ...pageQuery, recipient: filter, ticket: filter, state: filterOf(NOTIFICATION_STATES) }),
  answers: { 200: { description: "a page", schema: listOf(notificationOut) } },
  problems: ["invalid_body"],
  run: async ({ deps, query }) => {
    const filters = {
      ...(query.recipient === undefined ? {} : { recipients: query.recipient }),
      ...(query.ticket === undefined ? {} : { tickets: query.ticket }),
      ...(query.state === undefined ? {} : { states: query.state }),
    };
    return pageAnswer(await selectNotifications(deps.store, filters, pageRequest(query)), notificationToJson);
  },
});

/** The workflow of a delivery is named after it (design.md 2). */
export function deliveryToJson(row: DeliveryRow, config: Config): unknown {
  const {
    reason,
    next_attempt_at: next,
    replay_of: replayOf,
    requested_by: requestedBy,
    is_test: isTest,
    ...members
  } = row;
  return {
    ...members,
    ...(reason === null ? {} : { reason }),
    ...(next === null ? {} : { next_attempt_at: next }),
    ...(replayOf === null ? {} : { replay_of: replayOf }),
    ...(requestedBy === null ? {} : { requested_by: requestedBy }),
    ...(isTest ? { test: true } : {}),
    ...workflowPage(`callout:${row.id}`, config),
  };
}

function notificationToJson(row: NotificationRow): unknown {
  const { reason, ...members } = row;
  return { ...members, ...(reason === null ? {} : { reason }) };
}

export const deliveries: readonly Route[] = [
  listDeliveries,
  oneDelivery,
  signalRoute(
    "retry-now",
    "Try again at once instead of waiting; uses one of the attempts",
    "Also while its callout is paused. Pressed twice in one wait it is one attempt; while an attempt is under way the next follows at once if that one fails. 409 once it has ended, and while it waits for an earlier delivery of its callout and ticket (`waits_for`).",
  ),
  signalRoute(
    "give-up",
    "Send no more; raises `callout failed` and its notice",
    "Also before the first attempt. A request under way is let end, and its success stands. 409 once it has ended.",
  ),
  listNotifications,
];
