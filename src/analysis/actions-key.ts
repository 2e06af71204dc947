/** Equal for actions that do the same, wherever they are written. Knows no conditions. */
import type { ActionIr, RuleIr } from "../compiler/index.ts";

const notMeant = new Set(["origin", "documentation", "read"]);

export function actionsKey(actions: readonly ActionIr[]): string {
  return JSON.stringify(actions, (name, value: unknown) => {
    if (notMeant.has(name)) return undefined;
    // A lookup is known by its name; its entries are a map, which JSON would not show.
    return value instanceof Map || value instanceof Set ? [...value.keys()] : value;
  });
}

export function stops(rule: RuleIr): boolean {
  return rule.actions.some((action) => action.kind === "stop");
}

export function suppresses(rule: RuleIr): boolean {
  return rule.actions.some((action) => action.kind === "suppress-alert");
}

/** Behind a `suppress alert` such a rule does nothing: what follows its `create ticket` hangs on it. */
export function onlyOpensTickets(rule: RuleIr): boolean {
  return rule.actions[0]?.kind === "create-ticket" && !stops(rule) && !suppresses(rule);
}

/** Names of what the rule writes on a ticket at hand. */
export function writes(rule: RuleIr): ReadonlySet<string> {
  const names = rule.actions.flatMap((action): readonly string[] => {
    if (action.kind === "set-field") return [action.field.path];
    if (action.kind === "complete-ticket") return ["ticket.status"];
    return action.kind === "add-tags" || action.kind === "remove-tags" ? ["ticket.tags"] : [];
  });
  return new Set(names);
}
