/** What only the whole set shows: declarations that nothing uses, secrets that nobody gave, rules that all need a severity. */
import { exactText } from "../domain/index.ts";
import type { Condition, Declaration, RuleNode } from "../../grammar/ast.ts";
import type { Declarations } from "./checked-rules.ts";
import { mustHold } from "./check-suppress.ts";
import type { Checking } from "./checking.ts";

/** Those that serve rules only. Categories, fields and values are chosen by people and programs too. */
function servantsOf(declarations: Declarations): readonly Declaration[] {
  const { lists, lookups, defines, recipients, templates, callouts } = declarations;
  // The only calendar gives the set its zone, whoever names it.
  const calendars = declarations.calendars.size > 1 ? declarations.calendars : new Map<string, never>();
  return [lists, lookups, defines, calendars, recipients, templates, callouts].flatMap((map) => [
    ...map.values(),
  ]);
}

/** R2010. A set without any rule is somebody's library. */
export function warnAboutUnused(checking: Checking): void {
  if (checking.declarations.rules.length === 0) return;
  for (const declaration of servantsOf(checking.declarations)) {
    if (checking.used.has(declaration)) continue;
    const name = "name" in declaration ? declaration.name : undefined;
    if (name === undefined) continue;
    const word = declaration.kind === "define" ? "definition" : declaration.kind;
    checking.report.add("R2010", name.span, `the ${word} \`${exactText(name.text)}\` is never used`, {
      help:
        declaration.kind === "callout"
          ? `start it in a rule: \`run callout "${exactText(name.text)}"\``
          : undefined,
    });
  }
}

/** R2017: only where the server's secrets are known. Names without case, as they are read from the environment. */
export function warnAboutSecrets(checking: Checking, known: ReadonlySet<string>): void {
  const given = new Set([...known].map((name) => name.toLowerCase()));
  for (const [name, span] of checking.secrets)
    if (!given.has(name.toLowerCase()))
      checking.report.add("R2017", span, `nobody gave the secret \`${name}\``, {
        note: "its callouts will fail with this reason",
        help: `set \`TOCSIN_SECRET_${name.toUpperCase()}\` for the server, or add it to \`TOCSIN_SECRETS_FILE\``,
      });
}

/** R2023: an alert without a severity, or with a word outside the list, would open no ticket at all. */
export function warnAboutSeverity(checking: Checking): void {
  const rules = checking.declarations.rules.filter(
    (rule) => !rule.inactive && rule.events.some((event) => event.kind === "alert received"),
  );
  const [first] = rules;
  if (first === undefined || !rules.every((rule) => needsRank(checking, rule))) return;
  checking.report.add(
    "R2023",
    first.name?.span ?? first.keywordSpan,
    "every rule on `alert received` needs a severity in order",
    {
      note: "an alert without a severity, or with a word outside the list, opens no ticket",
      help: "add a rule for the rest: `if alert.severity is empty`",
    },
  );
}

function needsRank(checking: Checking, rule: RuleNode): boolean {
  return rule.condition !== undefined && mustHold(rule.condition).some((test) => isRank(checking, test));
}

function isRank(checking: Checking, node: Condition): boolean {
  if (node.kind !== "comparison" || node.negated || node.left.kind !== "path") return false;
  if (!["at least", "more than", "at most", "less than"].includes(node.operator)) return false;
  const meaning = checking.meanings.get(node.left);
  return meaning?.kind === "field" && meaning.field.path === "alert.severity";
}
