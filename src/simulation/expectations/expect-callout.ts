/** `callout "..." sent N times | succeeded | failed | not sent`. */
import { exactText } from "../../domain/index.ts";
import type { RuleIr } from "../../compiler/index.ts";
import type { Expectation } from "../../../grammar/ast.ts";
import type { Happening } from "../journal.ts";
import { clockWords } from "../test-time.ts";
import { effectsOf, nearestTo, plural } from "./observed.ts";
import type { Judged, Observed } from "./observed.ts";

type CalloutExpectation = Extract<Expectation, { kind: "callout" }>;

export function expectCallout({ callout, outcome }: CalloutExpectation, observed: Observed): Judged {
  const name = exactText(callout.text);
  const { all, window } = observed.journal;
  switch (outcome.kind) {
    case "sent": {
      const sent = requestsOf(all, name);
      return sent.length === outcome.times.value ? undefined : differently(observed, name, sent);
    }
    case "not sent": {
      const sent = requestsOf(window, name);
      return sent.length === 0 ? undefined : differently(observed, name, sent);
    }
    case "succeeded":
    case "failed": {
      const ends = endsOf(window, name);
      const wanted = outcome.kind === "succeeded";
      if (ends.some(({ succeeded }) => succeeded === wanted)) return undefined;
      const [end] = ends;
      if (end === undefined) return differently(observed, name, requestsOf(all, name));
      return {
        got: end.succeeded
          ? `it succeeded after ${plural(end.attempts, "request")}`
          : `it failed after ${plural(end.attempts, "request")}: ${end.lastError ?? ""}`,
        details: requestsOf(all, name).map((request) => requestWords(observed, request)),
      };
    }
  }
}

type Request = Extract<Happening, { kind: "request" }>;

function requestsOf(happenings: readonly Happening[], name: string): readonly Request[] {
  return happenings.filter((one): one is Request => one.kind === "request" && one.callout === name);
}

function endsOf(
  happenings: readonly Happening[],
  name: string,
): readonly Extract<Happening, { kind: "callout-ended" }>[] {
  return happenings.filter(
    (one): one is Extract<Happening, { kind: "callout-ended" }> =>
      one.kind === "callout-ended" && one.callout === name,
  );
}

function differently(observed: Observed, name: string, sent: readonly Request[]): Judged {
  if (sent.length > 0) {
    return {
      got: `it was sent ${sent.length === 1 ? "once" : `${sent.length} times`}`,
      details: sent.map((request) => requestWords(observed, request)),
    };
  }
  const skipped = effectsOf(observed, "start-delivery").flatMap(({ delivery }) =>
    delivery.callout === name && delivery.reason !== undefined
      ? [`it was ${delivery.state}: ${delivery.reason}`]
      : [],
  );
  const runs = (rule: RuleIr): boolean =>
    rule.actions.some((action) => action.kind === "run-callout" && action.callout === name);
  const near = skipped.length > 0 ? {} : nearestTo(observed, runs, `runs callout "${name}"`);
  return { got: "it was not sent", ...near, details: [...skipped, ...(near.details ?? [])] };
}

function requestWords({ time }: Observed, { at, answer }: Request): string {
  return `sent at ${clockWords(at, time.zone)}, answer ${answer}`;
}
