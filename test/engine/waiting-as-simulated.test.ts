/**
 * The same story with its real durations in Postgres and in memory, as `tocsin test` runs it: same outcomes, same tickets
 * at the same times. Whatever is due is made to come in order, so no clock is waited for.
 */
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import fc from "fast-check";
import type { DeskEvent } from "../../src/decision/index.ts";
import { rulesFromText } from "../decision/compiled-rules.ts";
import { alertEvent, storyOf, type Story } from "../decision/desk-story.ts";
import { at, incoming, openDesk, type RunningDesk } from "./running-desk.ts";

const RULES = rulesFromText(`
maintenance "Patching"
  for source "Probe"
  zone "UTC"
  from 2026-11-22 12:20 to 2026-11-22 12:45
end
rule "Stays" when alert still firing after 2 minutes if alert.source is "Probe"
  then create ticket title = "stays {alert.title}" end
rule "Stays longer" when alert still firing after 7 minutes if alert.source is "Probe"
  then create ticket title = "stays longer {alert.title}" no dedup end
rule "Silent" when no alert for 10 minutes per alert.device if alert.source is "Backup"
  then create ticket title = "silent {alert.title}" no dedup end
rule "Storm" when alert received if more than 2 alerts in 5 minutes per alert.device
  then create ticket title = "storm" dedup within 1 hour by alert.device end
rule "Fixed" when alert resolved then complete ticket end
`);

interface Step {
  readonly afterMs: number;
  readonly source: "Probe" | "Backup";
  readonly id: number;
  readonly device: string | undefined;
  readonly status: "firing" | "resolved";
}

const steps = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 1, max: 240_000 }),
    source: fc.constantFrom("Probe", "Backup"),
    id: fc.nat(2),
    device: fc.constantFrom("SRV-A", "SRV-B", undefined),
    status: fc.constantFrom("firing", "firing", "firing", "resolved"),
  }),
  { minLength: 1, maxLength: 40 },
) as fc.Arbitrary<readonly Step[]>;

let desk: RunningDesk;
beforeAll(async () => {
  desk = await openDesk(inject("postgresUrl"), { rules: RULES, now: () => at("12:00") });
});
afterAll(async () => {
  await desk?.close();
});

type Told = readonly [number, string][];

const START = at("12:00");
const END_MS = 3_600_000 * 3;

async function simulated(all: readonly Step[]): Promise<{ outcomes: string[]; tickets: Told }> {
  const story = storyOf(RULES);
  const outcomes: string[] = [];
  let now = START;
  for (const { afterMs, source, id, device, status } of all) {
    now += afterMs;
    await passInMemory(story, now);
    const parts = { source, alertId: String(id), title: `t${id}`, status };
    const event = alertEvent(now, {
      ...parts,
      organization: { asked: "Acme", id: undefined, name: "Acme", tags: [] },
      device: { asked: device, id: undefined, name: device, tags: [] },
    });
    const [result] = await story.decide(event);
    outcomes.push(result!.outcome!);
  }
  await passInMemory(story, now + END_MS);
  const tickets = [...story.desk.tickets.values()].map(({ createdAt, title }): [number, string] => [
    createdAt,
    title,
  ]);
  return { outcomes, tickets: tickets.sort(compare) };
}

async function passInMemory({ desk: memory, decide }: Story, until: number): Promise<void> {
  for (;;) {
    const due: DeskEvent[] = [
      ...[...memory.holds.values()].flat().map((hold): DeskEvent => ({
        kind: "hold-due",
        identity: hold.identity,
        rule: hold.rule,
        at: hold.dueAt,
      })),
      ...[...memory.absences.values()].map(({ key, dueAt }): DeskEvent => ({
        kind: "absence-due",
        key,
        at: dueAt,
      })),
      ...[...memory.deferred.values()].map(({ identity, until: end }): DeskEvent => ({
        kind: "maintenance-ended",
        identity,
        at: end,
      })),
    ];
    const [first] = due.sort((a, b) => ("at" in a && "at" in b ? a.at - b.at : 0));
    if (first === undefined || !("at" in first) || first.at > until) return;
    await decide(first);
  }
}

async function live(all: readonly Step[]): Promise<{ outcomes: string[]; tickets: Told }> {
  for (const table of ["tickets", "holds", "absences", "deferred_alerts", "maintenance_ends", "alert_counts"])
    await desk.rows(`delete from ${table}`);
  await desk.rows("delete from ticket_identities");
  const outcomes: string[] = [];
  let now = START;
  for (const { afterMs, source, id, device, status } of all) {
    now += afterMs;
    await passLive(now);
    const parts = { source, alertId: String(id), title: `t${id}`, status, device, organization: "Acme" };
    outcomes.push((await desk.engine.ingest(incoming(now, parts))).outcome);
  }
  await passLive(now + END_MS);
  const tickets = await desk.rows<{ created_at: number; title: string }>(
    "select created_at, title from tickets",
  );
  return {
    outcomes,
    tickets: tickets.map((row): [number, string] => [row.created_at, row.title]).sort(compare),
  };
}

async function passLive(until: number): Promise<void> {
  for (;;) {
    const [first] = await desk.rows<{ kind: string; id: string; at: number }>(
      `select 'hold' as kind, id, due_at as at from holds where state = 'waiting'
        union all select 'absence', id, due_at from absences where state = 'waiting'
        union all select 'end', id, until_at from maintenance_ends order by 3 limit 1`,
    );
    if (first === undefined || first.at > until) return;
    const { kind, id, at: due } = first;
    if (kind === "hold") await desk.engine.holdDue({ holdId: id, at: due, now: false });
    else if (kind === "absence") await desk.engine.absenceDue({ absenceId: id, at: due });
    else while ((await desk.engine.maintenanceEnded({ endId: id, at: due })).kind !== "over");
  }
}

function compare(a: readonly [number, string], b: readonly [number, string]): number {
  return a[0] - b[0] || (a[1] < b[1] ? -1 : 1);
}

it("makes of any story in Postgres what a rule test makes of it", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const made = await live(all);
      expect(made).toEqual(await simulated(all));
      for (const [, title] of made.tickets) seen.add(title.replace(/ t\d$/u, ""));
    }),
    { numRuns: 30 },
  );
  expect([...seen].sort()).toEqual(["silent", "stays", "stays longer", "storm"]);
}, 120_000);
