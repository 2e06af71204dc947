/** Another rule set is in force than this process has loaded: it will have it in a moment, and the call is made again. */
import { lockActivation, selectActivation, type Queryable, type Transaction } from "../store/index.ts";
import type { ActiveRules } from "./engine-parts.ts";

class RulesBehind extends Error {
  override readonly name = "RulesBehind";
  readonly code = "rules_behind";
  readonly retryable = true;
}

/** To try again in a moment, or to leave to those who have the set. */
export function isRulesBehind(thrown: unknown): boolean {
  return thrown instanceof RulesBehind;
}

/** What is decided is decided by the rules in force, not by those of a moment ago. Throws: RulesBehind. */
export async function refuseBehind(db: Queryable, { clocks }: ActiveRules): Promise<void> {
  if (clocks === undefined || (await selectActivation(db)) === clocks.activation) return;
  throw new RulesBehind("the rule set in force is being loaded");
}

/** The same for what cannot be undone by the next set: none is put in force before this transaction ends. Throws: RulesBehind. */
export async function stayInForce(transaction: Transaction, { clocks }: ActiveRules): Promise<void> {
  if (clocks === undefined || (await lockActivation(transaction)) === clocks.activation) return;
  throw new RulesBehind("another rule set was put in force");
}
