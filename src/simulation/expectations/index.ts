/** Judges one expectation by what happened. Each kind has its own file; here is which one answers for which words. */
import { unreachable } from "../../domain/index.ts";
import type { Expectation } from "../../../grammar/ast.ts";
import { expectAlert } from "./expect-alert.ts";
import { expectCallout } from "./expect-callout.ts";
import { expectNote, expectNothing, expectNotify } from "./expect-effects.ts";
import { expectRule } from "./expect-rule.ts";
import { expectTicketCount, expectTicketField, expectTicketState } from "./expect-ticket.ts";
import type { Judged, Observed } from "./observed.ts";

/** Undefined: it holds. */
export function checkExpectation(expectation: Expectation, observed: Observed): Judged {
  switch (expectation.kind) {
    case "ticket created":
    case "ticket completed":
      return expectTicketState(expectation, observed);
    case "ticket field":
      return expectTicketField(expectation, observed);
    case "ticket count":
      return expectTicketCount(expectation, observed);
    case "note":
      return expectNote(expectation, observed);
    case "notify":
      return expectNotify(expectation, observed);
    case "callout":
      return expectCallout(expectation, observed);
    case "alert":
      return expectAlert(expectation, observed);
    case "rule":
      return expectRule(expectation, observed);
    case "nothing":
      return expectNothing(observed);
    default:
      return unreachable(expectation);
  }
}
