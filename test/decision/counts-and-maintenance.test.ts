/** Counts over a sliding window, and alerts that come during maintenance (contract.md 4, language.md 2). */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, emptyDesk, viewOf, applyEffects, type DeskEvent } from "../../src/decision/index.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../src/domain/index.ts";
import { rulesFromText } from "./compiled-rules.ts";
import { alertEvent } from "./desk-story.ts";
import { NINE, timedStory } from "./timed-rules.ts";

const storm = (test: string): string => `
rule "storm"
  when alert received
  if ${test}
  then
    create ticket
      title = "storm"
      no dedup
end
`;
const org = (name: string) => ({ asked: name, id: undefined, name, tags: [] });

describe("a count", () => {
  it("counts this alert too, and alerts whatever became of them", async () => {
    const story = timedStory(`${storm("more than 2 alerts in 5 minutes per alert.organization")}
rule "noise"
  order 1
  when alert received
  if alert.title is "noise"
  then suppress alert
       stop
end
`);
    const outcomes: unknown[] = [];
    for (const [at, title] of [
      [0, "noise"],
      [1, "b"],
      [2, "c"],
    ] as const)
      outcomes.push((await story.receive(NINE + at, { title })).outcome);
    expect(outcomes).toEqual(["suppressed", "unmatched", "ticket_created"]);
  });

  it("forgets an alert when the window has passed it: both ends are in", async () => {
    const story = timedStory(storm("at least 2 alerts in 5 minutes per alert.organization"));
    await story.receive(NINE);
    expect((await story.receive(NINE + 5 * MINUTE)).outcome).toBe("ticket_created");
    const other = timedStory(storm("at least 2 alerts in 5 minutes per alert.organization"));
    await other.receive(NINE);
    expect((await other.receive(NINE + 5 * MINUTE + 1)).outcome).toBe("unmatched");
  });

  it("counts each key apart, a missing path not at all, and resolved alerts never", async () => {
    const story = timedStory(storm("at least 2 alerts in 5 minutes per (alert.organization, alert.device)"));
    const device = { asked: "A", id: undefined, name: "A", tags: [] };
    expect((await story.receive(NINE, { device })).outcome).toBe("unmatched");
    expect((await story.receive(NINE, { device, organization: org("Globex") })).outcome).toBe("unmatched");
    expect(
      (await story.receive(NINE, { device: { ...device, name: undefined, asked: undefined } })).outcome,
    ).toBe("unmatched");
    expect((await story.receive(NINE, { device, status: "resolved" })).outcome).toBe("resolved");
    expect((await story.receive(NINE, { device })).outcome).toBe("ticket_created");
  });

  it("tells explain and the stored reason how many there were", async () => {
    const story = timedStory(storm("at least 2 alerts in 5 minutes per alert.organization"));
    await story.receive(NINE);
    const { firings } = await story.receive(NINE + 1);
    expect(firings[0]?.conditions.map(({ actual, result }) => [actual, result])).toEqual([[2, true]]);
  });

  it("asks for the receipts that the view lacks, and for none when nobody counts", async () => {
    const rules = rulesFromText(storm("at least 2 alerts in 5 minutes per alert.organization"));
    const whole = viewOf(emptyDesk(), NINE, 5);
    const events = [alertEvent(NINE)];
    const asked = await decide({ view: { ...whole, recentReceipts: new Map() }, events, rules });
    expect(asked.kind === "needs" && [...asked.needs.counts]).toHaveLength(1);
    const { recentReceipts, ...without } = whole;
    expect(recentReceipts).toBeDefined();
    expect((await decide({ view: without, events, rules })).kind).toBe("decided");
  });

  it("says what counting every alert by hand says, wherever a batch is split", async () => {
    const gaps = fc.array(
      fc.record({
        gap: fc.constantFrom(0, 1, 30 * SECOND, MINUTE - 1, MINUTE, 5 * MINUTE),
        organization: fc.constantFrom("Acme", "acme", "Globex"),
        split: fc.boolean(),
      }),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(gaps, fc.integer({ min: 1, max: 6 }), fc.boolean(), async (made, threshold, more) => {
        const word = more ? "more than" : "at least";
        const rules = rulesFromText(storm(`${word} ${threshold} alerts in 1 minute per alert.organization`));
        let at = NINE;
        const alerts = made.map(({ gap, organization, split }) => {
          at += gap;
          return { event: alertEvent(at, { organization: org(organization) }), at, organization, split };
        });
        const expected = alerts.map((alert, index) => {
          const same = alerts
            .slice(0, index + 1)
            .filter((other) => other.organization === alert.organization && other.at >= alert.at - MINUTE);
          return more ? same.length > threshold : same.length >= threshold;
        });
        const desk = emptyDesk();
        const found: boolean[] = [];
        let batch: DeskEvent[] = [];
        const flush = async (): Promise<void> => {
          const decision = await decide({ view: viewOf(desk, NINE, 50), events: batch, rules });
          if (decision.kind === "needs") throw new Error("a whole view lacks nothing");
          applyEffects(desk, decision.effects, batch);
          found.push(...decision.results.map(({ firings }) => firings.length > 0));
          batch = [];
        };
        for (const { event, split } of alerts) {
          if (split) await flush();
          batch.push(event);
        }
        await flush();
        expect(found).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  }, 30_000);
});

const patching = (scope = "", times = "from 2026-01-05 09:00 to 2026-01-05 11:00"): string => `
maintenance "Patch night"
  ${scope}
  zone "UTC"
  ${times}
end
rule "open"
  when alert received
  then create ticket
end
rule "stays down"
  when alert still firing after 2 minutes
  if alert.source is "Uptime"
  then create ticket
end
`;
const end = NINE + 2 * HOUR;
const web = { alertId: "77", title: "web-1" };

describe("maintenance", () => {
  it("suppresses alerts in it, shows them to no rule and holds none of them", async () => {
    const story = timedStory(patching());
    const result = await story.receive(NINE, { ...web, source: "Uptime" });
    expect(result).toMatchObject({ outcome: "suppressed", why: 'suppressed by maintenance "Patch night"' });
    expect([story.titles(), story.desk.holds.size]).toEqual([[], 0]);
  });

  it("decides at its end once what still fires, with the latest alert, and nothing that has cleared", async () => {
    const story = timedStory(patching());
    await story.receive(NINE, web);
    await story.receive(NINE + HOUR, { ...web, title: "web-1 again" });
    await story.receive(NINE, { ...web, alertId: "78", title: "web-2" });
    await story.receive(NINE + HOUR, { ...web, alertId: "78", status: "resolved" });
    const waiting = [...story.desk.deferred.values()];
    expect(waiting.map(({ alert, until, window }) => [alert.title, until, window])).toEqual([
      ["web-1 again", end, "Patch night"],
    ]);
    const { identity } = waiting[0]!;
    expect((await story.one({ kind: "maintenance-ended", identity, at: end - 1 })).firings).toEqual([]);
    const ended = { kind: "maintenance-ended", identity, at: end } as const;
    const [first, second] = await story.decide(ended, ended);
    expect([first?.outcome, second?.outcome]).toEqual(["ticket_created", undefined]);
    expect(story.titles()).toEqual(["web-1 again"]);
    expect(story.ticket(1)).toMatchObject({ createdAt: end, createdBy: { kind: "system" } });
    expect(story.desk.deferred.size).toBe(0);
  });

  it("holds at its end what a rule waits for", async () => {
    const story = timedStory(
      patching().replace("when alert received\n  then create ticket", "when alert repeats\n  then stop"),
    );
    await story.receive(NINE, { ...web, source: "Uptime" });
    const [{ identity } = { identity: "" }] = story.desk.deferred.values();
    expect((await story.one({ kind: "maintenance-ended", identity, at: end })).outcome).toBe("held");
    expect(story.desk.holds.get(identity)?.[0]?.dueAt).toBe(end + 2 * MINUTE);
  });

  it("leaves nothing put off when the same comes again after its end", async () => {
    const story = timedStory(patching());
    await story.receive(NINE, web);
    expect((await story.receive(end, web)).outcome).toBe("ticket_created");
    expect(story.desk.deferred.size).toBe(0);
  });

  it("puts a release within it off to its end", async () => {
    const story = timedStory(patching());
    await story.receive(NINE - MINUTE, { ...web, source: "Uptime", title: "before" });
    const [holds] = story.desk.holds.values();
    const { identity } = holds![0]!;
    const due = { kind: "hold-due", identity, rule: "stays down" } as const;
    expect((await story.one({ ...due, at: NINE + MINUTE })).firings).toEqual([]);
    expect(story.desk.holds.get(identity)?.[0]?.dueAt).toBe(end);
    expect((await story.one({ ...due, at: end })).firings).toHaveLength(1);
  });

  it.each([
    ['for organization "acme"', {}, true],
    ['for organization "Globex", "Acme"', {}, true],
    ['for organization "Globex"', {}, false],
    ['for organization "Acme", device "SRV-B"', {}, false],
    [
      'for organization "Acme", device "srv-b"',
      { device: { asked: "SRV-B", id: undefined, name: "SRV-B", tags: [] } },
      true,
    ],
    ['for source "Datto RMM"', {}, true],
    ['for source "Uptime"', {}, false],
  ])("with `%s` and %j suppresses: %s", async (scope, parts, suppresses) => {
    const { outcome } = await timedStory(patching(scope)).receive(NINE, parts);
    expect(outcome === "suppressed").toBe(suppresses);
  });

  it.each([
    [
      "from 2026-01-05 09:00 to 2026-01-05 11:00",
      [
        [-1, false],
        [0, true],
        [2 * HOUR - 1, true],
        [2 * HOUR, false],
      ],
    ],
    [
      "from 2026-01-05 to 2026-01-05",
      [
        [-9 * HOUR - 1, false],
        [-9 * HOUR, true],
        [15 * HOUR, false],
      ],
    ],
    [
      "every monday 22:00 to 04:00",
      [
        [13 * HOUR - 1, false],
        [13 * HOUR, true],
        [19 * HOUR - 1, true],
        [19 * HOUR, false],
        [DAY + 13 * HOUR, false],
      ],
    ],
  ] as const)("`%s` is in force from its beginning to its end, which is out", async (times, moments) => {
    for (const [offset, suppresses] of moments) {
      const { outcome } = await timedStory(patching("", times)).receive(NINE + offset);
      expect([offset, outcome === "suppressed"]).toEqual([offset, suppresses]);
    }
  });

  it("takes windows of the API beside those of the rules, and waits for the last of several", async () => {
    const rules = rulesFromText(patching());
    const desk = emptyDesk();
    const times = [{ kind: "span", from: NINE, to: NINE + 3 * HOUR }] as const;
    const none = new Set<string>();
    const window = { name: "by hand", organizations: none, devices: none, sources: none, times };
    const view = { ...viewOf(desk, NINE, 5), maintenance: [window] };
    const decision = await decide({ view, events: [alertEvent(NINE)], rules });
    expect(decision.kind === "decided" && decision.effects.at(-1)).toMatchObject({
      kind: "defer-alert",
      deferred: { until: NINE + 3 * HOUR },
    });
  });
});
