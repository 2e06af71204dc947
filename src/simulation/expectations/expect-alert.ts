/** `alert suppressed | unmatched | held | handled | resolved`: what became of the alert since the last step. */
import type { Expectation } from "../../../grammar/ast.ts";
import type { Happening } from "../journal.ts";
import { firedBy, firingsOf, nearestOf, becameWords, readingsOf, sentencesOf, whyNot } from "./observed.ts";
import type { Judged, Observed } from "./observed.ts";

export function expectAlert(
  { outcome }: Extract<Expectation, { kind: "alert" }>,
  observed: Observed,
): Judged {
  const last = observed.journal.window.findLast(
    (one): one is Extract<Happening, { kind: "alert" }> => one.kind === "alert",
  );
  if (last === undefined) {
    return { got: "no alert came since the last step", details: sentencesOf(observed) };
  }
  if (last.outcome === outcome) return undefined;
  const got = `the alert ${becameWords(last.outcome)}: ${last.why}`;
  const firing = firingsOf(observed)[0];
  if (firing !== undefined) return { got, details: [], ...firedBy(firing) };
  const nearest = nearestOf(readingsOf(observed, () => true));
  return { got, details: [], ...(nearest === undefined ? {} : whyNot(nearest)) };
}
