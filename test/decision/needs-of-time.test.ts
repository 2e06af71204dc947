/** What a decision about time asks for, and that it decides the same when it is loaded step by step. */
import { describe, expect, it } from "vitest";
import { decide, identityOf, planNeeds, viewOf } from "../../src/decision/index.ts";
import type { DeskEvent, DeskView, MemoryDesk, Needs, RunnableRules } from "../../src/decision/index.ts";
import { HOUR, MINUTE } from "../../src/domain/index.ts";
import { alertOf } from "../matcher/build-ir.ts";
import { rulesFromText } from "./compiled-rules.ts";
import { alertEvent } from "./desk-story.ts";
import { NINE, timedStory } from "./timed-rules.ts";

const text = `
maintenance "Patch night"
  for organization "Globex"
  zone "UTC"
  from 2026-01-05 09:00 to 2026-01-05 11:00
end
rule "held"
  when alert still firing after 2 minutes
  then create ticket
end
rule "silent"
  when no alert for 1 hour per alert.organization
  then create ticket
end
rule "storm"
  when alert received
  if more than 1 alert in 5 minutes per alert.organization
  then create ticket
end
rule "late"
  when ticket open for 1 hour
  then add note "late"
end
`;
const globex = { asked: "Globex", id: undefined, name: "Globex", tags: [] };

const emptyMaps = {
  holds: new Map(),
  absences: new Map(),
  clocks: new Map(),
  deferred: new Map(),
  recentReceipts: new Map(),
} as const;

/** The view with exactly what was asked for, of what is about time. */
function loaded(whole: DeskView, view: DeskView, needs: Needs): DeskView {
  const pick = <V>(
    from: ReadonlyMap<string, V> | undefined,
    had: ReadonlyMap<string, V> | undefined,
    keys: ReadonlySet<string>,
  ) => new Map([...(had ?? []), ...[...keys].map((key) => [key, from?.get(key)] as [string, V])]);
  return {
    ...view,
    holds: pick(whole.holds, view.holds, needs.holds),
    absences: pick(whole.absences, view.absences, needs.absences),
    clocks: pick(whole.clocks, view.clocks, needs.clocks),
    deferred: pick(whole.deferred, view.deferred, needs.deferred),
    recentReceipts: pick(whole.recentReceipts, view.recentReceipts, needs.counts),
  };
}

async function stepByStep(desk: MemoryDesk, events: readonly DeskEvent[], rules: RunnableRules) {
  const whole = viewOf(desk, NINE, 10);
  let view: DeskView = { ...whole, ...emptyMaps };
  view = loaded(whole, view, planNeeds(events, rules, view));
  for (let round = 0; round < 5; round++) {
    const decision = await decide({ view, events, rules });
    if (decision.kind === "decided") return { decision, round, whole };
    view = loaded(whole, view, decision.needs);
  }
  throw new Error("it never has enough");
}

describe("a decision about time", () => {
  it("asks for what it meets, decides the same as with the whole view, and mostly knows it beforehand", async () => {
    const story = timedStory(text);
    await story.receive(NINE, { alertId: "1" });
    await story.receive(NINE, { alertId: "2", organization: globex });
    await story.receive(NINE + 1, { alertId: "1" });
    const [absence] = story.desk.absences.values();
    const held = identityOf(alertOf({ alertId: "1" }));
    const deferred = identityOf(alertOf({ alertId: "2", organization: globex }));
    const events: readonly DeskEvent[] = [
      { kind: "hold-due", identity: held, rule: "held", at: NINE + 2 * MINUTE },
      { kind: "absence-due", key: absence!.key, at: NINE + HOUR + 1 },
      { kind: "clock-due", ticketId: "tk_1", rule: "late", clock: "ticket-open", at: NINE + HOUR + 1 },
      { kind: "maintenance-ended", identity: deferred, at: NINE + 2 * HOUR },
      alertEvent(NINE + 2 * HOUR, { alertId: "1" }),
      alertEvent(NINE + 2 * HOUR, { alertId: "1", status: "resolved" }),
      { kind: "schedule-due", rule: "none", at: NINE },
    ];
    const rules = rulesFromText(text);
    const { decision, round, whole } = await stepByStep(story.desk, events, rules);
    expect(decision).toEqual(await decide({ view: whole, events, rules }));
    expect(decision.results.map(({ firings }) => firings.map(({ rule }) => rule))).toEqual([
      ["held"],
      ["silent"],
      ["late"],
      [],
      [],
      [],
      [],
    ]);
    expect(round).toBeLessThanOrEqual(1);
  });

  it("asks for nothing that the view does not keep", () => {
    const { holds, absences, clocks, deferred, recentReceipts, ...view } = viewOf(
      timedStory(text).desk,
      NINE,
      5,
    );
    expect([holds, absences, clocks, deferred, recentReceipts]).not.toContain(undefined);
    const needs = planNeeds([alertEvent(NINE)], rulesFromText(text), view);
    expect(
      [needs.holds, needs.absences, needs.clocks, needs.deferred, needs.counts].map(({ size }) => size),
    ).toEqual([0, 0, 0, 0, 0]);
  });
});
