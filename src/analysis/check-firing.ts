/** R2001 a rule that never fires, R2003 a condition that is always true. Proofs only. */
import { diagnostic, type Diagnostic } from "../diagnostics/index.ts";
import type { ConditionIr, RuleIr } from "../compiler/index.ts";
import { satisfy } from "./contradiction.ts";
import { alternativesOf, readsBinding } from "./literals.ts";
import type { Literal } from "./literals.ts";
import type { Places } from "./places.ts";
import { neverFires } from "./prepared.ts";
import type { Prepared, PreparedSet } from "./prepared.ts";
import { factsOf, isFact } from "./trigger-facts.ts";

/** Alternatives that are told; more say no more. */
const CONFLICTS_TOLD_MAX = 3;

export function checkFiring({ rules }: PreparedSet, places: Places): readonly Diagnostic[] {
  return rules.flatMap((prepared) =>
    neverFires(prepared) ? [tellNeverFires(prepared, places)] : tellAlwaysTrue(prepared.rule, places),
  );
}

function tellNeverFires({ rule, conflicts }: Prepared, places: Places): Diagnostic {
  const told = [...new Map(conflicts.map((conflict) => [words(conflict), conflict])).entries()];
  const [first] = told;
  const why = first === undefined ? "" : `: ${first[0]}`;
  const shown = told.slice(0, CONFLICTS_TOLD_MAX).map(([text]) => text);
  return diagnostic("R2001", places.nameOf(rule), `\`${rule.name}\` never fires${why}`, {
    detail: told.length > 1 ? `no way to match is left: ${shown.join("; ")}` : undefined,
    labels: (first?.[1] ?? [])
      .filter((literal) => !isFact(literal))
      .map(({ leaf }) => ({ span: places.of(leaf.origin), text: "asked here" })),
    help: "did you mean `or`, or another value?",
  });
}

function words(conflict: readonly Literal[]): string {
  const texts = [...new Set(conflict.map((literal) => `\`${literal.text}\``))];
  if (texts.length === 1) return `${texts[0]} cannot hold here`;
  if (texts.length === 2) return `${texts.join(" and ")} cannot both hold`;
  return `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)} cannot hold together`;
}

/** Each part that `and` joins is looked at by itself: a part that always holds says nothing. */
function tellAlwaysTrue(rule: RuleIr, places: Places): readonly Diagnostic[] {
  return partsOf(rule.condition)
    .filter((part) => part.kind !== "always" && isAlwaysTrue(part, rule))
    .map((part) =>
      diagnostic("R2003", places.of(part.origin), `\`${part.origin.text}\` is always true`, {
        help: "leave it out, or ask for what you meant",
      }),
    );
}

function partsOf(condition: ConditionIr): readonly ConditionIr[] {
  return condition.kind === "all" ? condition.of.flatMap(partsOf) : [condition];
}

export function isAlwaysTrue(condition: ConditionIr, rule: RuleIr): boolean {
  const opposites = alternativesOf(condition, false);
  if (opposites === undefined || opposites.some((literals) => literals.some(readsBinding))) return false;
  return opposites.every((literals) =>
    rule.triggers.every(({ kind }) =>
      factsOf(rule, kind).every((facts) => satisfy([...facts, ...literals], kind).kind === "impossible"),
    ),
  );
}
