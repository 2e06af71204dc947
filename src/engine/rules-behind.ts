/** Another rule set is in force than this process has loaded: it will have it in a moment, and the call is made again. */
import { selectActivation, type Queryable } from "../store/index.ts";
import type { ActiveRules } from "./engine-parts.ts";

class RulesBehind extends Error {
  override readonly name = "RulesBehind";
  readonly code = "rules_behind";
  readonly retryable = true;
}

/** What is decided is decided by the rules in force, not by those of a moment ago. Throws: RulesBehind. */
export async function refuseBehind(db: Queryable, { clocks }: ActiveRules): Promise<void> {
  if (clocks === undefined || (await selectActivation(db)) === clocks.activation) return;
  throw new RulesBehind("the rule set in force is being loaded");
}
