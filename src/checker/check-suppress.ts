/** R2021: `suppress alert` keeps tickets from later rules only; an earlier one may have opened one already. */
import { exactText, foldName, foldText } from "../domain/index.ts";
import type { Condition, Expression, RuleNode } from "../../grammar/ast.ts";
import type { Checking } from "./checking.ts";
import { inFiringOrder } from "./firing-order.ts";

export function warnAboutLateSuppress(checking: Checking): void {
  const rules = inFiringOrder(checking.declarations.rules).filter(
    (rule) => !rule.inactive && rule.events.some((event) => event.kind === "alert received"),
  );
  for (const [at, rule] of rules.entries()) {
    const suppress = rule.actions.find((action) => action.kind === "suppress alert");
    if (suppress === undefined) continue;
    const earlier = rules
      .slice(0, at)
      .find((other) => opensTicket(other) && !areApart(checking, other, rule));
    if (earlier?.name !== undefined)
      checking.report.add(
        "R2021",
        suppress.span,
        `\`${earlier.name.text}\` runs earlier and may have opened a ticket`,
        {
          labels: [{ span: earlier.name.span, text: "opens tickets" }],
          help: "give this rule a lower `order`: rules with a lower one run earlier",
        },
      );
  }
}

/** One that stops lets no later rule see the alert, so that there is nothing to suppress. */
function opensTicket(rule: RuleNode): boolean {
  const stops = rule.actions.some((action) => action.kind === "stop");
  return !stops && rule.actions.some((action) => action.kind === "create ticket");
}

/** Surely never on the same alert: they ask one path for different words, or stand for different organizations. */
function areApart(checking: Checking, a: RuleNode, b: RuleNode): boolean {
  const left = wordsAsked(checking, a);
  const right = wordsAsked(checking, b);
  return [...left].some(([path, words]) => {
    const others = right.get(path);
    return others !== undefined && words.isDisjointFrom(others);
  });
}

type Words = ReadonlySet<string>;

/** Per path the words of which it must be one; of several tests on one path the first is enough. */
function wordsAsked(checking: Checking, rule: RuleNode): ReadonlyMap<string, Words> {
  const asked = new Map<string, Words>();
  if (rule.organizations?.kind === "names")
    asked.set("alert.organization.name", new Set(rule.organizations.names.map((n) => foldName(n.value))));
  for (const test of rule.condition === undefined ? [] : mustHold(rule.condition)) {
    if (test.kind !== "comparison" || test.negated || test.quantifier === "none") continue;
    if ((test.operator !== "is" && test.operator !== "in") || test.left.kind !== "path") continue;
    const meaning = checking.meanings.get(test.left);
    const words = test.right.flatMap((side) => constantsOf(checking, side));
    if (meaning?.kind !== "field" || words.length === 0 || words.includes(undefined)) continue;
    const known = words.filter((word) => word !== undefined);
    if (!asked.has(meaning.field.path)) asked.set(meaning.field.path, new Set(known));
  }
  return asked;
}

export function mustHold(node: Condition): readonly Condition[] {
  return node.kind === "group" && node.quantifier === "all" ? node.of.flatMap(mustHold) : [node];
}

/** `undefined` for a value that is known only when the rule runs. */
function constantsOf(checking: Checking, node: Expression): readonly (string | undefined)[] {
  if (node.kind === "string") return [foldText(exactText(node.value))];
  if (node.kind === "list") return node.items.flatMap((item) => constantsOf(checking, item));
  const meaning = node.kind === "path" ? checking.meanings.get(node) : undefined;
  return meaning?.kind === "list"
    ? meaning.list.items.flatMap((item) => constantsOf(checking, item))
    : [undefined];
}
