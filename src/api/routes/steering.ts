/** What an admin does to callouts by hand: replays, test calls. And the audit, which says who did what. */
import { z } from "zod";
import {
  IDENTIFIER_CHARACTERS_MAX,
  REPLAY_PER_SECOND_MAX,
  toRfc3339,
  unreachable,
  type Actor,
} from "../../domain/index.ts";
import { insertAudit, newId, selectAudit, selectCalloutSwitches } from "../../store/desk/index.ts";
import {
  countFailedDeliveries,
  insertBulkReplay,
  replayDelivery,
  type ReplayOutcome,
} from "../../store/index.ts";
import { isCalloutActive } from "../../engine/index.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { pageAnswer, pageRequest } from "../page.ts";
import { invalidBody, notFound, Problem } from "../problem.ts";
import { route } from "../route.ts";
import { by, filter, listOf, moment, pageQuery, time } from "../schemas/shared-shapes.ts";
import { workflowPage } from "../workflow-page.ts";
import { findCallout } from "./callouts.ts";
import { deliveryOut, deliveryToJson, findDelivery } from "./deliveries.ts";

export const replayOne = route({
  method: "POST",
  path: "/api/v1/deliveries/{id}/replay",
  permission: "operate",
  tag: "Deliveries",
  summary: "Send a finished delivery once more: the same request as a new delivery with an id of its own",
  description:
    "From any state in which it ended. It goes behind what waits for the ticket already. Each call makes a delivery: pressed twice, it is sent twice, each with a `webhook-id` of its own and `replay_of` this one. 409 while it has not ended, where nothing was ever built to be sent, and while its callout is inactive or left out of the text.",
  answers: { 201: { description: "the new delivery", schema: deliveryOut } },
  problems: ["not_found", "wrong_state"],
  exists: async (deps, params) => {
    await findDelivery(deps, params["id"] ?? "");
  },
  run: async ({ deps, params, by: who, receivedAt: at }) => {
    const original = await findDelivery(deps, params["id"] ?? "");
    const { callout, ticket } = original;
    await refuseInactive(deps, callout);
    const id = newId("dl", at);
    await deps.store.transaction(async (transaction) => {
      const replay = { deliveryId: original.id, callout, id, by: actorOnly(who), at };
      refuseReplay(await replayDelivery(transaction, replay));
      await insertAudit(transaction, who, "delivery replay", original.id, { callout, ticket, delivery: id });
    });
    return { status: 201, body: deliveryToJson(await findDelivery(deps, id), deps.config) };
  },
});

/** Throws: Problem `wrong_state`, `not_found`. */
function refuseReplay(done: ReplayOutcome): void {
  switch (done.kind) {
    case "replayed":
      return;
    case "missing":
      throw notFound("there is no delivery of this id");
    case "unfinished":
      throw new Problem(
        "wrong_state",
        `the delivery has not ended, it is ${done.state}: retry it now, or give it up first`,
        { state: done.state },
      );
    case "nothing-to-send":
      throw new Problem(
        "wrong_state",
        `the delivery is ${done.state} and no request was ever built for it, so there is nothing to send again`,
        { state: done.state },
      );
    default:
      unreachable(done);
  }
}

const replayBody = z
  .strictObject({
    callout: z.string().min(1).max(IDENTIFIER_CHARACTERS_MAX),
    since: moment.meta({ description: "what ended in failure since then" }),
    per_second: z
      .number({ error: "must be a number" })
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(REPLAY_PER_SECOND_MAX, `must be at most ${REPLAY_PER_SECOND_MAX}`)
      .meta({ description: "new deliveries in a second" }),
  })
  .meta({ id: "ReplayRequest" });

const replayOut = z
  .object({
    id: z.string(),
    callout: z.string(),
    matching: z.number().int().meta({ description: "failed and not replayed yet, when it was asked for" }),
    per_second: z.number().int(),
    workflow_id: z.string(),
    workflow_url: z.string().nullable(),
  })
  .meta({ id: "Replay" });

export const replayMany = route({
  method: "POST",
  path: "/api/v1/deliveries/replay",
  permission: "operate",
  tag: "Deliveries",
  summary: "Send what failed of a callout since a time once more, so many a second",
  description:
    "Each as a new delivery; what was replayed before is left out, and so is what was given up or skipped. Asked twice at once, each failed delivery is still replayed once. A workflow does it: watch or stop it in the Temporal UI.",
  body: replayBody,
  answers: { 202: { description: "under way", schema: replayOut } },
  problems: ["not_found", "wrong_state"],
  run: async ({ deps, body, by: who, receivedAt: at }) => {
    const { since } = body;
    if (since > at) throw invalidBody([{ path: "since", message: "must not lie in the future" }]);
    const { callout } = await findCallout(deps, body.callout);
    await refuseInactive(deps, callout.name);
    const asked = { callout: callout.name, since, perSecond: body.per_second, by: actorOnly(who) };
    const matching = await countFailedDeliveries(deps.store, asked);
    const id = newId("rp", at);
    await deps.store.transaction(async (transaction) => {
      await insertBulkReplay(transaction, id, { ...asked, matching, at });
      await insertAudit(transaction, who, "deliveries replay", callout.name, {
        replay: id,
        since: toRfc3339(since),
        per_second: body.per_second,
        matching,
      });
    });
    return {
      status: 202,
      body: {
        id,
        callout: callout.name,
        matching,
        per_second: body.per_second,
        ...workflowPage(`replay:${id}`, deps.config),
      },
    };
  },
});

export const testCall = route({
  method: "POST",
  path: "/api/v1/callouts/{name}/test",
  permission: "operate",
  tag: "Callouts",
  summary:
    "Call once for a ticket, now, to see what comes back: no resend, no rules, no notices; also when inactive",
  body: z.strictObject({ ticket: z.string().meta({ examples: ["T20261122.0001"] }) }),
  answers: { 201: { description: "the delivery; ask for it again to see its attempt", schema: deliveryOut } },
  problems: ["not_found", "unknown_reference"],
  exists: async (deps, params) => {
    await findCallout(deps, params["name"] ?? "");
  },
  run: async ({ deps, params, body, by: who, receivedAt: at }) => {
    const { callout } = await findCallout(deps, params["name"] ?? "");
    const done = await deps.engine.testCallout(callout.name, body.ticket, actorOnly(who), at);
    if (done.kind === "no-callout") throw notFound("the rule set in force declares no callout of this name");
    if (done.kind !== "started")
      throw new Problem("unknown_reference", "there is no ticket of this number", {
        errors: [{ path: "ticket", message: "is no ticket" }],
      });
    return { status: 201, body: deliveryToJson(await findDelivery(deps, done.deliveryId), deps.config) };
  },
});

const auditOut = z
  .object({
    id: z.number().int(),
    at: time,
    by,
    action: z.string().meta({ examples: ["delivery give-up", "callout deactivated", "rule set published"] }),
    object: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "AuditEntry" });

export const audit = route({
  method: "GET",
  path: "/api/v1/audit",
  permission: "read",
  tag: "Running",
  summary: "Who did what: steering, keys, records, rule sets; newest first",
  query: z.object({ ...pageQuery, action: filter, object: filter }),
  answers: { 200: { description: "a page", schema: listOf(auditOut) } },
  problems: ["invalid_body"],
  run: async ({ deps, query }) => {
    const filters = {
      ...(query.action === undefined ? {} : { actions: query.action }),
      ...(query.object === undefined ? {} : { objects: query.object }),
    };
    return pageAnswer(await selectAudit(deps.store, filters, pageRequest(query)), (row) => row);
  },
});

/** What would be skipped at once is not made. Throws: Problem `wrong_state`. */
async function refuseInactive(deps: ApiDependencies, name: string): Promise<void> {
  const callout = (await deps.ruleSets.inForce())?.ir.callouts.get(name);
  if (callout === undefined)
    throw new Problem(
      "wrong_state",
      `the rule set in force does not declare callout "${name}": publish it again first`,
    );
  if (isCalloutActive(callout, await selectCalloutSwitches(deps.store))) return;
  throw new Problem("wrong_state", `callout "${name}" is inactive: activate it first`);
}

function actorOnly({ kind, name }: Actor): Actor {
  return { kind, name };
}

export const steering = [replayMany, replayOne, testCall, audit];
