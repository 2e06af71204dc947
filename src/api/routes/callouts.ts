/** Callouts of the set in force, and the switch that an admin has over the text. */
import { z } from "zod";
import type { CalloutIr, RuleSetIr } from "../../compiler/index.ts";
import { foldName, toRfc3339 } from "../../domain/index.ts";
import {
  insertAudit,
  selectCalloutSwitches,
  switchCallout,
  type CalloutSwitch,
} from "../../store/desk/index.ts";
import { closeBreaker, selectBreakers, wakeDeliveries, type Breaker } from "../../store/index.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { notFound } from "../problem.ts";
import { ok, route, type Route } from "../route.ts";
import { listOf, time } from "../schemas/shared-shapes.ts";

const tag = "Callouts";

const calloutOut = z
  .object({
    name: z.string(),
    method: z.string(),
    url: z.string().meta({ description: "as typed" }),
    rules: z.number().int().meta({ description: "rules that run it" }),
    active: z.boolean(),
    declared_active: z.boolean().meta({
      description:
        "what the text says; `active` differs where an admin switched it since the text last changed",
    }),
    paused: z.object({ since: time, next_try_at: time }).optional().meta({
      description:
        "`pause after N failed deliveries`: new ones wait in order, the oldest is tried at `next_try_at`; a success, or activating it, lets all go on",
    }),
  })
  .meta({ id: "Callout" });

const listCallouts = route({
  method: "GET",
  path: "/api/v1/callouts",
  permission: "read",
  tag,
  summary: "Callouts that the rule set in force declares",
  answers: { 200: { description: "all of them", schema: listOf(calloutOut) } },
  problems: [],
  run: async ({ deps }) => {
    const [inForce, switches, breakers] = await Promise.all([
      deps.ruleSets.inForce(),
      selectCalloutSwitches(deps.store),
      selectBreakers(deps.store),
    ]);
    const callouts = inForce === undefined ? [] : [...inForce.ir.callouts.values()];
    return ok({
      items: callouts.map((callout) => toJson(callout, inForce?.ir, { switches, breakers })),
      next: null,
    });
  },
});

const switchRoute = (verb: "activate" | "deactivate"): Route =>
  route({
    method: "POST",
    path: `/api/v1/callouts/{name}/${verb}`,
    permission: "operate",
    tag,
    summary: `${verb === "activate" ? "Switch a callout on" : "Switch a callout off"}, until its text changes`,
    answers: { 200: { description: "switched", schema: calloutOut } },
    problems: ["not_found"],
    exists: async (deps, params) => {
      await findCallout(deps, params["name"] ?? "");
    },
    run: async ({ deps, params, by }) => {
      const { callout, ir } = await findCallout(deps, params["name"] ?? "");
      const active = verb === "activate";
      const switched = { callout: callout.name, active, declaration_hash: callout.hash };
      await switchCallout(deps.store, switched, by.name);
      await insertAudit(deps.store, by, `callout ${verb}d`, callout.name);
      // By hand it goes on at once: the admin knows that the receiver is back.
      if (active && (await closeBreaker(deps.store, callout.name)))
        await wakeDeliveries(deps.store, callout.name);
      // What waits stops now and is recorded as skipped (CO-14), not at the time of its next attempt.
      if (!active) await wakeDeliveries(deps.store, callout.name, "all");
      const breakers = await selectBreakers(deps.store);
      return ok(toJson(callout, ir, { switches: [switched], breakers }));
    },
  });

/** Throws: Problem `not_found`. */
export async function findCallout(
  deps: ApiDependencies,
  name: string,
): Promise<{ readonly callout: CalloutIr; readonly ir: RuleSetIr }> {
  const inForce = await deps.ruleSets.inForce();
  const callouts = inForce === undefined ? [] : [...inForce.ir.callouts.values()];
  const callout = callouts.find((one) => foldName(one.name) === foldName(name));
  if (callout === undefined || inForce === undefined)
    throw notFound("the rule set in force declares no callout of this name");
  return { callout, ir: inForce.ir };
}

/** A switch holds while the text of the callout is the one that was switched. */
export function isActive(callout: CalloutIr, switches: readonly CalloutSwitch[]): boolean {
  return switchOf(callout, switches)?.active ?? callout.active;
}

function switchOf(callout: CalloutIr, switches: readonly CalloutSwitch[]): CalloutSwitch | undefined {
  return switches.find((one) => one.callout === callout.name && one.declaration_hash === callout.hash);
}

function toJson(
  callout: CalloutIr,
  ir: RuleSetIr | undefined,
  {
    switches,
    breakers,
  }: { readonly switches: readonly CalloutSwitch[]; readonly breakers: readonly Breaker[] },
): unknown {
  const paused = breakers.find((one) => one.callout === callout.name);
  const runs = (ir?.rules ?? []).filter((rule) =>
    rule.actions.some(
      (action) => action.kind === "run-callout" && foldName(action.callout) === foldName(callout.name),
    ),
  );
  return {
    name: callout.name,
    method: callout.method,
    url: callout.urlText,
    rules: runs.length,
    active: isActive(callout, switches),
    declared_active: callout.active,
    ...(paused === undefined || callout.pauseAfterFailures === undefined
      ? {}
      : {
          paused: { since: toRfc3339(paused.openedAt), next_try_at: toRfc3339(paused.nextProbeAt) },
        }),
  };
}

export const callouts: readonly Route[] = [listCallouts, switchRoute("activate"), switchRoute("deactivate")];
