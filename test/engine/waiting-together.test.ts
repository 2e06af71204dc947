/**
 * Holds, counts and alerts put off, decided by two engines at once on one database: as if one had decided them one after
 * the other.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import fc from "fast-check";
import pg from "pg";
import { rulesFromText } from "../decision/compiled-rules.ts";
import { at, incoming, openDesk, type RunningDesk } from "./running-desk.ts";

const RULES = `
rule "Stays"
  when alert still firing after 2 minutes
  if alert.source is "Probe"
  then create ticket title = "still {alert.title}"
end
rule "Storm"
  when alert received
  if more than 10 alerts in 5 minutes per alert.device and alert.device.name is not empty
  then
    create ticket
      title = "storm"
      dedup within 1 hour by alert.device
end
`;

let desk: RunningDesk;
let engines: readonly RunningDesk["engine"][];
beforeAll(async () => {
  desk = await openDesk(inject("postgresUrl"), { rules: rulesFromText(RULES) });
  engines = [desk.engine, await desk.addEngine(), await desk.addEngine()];
});
afterAll(async () => {
  await desk?.close();
});

const either = (n: number): RunningDesk["engine"] => engines[n % engines.length]!;

async function outcomes(
  alerts: readonly Parameters<typeof incoming>[1][],
  start = at("23:05"),
): Promise<string[]> {
  const answers = await Promise.all(
    alerts.map(async (parts, n) => await either(n).ingest(incoming(start + n, parts))),
  );
  return answers.map(({ outcome }) => outcome);
}

describe("engines on one database", () => {
  it("hold an alert once, however many of it come at the same time", async () => {
    const same = Array.from({ length: 60 }, () => ({ source: "Probe", alertId: "h-1" }));
    expect(new Set(await outcomes(same))).toEqual(new Set(["held"]));
    const holds = await desk.rows<{ state: string; due_at: number; started_at: number }>(
      "select state, due_at, started_at from holds",
    );
    expect(holds).toHaveLength(1);
    expect(holds[0]!.due_at - holds[0]!.started_at).toBe(120_000);
    expect(await desk.count("outbox", "kind = 'start-hold'")).toBe(1);
  });

  it("count exactly: of a hundred alerts of a device one opens the ticket, as many after it are noted as without a storm", async () => {
    const storm = Array.from({ length: 100 }, () => ({ device: "SRV-1", title: "x" }));
    const all = await outcomes(storm);
    expect(all.filter((outcome) => outcome === "ticket_created")).toHaveLength(1);
    expect(all.filter((outcome) => outcome === "unmatched")).toHaveLength(10);
    expect(all.filter((outcome) => outcome === "note_added")).toHaveLength(89);
  });

  it("count what lies within the span, both ends in, and forget what is older", async () => {
    const times = [...Array.from({ length: 10 }, () => 0), 300_000, 300_001];
    const seen: string[] = [];
    for (const [n, after] of times.entries()) {
      const { outcome } = await either(n).ingest(incoming(at("10:00") + after, { device: "SRV-2" }));
      seen.push(outcome);
    }
    // The eleventh sees all ten; of the twelfth's five minutes the first ten are out.
    expect(seen.slice(9)).toEqual(["unmatched", "ticket_created", "unmatched"]);
    const [row] = await desk.rows<{ n: number }>("select max(cardinality(times)) as n from alert_counts");
    expect(row!.n).toBeLessThanOrEqual(11);
  });

  it("keep no more receipts of a key than its threshold needs", async () => {
    for (let minute = 0; minute < 40; minute += 1)
      await either(minute).ingest(incoming(at("11:00") + minute * 60_000, { device: "SRV-3" }));
    const [row] = await desk.rows<{ n: number }>("select max(cardinality(times)) as n from alert_counts");
    expect(row!.n).toBeLessThanOrEqual(11);
  });

  it("count exactly through a storm, of which the newest receipts are kept, whoever added them", async () => {
    const storm = Array.from({ length: 900 }, () => ({ device: "SRV-4", title: "y" }));
    const all = await outcomes(storm, at("23:30"));
    expect(all.filter((outcome) => outcome === "ticket_created")).toHaveLength(1);
    expect(all.filter((outcome) => outcome === "unmatched")).toHaveLength(10);
    const rows = await desk.rows<{ times: string }>(
      "select times::text from alert_counts where times[cardinality(times)] = $1",
      String(at("23:30") + 899),
    );
    expect(rows.map(({ times }) => times)).toEqual([
      `{${Array.from({ length: 11 }, (_, n) => at("23:30") + 889 + n).join(",")}}`,
    ]);
    // Ten of them are five minutes old or younger then: with this one it is the eleventh, a millisecond later the tenth.
    const later = at("23:35") + 890;
    expect((await either(1).ingest(incoming(later, { device: "SRV-4", title: "y" }))).outcome).toBe(
      "note_added",
    );
    expect((await either(2).ingest(incoming(later + 2, { device: "SRV-4", title: "y" }))).outcome).toBe(
      "unmatched",
    );
  });

  const lockedBy = async (running: () => Promise<string[]>): Promise<{ sql: string; outcomes: string[] }> => {
    const holder = new pg.Client({ connectionString: desk.store.databaseUrl });
    await holder.connect();
    await holder.query("begin");
    await holder.query("select from alert_counts for update");
    const under = running();
    let sql = "";
    const waitingFor = async (): Promise<string> => {
      const [row] = await desk.rows<{ query: string }>(
        "select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%alert_counts%'",
      );
      sql = row?.query ?? "";
      return sql;
    };
    await expect.poll(waitingFor, { timeout: 3_000 }).not.toBe("");
    await holder.query("commit");
    await holder.end();
    return { sql, outcomes: await under };
  };
  const sixty = async (device: string, from: number): Promise<string[]> =>
    await outcomes(
      Array.from({ length: 60 }, () => ({ device, title: "z" })),
      from,
    );

  it("do not wait for each other's counts in a storm until they add to them at their end", async () => {
    await sixty("SRV-5", at("23:10"));
    const { sql, outcomes: all } = await lockedBy(async () => await sixty("SRV-5", at("23:11")));
    expect(sql).toMatch(/^insert into alert_counts as c/u);
    expect(new Set(all)).toEqual(new Set(["note_added"]));
  });

  it("wait for each other's counts where receipts leave the span before a batch has surely ended", async () => {
    await sixty("SRV-6", at("23:10"));
    const { sql } = await lockedBy(async () => await sixty("SRV-6", at("23:14") + 50_000));
    expect(sql).not.toMatch(/^insert into alert_counts as c/u);
  });

  it("give a hold that clears while it comes the end that the order of the decisions gives it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ id: fc.nat(2), status: fc.constantFrom("firing" as const, "resolved" as const) }),
          {
            minLength: 1,
            maxLength: 30,
          },
        ),
        async (events) => {
          const mark = `p-${Math.random().toString(36).slice(2)}`;
          await Promise.all(
            events.map(async ({ id, status }, n) =>
              either(n).ingest(
                incoming(at("12:00") + n, {
                  source: "Probe",
                  alertId: `${mark}-${id}`,
                  status,
                }),
              ),
            ),
          );
          // Whatever the order was: at most one hold an identity, with an alert that fired, and none that is both.
          const waiting = await desk.rows<{ alert_id: string; n: number }>(
            `select a.alert_id, count(*) as n, bool_and(a.status = 'firing') as firing from holds h join alerts a on a.id = h.alert_id
              where h.state = 'waiting' and a.alert_id like $1 group by 1`,
            `${mark}%`,
          );
          expect(waiting.every((row) => row.n === 1)).toBe(true);
          const onlyFiring = new Set(events.map(({ id }) => id));
          for (const { id, status } of events) if (status === "resolved") onlyFiring.delete(id);
          for (const id of onlyFiring) expect(waiting.map((row) => row.alert_id)).toContain(`${mark}-${id}`);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("release a hold once, though both are asked, and while its repeats come in", async () => {
    const start = at("13:00");
    await desk.engine.ingest(incoming(start, { source: "Probe", alertId: "r-1", title: "disk" }));
    const [hold] = await desk.rows<{ id: string }>(
      "select h.id from holds h join alerts a on a.id = h.alert_id where a.alert_id = 'r-1'",
    );
    const early = await either(1).holdDue({ holdId: hold!.id, at: start + 119_999, now: false });
    expect(early).toEqual({ kind: "waiting", dueAt: start + 120_000 });
    const asked = Array.from({ length: 6 }, async (_, n) =>
      either(n).holdDue({ holdId: hold!.id, at: start + 120_000, now: false }),
    );
    const repeats = Array.from({ length: 20 }, async (_, n) =>
      either(n).ingest(incoming(start + 120_000 + n, { source: "Probe", alertId: "r-1", title: "disk" })),
    );
    const outcomesOfAsked = await Promise.all(asked);
    await Promise.all(repeats);
    expect(outcomesOfAsked.filter(({ kind }) => kind === "released")).toHaveLength(1);
    expect(outcomesOfAsked.filter(({ kind }) => kind === "over")).toHaveLength(5);
    expect(await desk.count("tickets", "title = 'still disk'")).toBe(1);
    // What came after the release is held anew, or came before it and was on its clock: at most one hold waits.
    expect(
      await desk.count(
        "holds",
        `identity = (select identity from holds where id = '${hold!.id}') and state = 'waiting'`,
      ),
    ).toBeLessThanOrEqual(1);
  });

  it("say nothing of what is not there, and take no time for what is nonsense", async () => {
    expect(await desk.engine.holdDue({ holdId: "hd_nothing", at: 0, now: true })).toMatchObject({
      kind: "over",
    });
    expect(await desk.engine.dropHold({ holdId: "'; drop table holds", at: 0 })).toMatchObject({
      kind: "over",
    });
    expect(await desk.engine.absenceDue({ absenceId: "ab_nothing", at: 0 })).toMatchObject({ kind: "over" });
    expect(await desk.engine.maintenanceEnded({ endId: "me_nothing", at: 0 })).toEqual({ kind: "over" });
  });
});
