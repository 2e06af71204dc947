/** The engine when time comes: each time once whoever asks, whatever is asked twice, under the rules in force. */
import { afterEach, describe, expect, inject, it } from "vitest";
import type { ClocksInForce } from "../../src/engine/engine-parts.ts";
import { DAY, HOUR, MINUTE } from "../../src/domain/index.ts";
import { rulesFromText } from "../decision/compiled-rules.ts";
import { at, change, incoming, openDesk, STAFF, type RunningDesk } from "./running-desk.ts";

const NINE = at("09:00");
let desk: RunningDesk;
afterEach(async () => {
  await desk.close();
});

async function deskWith(text: string, now = NINE): Promise<RunningDesk> {
  desk = await openDesk(inject("postgresUrl"), { rules: rulesFromText(text), now: () => now });
  return desk;
}

async function open(input: object = {}): Promise<string> {
  const outcome = await desk.engine.openTicket({ title: "Disk full", ...input }, STAFF, NINE);
  if (outcome.kind !== "done") throw new Error(outcome.kind);
  return outcome.number;
}

const noted = async (): Promise<readonly string[]> =>
  (await desk.rows<{ text: string }>("select text from ticket_notes order by id")).map(({ text }) => text);
const told = async (): Promise<number> => await desk.count("outbox", "kind = 'ticket-clock'");

const rule = (event: string, action: string, name = "late"): string =>
  `rule "${name}" when ${event} then ${action} end\n`;

describe("a ticket that opened because time had passed", () => {
  const waits = `
rule "stays" when alert still firing after 2 minutes then create ticket end
rule "silent" when no alert for 2 minutes per alert.source then create ticket title = "silence" no dedup end
`;

  it("has its clock as any other: after a hold as after a silence", async () => {
    await deskWith(waits + rule("ticket open for 1 hour", 'add note "open"'));
    await desk.engine.ingest(incoming(NINE, { alertId: "a-1" }));
    const due = NINE + 2 * MINUTE;
    const [hold] = await desk.rows<{ id: string }>("select id from holds");
    expect(await desk.engine.holdDue({ holdId: hold!.id, at: due, now: false })).toMatchObject({
      kind: "released",
    });
    const [absence] = await desk.rows<{ id: string }>("select id from absences");
    expect(await desk.engine.absenceDue({ absenceId: absence!.id, at: due })).toMatchObject({ kind: "told" });
    expect(await told()).toBe(2);
    for (const { number } of await desk.rows<{ number: string }>("select number from tickets"))
      expect(await desk.engine.lookAtTicket(number, due + HOUR)).toMatchObject({
        judged: [{ rule: "late", acted: true }],
      });
  });
});

describe("looking at a ticket", () => {
  it("runs a rule whose time has come, and when it is asked again nothing", async () => {
    await deskWith(rule("ticket open for 4 hours", 'add note "open"'));
    const number = await open();
    expect(await desk.engine.lookAtTicket(number, NINE + HOUR)).toEqual({
      next: { at: NINE + 4 * HOUR, rule: "late", clock: "ticket-open" },
      judged: [],
      isCompleted: false,
    });
    const look = await desk.engine.lookAtTicket(number, NINE + 4 * HOUR);
    expect(look).toEqual({ next: undefined, judged: [{ rule: "late", acted: true }], isCompleted: false });
    const again = await desk.engine.lookAtTicket(number, NINE + 5 * HOUR);
    expect(again).toEqual({ next: undefined, judged: [], isCompleted: false });
    expect(await noted()).toEqual(["open"]);
  });

  it("runs it once when two workers ask at the same moment", async () => {
    await deskWith(rule("ticket open for 1 hour", 'add note "open"'));
    const numbers = await Promise.all(Array.from({ length: 10 }, async () => await open()));
    const other = await desk.addEngine();
    await Promise.all(
      numbers.flatMap((number) =>
        [desk.engine, other, desk.engine].map(
          async (engine) => await engine.lookAtTicket(number, NINE + HOUR),
        ),
      ),
    );
    expect(await noted()).toHaveLength(10);
    expect(await desk.count("firings", "rule = 'late'")).toBe(10);
  });

  it("judges what came at once in order, and a ticket that the first of them completes has no more times", async () => {
    await deskWith(
      rule("ticket open for 2 hours", "complete ticket", "first") +
        rule("ticket idle for 3 hours", 'add note "idle"', "second"),
    );
    const number = await open();
    const look = await desk.engine.lookAtTicket(number, NINE + DAY);
    expect(look).toMatchObject({ next: undefined, isCompleted: true });
    expect(look.judged).toEqual([
      { rule: "first", acted: true },
      { rule: "second", acted: false },
    ]);
    expect(await noted()).toEqual([]);
  });

  it("completes a ticket only while no person has touched it", async () => {
    await deskWith(rule("ticket idle for 1 hour", "complete ticket if untouched"));
    const [left, touched] = [await open(), await open()];
    await desk.engine.addNote(touched, {
      at: NINE + MINUTE,
      by: STAFF,
      visibility: "internal",
      text: "I look",
    });
    for (const number of [left, touched]) await desk.engine.lookAtTicket(number, NINE + 2 * HOUR);
    const rows = await desk.rows<{ number: string; status: string }>(
      "select number, status from tickets order by number",
    );
    expect(rows.map(({ status }) => status)).toEqual(["Complete", "New"]);
  });

  it("says nothing of a ticket that is not there or that no rule waits for", async () => {
    await deskWith(rule("ticket due in 1 hour", 'add note "due"'));
    const number = await open();
    const nothing = { next: undefined, judged: [], isCompleted: false };
    expect(await desk.engine.lookAtTicket("T20260101.9999", NINE)).toEqual(nothing);
    expect(await desk.engine.lookAtTicket(number, NINE + DAY)).toEqual(nothing);
  });
});

describe("a change of a ticket", () => {
  it("tells its clock only when a time comes nearer", async () => {
    await deskWith(rule("ticket due in 1 hour", 'add note "due"'));
    const number = await open({ due_at: NINE + DAY });
    expect(await told()).toBe(1);
    await change(desk.engine, number, { due_at: NINE + 2 * DAY }, NINE + MINUTE);
    await change(desk.engine, number, { priority: "High" }, NINE + 2 * MINUTE);
    await change(desk.engine, number, { due_at: NINE + DAY }, NINE + 3 * MINUTE);
    expect(await told()).toBe(1);
    await change(desk.engine, number, { due_at: NINE + 3 * HOUR }, NINE + 4 * MINUTE);
    expect(await told()).toBe(2);
    await change(desk.engine, number, { status: "Complete" }, NINE + 5 * MINUTE);
    expect(await told()).toBe(3);
  });

  it("by a thousand repeats costs its clock no word and no row", async () => {
    await deskWith(
      rule("alert received", "create ticket") + rule("ticket idle for 1 hour", 'add note "idle"', "idle"),
    );
    await Promise.all(
      Array.from({ length: 1000 }, async (_, i) => await desk.engine.ingest(incoming(NINE + i))),
    );
    expect(await desk.count("tickets")).toBe(1);
    expect([await told(), await desk.count("ticket_clocks")]).toEqual([1, 1]);
  });
});

/** Sets as they follow each other, put in force by hand: `since` of each rule, in activations. */
function inForce(activation: number, since: Readonly<Record<string, number>>): ClocksInForce {
  return { activation, since: new Map(Object.entries(since)) };
}

describe("when rules change", () => {
  it("looks at the tickets that wait, page by page, and tells those whose time comes earlier", async () => {
    await deskWith(rule("ticket open for 4 hours", 'add note "open"'));
    desk.use(rulesFromText(rule("ticket open for 4 hours", 'add note "open"')), inForce(1, { late: 1 }));
    for (let i = 0; i < 130; i += 1) await open();
    await desk.rows(
      "insert into rule_sets (number, hash, author, origin, files) values (1, 'x', 'Anna', 'api', '[]')",
    );
    await desk.rows("insert into active_rule_set (number, activated_by, activation) values (1, 'Anna', 2)");
    await desk.rows("insert into rule_clocks values ('late', 'h', 1, 2)");
    await expect(desk.engine.rearmTickets({ activation: 2, after: "" })).rejects.toMatchObject({
      code: "rules_behind",
    });
    desk.use(rulesFromText(rule("ticket open for 1 hour", 'add note "open"')), inForce(2, { late: 1 }));
    const first = await desk.engine.rearmTickets({ activation: 2, after: "" });
    expect(first).toMatchObject({ looked: 100, told: 100, isSuperseded: false });
    const second = await desk.engine.rearmTickets({ activation: 2, after: first.after! });
    expect(second).toEqual({ looked: 30, told: 30, after: undefined, isSuperseded: false });
    expect(await desk.engine.rearmTickets({ activation: 2, after: "" })).toMatchObject({ looked: 0 });
    expect(await desk.engine.rearmTickets({ activation: 1, after: "" })).toMatchObject({
      isSuperseded: true,
    });
    expect(await desk.count("ticket_clocks", `due_at = '${new Date(NINE + HOUR).toISOString()}'`)).toBe(130);
  });
});

describe("a rule on a schedule", () => {
  const daily = rule("every day at 10:00", 'create ticket title = "check"', "daily");

  it("runs once a time, whoever asks and how often", async () => {
    await deskWith(daily);
    const other = await desk.addEngine();
    const run = { rule: "daily", time: at("10:00"), at: at("10:00") + 5 };
    const runs = await Promise.all(
      [desk.engine, other, desk.engine, other].map(async (engine) => await engine.runSchedule(run)),
    );
    expect(runs.map(({ kind }) => kind).sort()).toEqual(["ran", "skipped", "skipped", "skipped"]);
    expect(await desk.count("tickets")).toBe(1);
  });

  it("runs late within an hour and not after, and tells which times were missed", async () => {
    await deskWith(daily);
    const ten = at("10:00");
    expect(await desk.engine.runSchedule({ rule: "daily", time: ten, at: ten + HOUR - 1 })).toMatchObject({
      kind: "ran",
      missed: [],
    });
    const next = ten + 3 * DAY;
    expect(await desk.engine.runSchedule({ rule: "daily", time: next - DAY, at: next })).toEqual({
      kind: "skipped",
      why: "too-late",
    });
    expect(await desk.engine.runSchedule({ rule: "daily", time: next, at: next })).toMatchObject({
      kind: "ran",
      missed: [ten + DAY, ten + 2 * DAY],
    });
  });

  it("does not run for a rule that is gone, nor at a time that a clock change brings twice", async () => {
    await deskWith(rule('every day at 02:30 zone "Europe/Berlin"', 'create ticket title = "night"', "night"));
    const [first, second] = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)];
    expect(await desk.engine.runSchedule({ rule: "night", time: first, at: first })).toMatchObject({
      kind: "ran",
    });
    expect(await desk.engine.runSchedule({ rule: "night", time: second, at: second })).toEqual({
      kind: "skipped",
      why: "left-out",
    });
    expect(await desk.engine.runSchedule({ rule: "gone", time: second, at: second })).toEqual({
      kind: "skipped",
      why: "gone",
    });
    const byHand = second + 12_345;
    expect(await desk.engine.runSchedule({ rule: "night", time: byHand, at: byHand })).toMatchObject({
      kind: "ran",
    });
  });
});

describe("once per", () => {
  it("opens one ticket an organization although two engines take the alerts at once", async () => {
    await deskWith(rule("alert received", "create ticket once per 30 minutes", "sparse"));
    const other = await desk.addEngine();
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) =>
        (i % 2 === 0 ? desk.engine : other).ingest(incoming(NINE + i, { title: `Disk ${i}` })),
      ),
    );
    expect(await desk.count("tickets")).toBe(1);
    await desk.engine.ingest(incoming(NINE + 31 * MINUTE, { title: "later" }));
    expect(await desk.count("tickets")).toBe(2);
  });
});
