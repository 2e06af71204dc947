/** Expectations of rule tests: rules, callouts, recipients and fields that they name. */
import { exactText, foldName } from "../domain/index.ts";
import type { Expectation, Name, PathNode } from "../../grammar/ast.ts";
import { requireConstant } from "./check-test-fields.ts";
import type { Declarations } from "./checked-rules.ts";
import type { Checking } from "./checking.ts";
import { findNamed } from "./names.ts";
import { replace, resolveField } from "./resolve-path.ts";
import { suggest } from "./suggest.ts";
import { checkWord, vocabularyOf } from "./vocabularies.ts";

export function checkExpectation(checking: Checking, expectation: Expectation): void {
  switch (expectation.kind) {
    case "ticket field":
      return checkTicketField(checking, expectation);
    case "notify":
      return checkRecipient(checking, expectation.recipient);
    case "callout":
      findNamed(checking, "callout", expectation.callout);
      return;
    case "rule":
      checkRuleName(checking, expectation.rule);
      if (expectation.because !== undefined) checkBecause(checking, expectation.because);
      return;
    case "ticket created":
    case "ticket completed":
    case "ticket count":
    case "note":
    case "alert":
    case "nothing":
      return;
  }
}

function checkTicketField(
  checking: Checking,
  expectation: Extract<Expectation, { kind: "ticket field" }>,
): void {
  const { path, value } = expectation;
  const [first, ...rest] = path.segments;
  if (first === undefined) return;
  const rooted = !first.quoted && first.text.toLowerCase() === "ticket" && rest.length > 0;
  const segments = rooted ? path.segments : [{ ...first, text: "ticket", quoted: false }, ...path.segments];
  const meaning = resolveField(checking, { ...path, segments });
  if (meaning?.kind !== "field") return;
  checking.meanings.set(path, meaning);
  if (value === undefined || !requireConstant(checking, value) || value.kind !== "string") return;
  const vocabulary = vocabularyOf(checking, meaning.field);
  if (vocabulary === undefined || expectation.test === "contains") return;
  if (vocabulary.source === "category")
    findNamed(checking, "category", { text: value.value, span: value.span });
  else checkWord(checking, value, vocabulary);
}

/** A declared recipient, or a person by name: `notify ticket.assigned_resource` tells people too. */
function checkRecipient(checking: Checking, name: Name): void {
  const { declarations } = checking;
  if (declarations.recipients.has(exactText(name.text))) return;
  if (!ruleNamesOf(declarations).notifiesPeople) findNamed(checking, "recipient", name);
}

function checkRuleName(checking: Checking, name: Name): void {
  const text = exactText(name.text);
  const { names, known } = ruleNamesOf(checking.declarations);
  if (known.has(text)) return;
  const same = names.find((one) => foldName(one) === foldName(text));
  const near = same === undefined ? suggest(text, names) : { text: same, sure: true };
  checking.report.add("R1201", name.span, `unknown rule \`${text}\``, {
    help: near === undefined ? "no rule file declares it" : `did you mean \`"${near.text}"\`?`,
    fixes: near === undefined ? [] : [replace(name.span, `"${near.text}"`, near.sure)],
  });
}

/** What tests look up of the rules. */
interface RuleNames {
  readonly names: readonly string[];
  readonly known: ReadonlySet<string>;
  readonly notifiesPeople: boolean;
}

const ruleNames = new WeakMap<Declarations, RuleNames>();

/** Gathered once for a set: a thousand tests name a thousand rules. */
export function ruleNamesOf(declarations: Declarations): RuleNames {
  const known = ruleNames.get(declarations);
  if (known !== undefined) return known;
  const names = declarations.rules.flatMap(({ name }) => (name === undefined ? [] : [exactText(name.text)]));
  const notifiesPeople = declarations.rules.some(({ actions }) =>
    actions.some((action) => action.kind === "notify" && action.to.some((to) => "segments" in to)),
  );
  const gathered = { names, known: new Set(names), notifiesPeople };
  ruleNames.set(declarations, gathered);
  return gathered;
}

function checkBecause(checking: Checking, path: PathNode): void {
  const meaning = resolveField(checking, path);
  if (meaning?.kind === "field") checking.meanings.set(path, meaning);
}
