/** Laws of the decision on random rule sets and events. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActionIr, ConditionIr, RuleIr, RuleSetIr } from "../../src/compiler/index.ts";
import { applyEffects, decide, emptyDesk, identityOf, planNeeds, viewOf } from "../../src/decision/index.ts";
import type {
  Decision,
  DeskEvent,
  DeskView,
  Effect,
  MemoryDesk,
  Needs,
  RunnableRules,
} from "../../src/decision/index.ts";
import { absenceKey } from "../../src/decision/watch-silence.ts";
import { CASCADE_DEPTH_MAX, MINUTE, SECOND } from "../../src/domain/index.ts";
import { testOf } from "../matcher/build-ir.ts";
import {
  alertOf,
  always,
  callAction,
  complete,
  constant,
  createTicket,
  fieldOf,
  INTEGRATION,
  noteAction,
  on,
  origin,
  path,
  ruleOf,
  rulesOf,
  setField,
  STAFF,
  stop,
  suppress,
  text,
  trigger,
  windowBy,
} from "../decision/desk-story.ts";

const AT = Date.UTC(2026, 10, 22, 23, 5);
const RUNS = { numRuns: 150 };

/* ---------- random rules ---------- */

const queues = ["A", "B", "C"] as const;

const creation: fc.Arbitrary<ActionIr> = fc
  .record({
    minutes: fc.integer({ min: 1, max: 10 }),
    by: fc.constantFrom("alert.title", "alert.severity", "alert.organization", "ticket.title"),
    kind: fc.constantFrom("window", "none", "once"),
  })
  .map(({ minutes, by, kind }) => {
    const parts = [path(by, by.endsWith("organization") ? "entity" : "text")];
    if (kind === "window") return createTicket({ dedup: windowBy(parts, { ms: minutes * MINUTE }) });
    const oncePer = kind === "once" ? { ms: minutes * MINUTE } : undefined;
    return createTicket({ dedup: { kind: "none" }, oncePer, fields: { title: constant(`by ${by}`) } });
  });

const action: fc.Arbitrary<ActionIr> = fc.oneof(
  creation,
  fc.constantFrom(...queues).map((queue) => setField("queue", constant(queue))),
  fc.constant(setField("type", text(path("ticket.type"), "x"))),
  fc.constantFrom("New", "Complete").map((status) => setField("status", constant(status))),
  fc.constant(setField("assigned_resource", constant("Anna"))),
  fc.boolean().map((untouched) => complete(untouched)),
  fc.constant(
    noteAction(text("queue ", path("ticket.queue"), ", count ", path("ticket.note_count", "number"))),
  ),
  fc.constantFrom(stop, suppress, callAction("nowhere")),
);

const per = [fieldOf("alert.organization.name")];
const count: ConditionIr = {
  kind: "count",
  comparator: "more-than",
  count: 2,
  withinMs: MINUTE,
  per,
  key: "alerts in 60000 ms per alert.organization.name",
  origin: origin("count"),
};

const eventTrigger = fc.oneof(
  fc
    .constantFrom(
      "alert-received" as const,
      "alert-received" as const,
      "alert-repeats" as const,
      "alert-resolved" as const,
      "ticket-created" as const,
      "ticket-edited" as const,
      "ticket-completed" as const,
      "ticket-reopened" as const,
      "note-added" as const,
    )
    .map((kind) => trigger(kind)),
  fc
    .constantFrom("queue", "status", "type")
    .map((apiName) => trigger("ticket-changed", { change: { apiName, from: [], to: [] } })),
  fc.constantFrom(
    trigger("alert-still-firing", { timer: { kind: "hold", ms: 30 * SECOND } }),
    trigger("no-alert", { timer: { kind: "silence", ms: MINUTE, per } }),
    trigger("ticket-idle", { timer: { kind: "clock", ms: 30 * SECOND, calendar: undefined } }),
    trigger("ticket-open", { timer: { kind: "clock", ms: MINUTE, calendar: undefined } }),
    trigger("every", { timer: { kind: "schedule", schedule: { kind: "interval", ms: MINUTE } } }),
  ),
);

const condition = fc.oneof(
  { weight: 3, arbitrary: fc.constant(always) },
  fc.constant(count),
  fc.constantFrom(...queues).map((queue) => testOf("ticket.queue", "equals", [queue])),
  fc.constantFrom("major", "minor").map((severity) => testOf("alert.severity", "equals", [severity])),
);

/** Globex is patched in the third minute. */
const maintenance: RuleSetIr["maintenance"] = [
  {
    name: "patch",
    organizations: new Set(["globex"]),
    devices: new Set(),
    sources: new Set(),
    times: [{ kind: "span", from: AT + 2 * MINUTE, to: AT + 3 * MINUTE }],
  },
];

const ruleSet: fc.Arbitrary<RunnableRules> = fc
  .array(
    fc.record({
      triggers: fc.array(eventTrigger, { minLength: 1, maxLength: 2 }),
      actions: fc.array(action, { minLength: 1, maxLength: 3 }),
      condition,
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rules) =>
    rulesOf(
      rules.map(({ condition, ...parts }): RuleIr => ruleOf(0, condition, parts)),
      { maintenance },
    ),
  );

/* ---------- random events ---------- */

const organizations = ["Acme", "Globex"] as const;
/** Opened by hand before anything else, so that later events have tickets to change. */
const opened: readonly DeskEvent[] = ["tk_h1", "tk_h2"].map((ticketId) => ({
  kind: "ticket-opened",
  ticketId,
  fields: { title: "Printer" },
  by: STAFF,
  at: AT,
}));

const eventAt = (at: number): fc.Arbitrary<(n: number) => DeskEvent> => {
  const ticketId = fc.constantFrom("tk_h1", "tk_h2");
  const by = fc.constantFrom(STAFF, INTEGRATION);
  const alert = fc
    .record({
      title: fc.constantFrom("power", "disk"),
      severity: fc.constantFrom("major", "minor", undefined),
      organization: fc.constantFrom(...organizations),
      alertId: fc.constantFrom("1", "2", undefined),
      status: fc.constantFrom("firing" as const, "firing" as const, "firing" as const, "resolved" as const),
    })
    .map(({ organization: name, ...parts }) => (n: number): DeskEvent => {
      const organization = { asked: name, id: `or_${name}`, name, tags: [] };
      return { kind: "alert", alert: alertOf({ ...parts, organization, id: `al_${n}`, receivedAt: at }) };
    });
  const changed = fc
    .record({ ticketId, by, queue: fc.constantFrom(...queues), status: fc.constantFrom("New", "Complete") })
    .map(({ queue, status, ...parts }) => (): DeskEvent => {
      return { kind: "ticket-changed", fields: { queue, status }, at, ...parts };
    });
  const noted = fc.record({ ticketId, by }).map(({ ticketId, by }) => (): DeskEvent => {
    return { kind: "note-added", ticketId, note: { at, by, visibility: "internal", text: "seen" } };
  });
  const rule = fc.integer({ min: 0, max: 2 }).map((index) => `rule ${index}`);
  const clock = fc.constantFrom("ticket-idle" as const, "ticket-open" as const);
  const timed = fc
    .record({ ticketId, rule, clock, seen: alert, what: fc.nat(4) })
    .map((of) => (n: number): DeskEvent => {
      const event = of.seen(n);
      const seen = event.kind === "alert" ? event.alert : alertOf();
      const identity = identityOf(seen);
      const moments: readonly DeskEvent[] = [
        { kind: "hold-due", identity, rule: of.rule, at },
        { kind: "absence-due", key: absenceKey(of.rule, per, seen) ?? "", at },
        { kind: "clock-due", ticketId: of.ticketId, rule: of.rule, clock: of.clock, at },
        { kind: "maintenance-ended", identity, at },
        { kind: "schedule-due", rule: of.rule, at },
      ];
      return moments[of.what] ?? event;
    });
  return fc.oneof({ weight: 5, arbitrary: alert }, changed, noted, { weight: 6, arbitrary: timed });
};

const events: fc.Arbitrary<readonly DeskEvent[]> = fc
  .array(
    fc
      .integer({ min: 0, max: 240 })
      .chain((seconds) => eventAt(seconds * SECOND).map((make) => ({ seconds, make }))),
    { minLength: 1, maxLength: 12 },
  )
  .map((made) => {
    let at = AT;
    return made.map(({ seconds, make }, n) => {
      at += seconds * SECOND;
      return moved(make(n), at);
    });
  });

function moved(event: DeskEvent, at: number): DeskEvent {
  switch (event.kind) {
    case "alert":
      return { ...event, alert: { ...event.alert, receivedAt: at } };
    case "note-added":
      return { ...event, note: { ...event.note, at } };
    case "time-entry-added":
    case "mail":
      return event;
    case "ticket-opened":
    case "ticket-changed":
    case "callout-finished":
    case "hold-due":
    case "absence-due":
    case "clock-due":
    case "schedule-due":
    case "maintenance-ended":
      return { ...event, at };
  }
}

/* ---------- playing them ---------- */

const NEW_TICKETS = 400;

async function play(
  desk: MemoryDesk,
  rules: RunnableRules,
  batch: readonly DeskEvent[],
): Promise<Extract<Decision, { kind: "decided" }>> {
  const decision = await decide({ view: viewOf(desk, AT, NEW_TICKETS), events: batch, rules });
  if (decision.kind === "needs") throw new Error("a whole view lacks nothing");
  applyEffects(desk, decision.effects, batch);
  return decision;
}

async function started(rules: RunnableRules): Promise<MemoryDesk> {
  const desk = emptyDesk({ notesPerWindow: 2 });
  desk.records.set("resource:anna", { kind: "resource", id: "rs_1", name: "Anna", email: undefined });
  await play(desk, rules, opened);
  return desk;
}

describe("the decision", () => {
  it("is deterministic and leaves its input as it was", () =>
    fc.assert(
      fc.asyncProperty(ruleSet, events, async (rules, batch) => {
        const desk = await started(rules);
        const view = viewOf(desk, AT, NEW_TICKETS);
        const before = structuredClone([...view.tickets]);
        const first = await decide({ view, events: batch, rules });
        expect(await decide({ view, events: batch, rules })).toEqual(first);
        expect([...view.tickets]).toEqual(before);
        expect(view.newTickets).toHaveLength(NEW_TICKETS);
      }),
      RUNS,
    ));

  it("gives the same desk wherever a batch is split", () =>
    fc.assert(
      fc.asyncProperty(ruleSet, events, fc.nat(12), async (rules, batch, where) => {
        const whole = await started(rules);
        const split = await started(rules);
        const { results } = await play(whole, rules, batch);
        const first = await play(split, rules, batch.slice(0, where));
        const second = await play(split, rules, batch.slice(where));
        expect(split).toEqual(whole);
        expect([...first.results, ...second.results]).toEqual(results);
      }),
      RUNS,
    ));

  it("mentions no ticket that is neither in the view nor opened before", () =>
    fc.assert(
      fc.asyncProperty(ruleSet, events, async (rules, batch) => {
        const desk = await started(rules);
        const known = new Set(desk.tickets.keys());
        const { effects } = await play(desk, rules, batch);
        for (const effect of effects) {
          if (effect.kind === "open-ticket") known.add(effect.ticket.id);
          const id = ticketOf(effect);
          if (id !== undefined) expect(known).toContain(id);
        }
      }),
      RUNS,
    ));

  it("runs each rule at most once for one event, and none deeper than five", () =>
    fc.assert(
      fc.asyncProperty(ruleSet, events, async (rules, batch) => {
        const desk = await started(rules);
        const { results } = await play(desk, rules, batch);
        for (const { firings } of results) {
          expect(new Set(firings.map(({ rule }) => rule)).size).toBe(firings.length);
          for (const { depth } of firings) expect(depth).toBeLessThanOrEqual(CASCADE_DEPTH_MAX);
        }
        expect(desk.disagreements).toEqual([]);
      }),
      RUNS,
    ));

  it("comes to the same end when it is fed only what it asks for", () =>
    fc.assert(
      fc.asyncProperty(ruleSet, events, async (rules, batch) => {
        const desk = await started(rules);
        const whole = viewOf(desk, AT, NEW_TICKETS);
        const expected = await decide({ view: whole, events: batch, rules });
        let view = loaded(emptyView(whole), planNeeds(batch, rules, emptyView(whole)), whole);
        let rounds = 0;
        let decision = await decide({ view, events: batch, rules });
        for (; decision.kind === "needs"; rounds += 1) {
          expect(rounds).toBeLessThan(20);
          view = loaded(view, decision.needs, whole);
          decision = await decide({ view, events: batch, rules });
        }
        expect(decision).toEqual(expected);
      }),
      RUNS,
    ));
});

function ticketOf(effect: Effect): string | undefined {
  if ("ticketId" in effect) return effect.ticketId;
  if ("ticket" in effect) return effect.ticket.id;
  if (effect.kind === "notify") return effect.notification.ticketId;
  return effect.kind === "record-firing" ? effect.firing.ticketId : undefined;
}

function emptyView(whole: DeskView): DeskView {
  return {
    ...whole,
    tickets: new Map(),
    ticketByDedupKey: new Map(),
    ticketByIdentity: new Map(),
    onceByKey: new Map(),
    alertByTicket: new Map(),
    records: new Map(),
    holds: new Map(),
    absences: new Map(),
    clocks: new Map(),
    deferred: new Map(),
    recentReceipts: new Map(),
    newTickets: [],
  };
}

const none = <V>(): ReadonlyMap<string, V> => new Map();

/** What an engine does with needs: looks each up, found or not. */
function loaded(view: DeskView, needs: Needs, whole: DeskView): DeskView {
  const more = <V>(known: ReadonlyMap<string, V>, keys: ReadonlySet<string>, all: ReadonlyMap<string, V>) =>
    new Map<string, V>([...known, ...[...keys].map((key): [string, V] => [key, all.get(key) as V])]);
  const tickets = [...needs.tickets].flatMap((id) => whole.tickets.get(id) ?? []);
  return {
    ...view,
    tickets: new Map([...view.tickets, ...tickets.map((ticket) => [ticket.id, ticket] as const)]),
    ticketByDedupKey: more(view.ticketByDedupKey, needs.dedupKeys, whole.ticketByDedupKey),
    ticketByIdentity: more(view.ticketByIdentity, needs.identities, whole.ticketByIdentity),
    onceByKey: more(view.onceByKey, needs.onceKeys, whole.onceByKey),
    alertByTicket: more(view.alertByTicket, needs.alertsOfTickets, whole.alertByTicket),
    records: more(view.records, needs.records, whole.records),
    holds: more(view.holds ?? none(), needs.holds, whole.holds ?? none()),
    absences: more(view.absences ?? none(), needs.absences, whole.absences ?? none()),
    clocks: more(view.clocks ?? none(), needs.clocks, whole.clocks ?? none()),
    deferred: more(view.deferred ?? none(), needs.deferred, whole.deferred ?? none()),
    recentReceipts: more(view.recentReceipts ?? none(), needs.counts, whole.recentReceipts ?? none()),
    newTickets: whole.newTickets.slice(0, view.newTickets.length + needs.newTickets),
  };
}

describe("dedup", () => {
  const rules = rulesOf([on("alert-received", [createTicket()])]);
  const only = async (gap: number): Promise<boolean> => {
    const desk = emptyDesk();
    const alert = (id: string, receivedAt: number): DeskEvent => ({
      kind: "alert",
      alert: alertOf({ id, receivedAt }),
    });
    await play(desk, rules, [alert("al_1", AT), alert("al_2", AT + gap)]);
    return desk.tickets.size === 1;
  };

  it("is monotone in time: what is a repeat later is one earlier, and the window is five minutes, inclusive", () =>
    fc.assert(
      fc.asyncProperty(fc.nat(700_000), fc.nat(700_000), async (a, b) => {
        const [earlier, later] = [Math.min(a, b), Math.max(a, b)];
        if (await only(later)) expect(await only(earlier)).toBe(true);
        expect(await only(later)).toBe(later <= 5 * MINUTE);
      }),
      RUNS,
    ));

  it("opens a ticket whenever the last one's creation is further away than the window", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200_000), { minLength: 1, maxLength: 30 }), async (gaps) => {
        let at = AT;
        const times = gaps.map((gap) => (at += gap));
        const openings = times.reduce<number[]>((opened, time) => {
          const last = opened.at(-1);
          return last === undefined || time - last > 5 * MINUTE ? [...opened, time] : opened;
        }, []);
        const desk = emptyDesk();
        await play(
          desk,
          rules,
          times.map((receivedAt, n) => ({ kind: "alert", alert: alertOf({ id: `al_${n}`, receivedAt }) })),
        );
        expect([...desk.tickets.values()].map(({ createdAt }) => createdAt)).toEqual(openings);
        expect(desk.repeats).toHaveLength(times.length - openings.length);
      }),
      RUNS,
    ));
});
