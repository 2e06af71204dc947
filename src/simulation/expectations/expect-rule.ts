/** `rule "..." fired | not fired [because PATH]`: since the last step. */
import { exactText } from "../../domain/index.ts";
import type { Expectation } from "../../../grammar/ast.ts";
import { decidedBy, leavesOf, type RuleReading } from "../condition-tree.ts";
import { firedBy, firingsOf, nearestOf, placeOf, readingsOf, sentencesOf, whyNot } from "./observed.ts";
import type { Judged, Observed } from "./observed.ts";

export function expectRule(
  { rule: wanted, fired, because }: Extract<Expectation, { kind: "rule" }>,
  observed: Observed,
): Judged {
  const name = exactText(wanted.text);
  const firing = firingsOf(observed).find(({ rule }) => exactText(rule) === name);
  if ((firing !== undefined) !== fired) {
    return firing === undefined
      ? notFired(observed, name)
      : { got: `it fired on ${firing.on}`, details: [], ...firedBy(firing) };
  }
  if (because === undefined) return undefined;
  const meaning = observed.set.meanings.get(because);
  if (meaning?.kind !== "field") return { got: "this path cannot be read", details: [] };
  const { path } = meaning.field;
  const readings = readingsOf(observed, (rule) => exactText(rule.name) === name).filter(
    (reading) => reading.holds === fired,
  );
  if (readings.some((reading) => decidedBy(reading, path))) return undefined;
  return otherReason(readings, path, fired);
}

function notFired(observed: Observed, name: string): Judged {
  const readings = readingsOf(observed, (rule) => exactText(rule.name) === name);
  const nearest = nearestOf(readings);
  if (nearest !== undefined) return { got: "it did not fire", details: [], ...whyNot(nearest) };
  const held = readings.find(({ holds }) => holds);
  if (held !== undefined) {
    const { rule } = held;
    return {
      got: "it holds, but did not get its turn: a rule before it stopped, or it fired already in this cascade",
      details: sentencesOf(observed),
      rule: placeOf(rule, false),
    };
  }
  const rule = observed.set.rules.ir.rules.find((one) => exactText(one.name) === name);
  const why = rule?.active === false ? "the rule is inactive" : "nothing happened that it is about";
  return {
    got: `it did not fire: ${why}`,
    details: sentencesOf(observed),
    ...(rule === undefined ? {} : { rule: placeOf(rule, false) }),
  };
}

function otherReason(readings: readonly RuleReading[], path: string, fired: boolean): Judged {
  const [first] = readings;
  const got = fired
    ? `it fired, but would have without a condition on ${path} as well`
    : `it did not fire, but a condition on ${path} alone did not decide that`;
  if (first === undefined) return { got, details: [] };
  if (!fired) return { got, details: [], ...whyNot(first) };
  const { rule, condition } = first;
  return {
    got,
    details: [],
    rule: placeOf(rule, true),
    conditions: leavesOf(condition).map(({ result }) => result),
  };
}
