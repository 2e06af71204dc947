/**
 * Whether a callout sends: by its text in the set in force, and by the switch that an admin has over it until the text
 * changes (contract.md 3). Who lags behind with an older set does not stop what he does not know.
 */
import type { CalloutIr } from "../compiler/index.ts";
import { selectCalloutSwitches, type CalloutSwitch } from "../store/desk/index.ts";
import type { Queryable } from "../store/index.ts";
import type { ActiveRules } from "./engine-parts.ts";
import { refuseBehind } from "./rules-behind.ts";
import type { CalloutStanding } from "./types.ts";

/** The switch that holds; undefined: the text says. */
export function switchThatHolds<Switch extends SwitchOver>(
  callout: CalloutIr,
  switches: readonly Switch[],
): Switch | undefined {
  return switches.find((one) => one.callout === callout.name && one.declaration_hash === callout.hash);
}

type SwitchOver = Pick<CalloutSwitch, "callout" | "active" | "declaration_hash">;

export function isCalloutActive(callout: CalloutIr, switches: readonly SwitchOver[]): boolean {
  return switchThatHolds(callout, switches)?.active ?? callout.active;
}

/** What deliveries that end because of it say. */
export const STOPPED = {
  left: "the callout left the rule set",
  inactive: "the callout became inactive",
} as const;

/** Throws: RulesBehind where it would be stopped by a set that is no longer in force. */
export async function calloutStanding(
  db: Queryable,
  active: ActiveRules | undefined,
  name: string,
): Promise<CalloutStanding> {
  if (active === undefined) return { kind: "active", declarationHash: undefined, pauseAfter: undefined };
  const callout = active.rules.ir.callouts.get(name);
  const sends = callout !== undefined && isCalloutActive(callout, await selectCalloutSwitches(db));
  if (sends) return { kind: "active", declarationHash: callout.hash, pauseAfter: callout.pauseAfterFailures };
  await refuseBehind(db, active);
  return { kind: "stopped", why: callout === undefined ? STOPPED.left : STOPPED.inactive };
}
