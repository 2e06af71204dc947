/** Callouts of the set in force, and the switch that an admin has over the text. */
import { z } from "zod";
import type { CalloutIr, RuleSetIr } from "../../compiler/index.ts";
import { foldName, toRfc3339 } from "../../domain/index.ts";
import { isCalloutActive, switchThatHolds } from "../../engine/index.ts";
import { selectCalloutSwitches, type CalloutSwitch } from "../../store/desk/index.ts";
import { selectBreakers, type Breaker } from "../../store/index.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { notFound } from "../problem.ts";
import { ok, route, type Route } from "../route.ts";
import { by, listOf, time } from "../schemas/shared-shapes.ts";

const tag = "Callouts";

const calloutOut = z
  .object({
    name: z.string(),
    method: z.string(),
    url: z.string().meta({ description: "as typed" }),
    rules: z.number().int().meta({ description: "rules that run it" }),
    active: z.boolean().meta({ description: "what counts: the switch while there is one, else the text" }),
    declared_active: z.boolean().meta({ description: "what the text says" }),
    switched: z.object({ active: z.boolean(), by, at: time }).optional().meta({
      description:
        "what an admin switched: it wins over the text until the text of this callout changes; left out where the text says",
    }),
    paused: z.object({ since: time, next_try_at: time }).optional().meta({
      description:
        "`pause after N failed deliveries`: new ones wait in order, one is tried at `next_try_at`; a success, or activating it, lets all go on",
    }),
  })
  .meta({ id: "Callout" });

const listCallouts = route({
  method: "GET",
  path: "/api/v1/callouts",
  permission: "read",
  tag,
  summary: "Callouts that the rule set in force declares",
  description:
    "One that is left out of the text is deleted: it is not here, and what waited for it is recorded as skipped.",
  answers: { 200: { description: "all of them", schema: listOf(calloutOut) } },
  problems: [],
  run: async ({ deps }) => {
    const [inForce, steered] = await Promise.all([deps.ruleSets.inForce(), steeredOf(deps)]);
    const callouts = inForce === undefined ? [] : [...inForce.ir.callouts.values()];
    return ok({ items: callouts.map((callout) => toJson(callout, inForce?.ir, steered)), next: null });
  },
});

const switchRoute = (verb: "activate" | "deactivate"): Route =>
  route({
    method: "POST",
    path: `/api/v1/callouts/{name}/${verb}`,
    permission: "operate",
    tag,
    summary: `${verb === "activate" ? "Switch a callout on" : "Switch a callout off"}, until its text changes`,
    description:
      verb === "activate"
        ? "Also ends a pause: what waited goes on at once. What was skipped stays skipped; replay it."
        : "What waits is recorded as skipped now, and what rules start later too; a request under way is let end. Test calls go out still.",
    answers: { 200: { description: "switched", schema: calloutOut } },
    problems: ["not_found"],
    exists: async (deps, params) => {
      await findCallout(deps, params["name"] ?? "");
    },
    run: async ({ deps, params, by: who, receivedAt: at }) => {
      const { callout, ir } = await findCallout(deps, params["name"] ?? "");
      await deps.engine.switchCallout({ callout, active: verb === "activate", by: who, at });
      return ok(toJson(callout, ir, await steeredOf(deps)));
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

/** What came over the text: by an admin, or by failures. */
interface Steered {
  readonly switches: readonly CalloutSwitch[];
  readonly breakers: readonly Breaker[];
}

async function steeredOf({ store }: ApiDependencies): Promise<Steered> {
  const [switches, breakers] = await Promise.all([selectCalloutSwitches(store), selectBreakers(store)]);
  return { switches, breakers };
}

function toJson(callout: CalloutIr, ir: RuleSetIr | undefined, { switches, breakers }: Steered): unknown {
  const active = isCalloutActive(callout, switches);
  const switched = switchThatHolds(callout, switches);
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
    active,
    declared_active: callout.active,
    ...(switched === undefined
      ? {}
      : { switched: { active: switched.active, by: switched.by, at: switched.at } }),
    // Nothing waits for one that is off.
    ...(paused === undefined || !active || callout.pauseAfterFailures === undefined
      ? {}
      : {
          paused: { since: toRfc3339(paused.openedAt), next_try_at: toRfc3339(paused.nextProbeAt) },
        }),
  };
}

export const callouts: readonly Route[] = [listCallouts, switchRoute("activate"), switchRoute("deactivate")];
