/** Clocks of tickets as they run, with short times: each fires at its time, once, and tells nobody in vain. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failuresOf } from "../simulation/run-rule-tests.ts";
import { until } from "../workflows/desk.ts";
import { services } from "../workflows/services.ts";
import { openClockDesk, pass, type ClockDesk } from "./clock-desk.ts";

let at: ClockDesk;
beforeAll(async () => {
  at = await openClockDesk(services());
}, 60_000);
afterAll(async () => {
  await at?.close();
});

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
const since = (moment: string): number => Date.now() - Date.parse(moment);

/** Idle, open, due and overdue in one story, in a unit of one's own: live in seconds, in a rule test in hours. */
const story = (unit: string): string => `
rule "Nobody looks"
  when ticket idle for 2 ${unit}
  then add note "nobody looks"
end
rule "Open for long"
  when ticket open for 3 ${unit}
  then set ticket.priority = "High"
end
rule "A higher priority"
  when ticket.priority changes
  then add note "priority changed"
end
rule "Nearly due"
  when ticket due in 1 ${unit}
  then add note "nearly due"
end
rule "Overdue"
  when ticket overdue by 1 ${unit}
  if ticket.priority is "High"
  then
    add note "overdue"
    complete ticket if untouched
end
`;

describe("the clocks of a ticket", () => {
  it("fire as the rule test says: idle, open, due and overdue, each once, and none of them has other rules run", async () => {
    const told = ["nobody looks", "nearly due", "overdue"];
    expect(
      await failuresOf(
        story("hours"),
        `
  given ticket 1 created at 09:00
    due_at = 2026-01-05 14:00
  end
  at 20:00
${told.map((text) => `  expect note on ticket 1 containing "${text}"`).join("\n")}
  expect no note on ticket 1 containing "priority changed"
  expect ticket 1 priority is "High"
  expect ticket 1 status is "Complete"`,
      ),
    ).toEqual([]);
    await at.publish(story("seconds"));
    const number = await at.open({ due_at: inSeconds(5) });
    await until(async () => (await at.ticket(number)).status === "Complete", "the last rule ends it");
    const { notes, priority, created_at: created } = await at.ticket(number);
    expect(notes.map(({ text }) => text)).toEqual(told);
    expect(priority).toBe("High");
    const [idle, due, overdue] = notes.map((note) => Date.parse(note.at) - Date.parse(created));
    expect(idle).toBeGreaterThanOrEqual(2000);
    expect(due).toBeGreaterThanOrEqual(3500);
    expect(overdue).toBeGreaterThanOrEqual(5500);
    await until(async () => (await at.clock(number)) === "COMPLETED", "the workflow ends with the ticket");
    expect(await at.told(number)).toBe(1);
  });

  it("start a new silence with the next act of a person, and none with what a rule does", async () => {
    await at.publish(`rule "silence" when ticket idle for 2 seconds then add note "idle" end`);
    const number = await at.open();
    await until(async () => (await at.notes(number)).length === 1, "the first silence is told");
    await pass(2500);
    expect(await at.notes(number)).toEqual(["idle"]);
    await until(async () => (await at.clock(number)) === "COMPLETED", "nothing is left to wait for");
    await at.note(number, "I look at it");
    await until(async () => (await at.notes(number)).length === 3, "the second silence is told");
    expect(await at.notes(number)).toEqual(["idle", "I look at it", "idle"]);
  });

  it("are put off by a storm of notes without a word to the workflow", async () => {
    await at.publish(`rule "storm" when ticket idle for 3 seconds then add note "idle" end`);
    const number = await at.open();
    for (let i = 0; i < 40; i += 1) {
      await at.note(number, `note ${i}`);
      await pass(100);
    }
    const { notes } = await at.ticket(number);
    expect(notes).toHaveLength(40);
    await until(async () => (await at.notes(number)).length === 41, "the silence is told");
    const shown = await at.ticket(number);
    const [last, idle] = shown.notes.slice(-2).map((note) => Date.parse(note.at));
    expect((idle ?? 0) - (last ?? 0)).toBeGreaterThanOrEqual(3000);
    expect(await at.told(number)).toBe(1);
  });

  it("are told when the due date comes nearer, and see by themselves when it moves away", async () => {
    await at.publish(`rule "due" when ticket due in 1 second then add note "due" end`);
    const [near, far] = [await at.open({ due_at: inSeconds(3600) }), await at.open({ due_at: inSeconds(3) })];
    await at.set(far, { due_at: inSeconds(3600) });
    await at.set(near, { due_at: inSeconds(3) });
    await until(async () => (await at.notes(near)).includes("due"), "it is due");
    await pass(1000);
    expect(await at.notes(far)).toEqual([]);
    expect(await at.clock(far)).toBe("RUNNING");
    expect([await at.told(near), await at.told(far)]).toEqual([2, 1]);
  });

  it("end when the ticket is completed long before its time, and start again when it is reopened", async () => {
    await at.publish(`rule "late" when ticket overdue then add note "overdue" end`);
    const number = await at.open({ due_at: inSeconds(7200) });
    await until(async () => (await at.clock(number)) === "RUNNING", "it waits");
    await at.set(number, { status: "Complete" });
    await until(async () => (await at.clock(number)) === "COMPLETED", "it ends");
    await at.set(number, { status: "New", due_at: inSeconds(2) });
    await until(async () => (await at.notes(number)).includes("overdue"), "it is overdue");
  });

  it("do nothing for a ticket that was completed just before its time", async () => {
    await at.publish(`rule "done" when ticket open for 2 seconds then add note "open" end`);
    const number = await at.open();
    const { created_at: created } = await at.ticket(number);
    await pass(1900 - since(created));
    await at.set(number, { status: "Complete" });
    await until(async () => (await at.clock(number)) === "COMPLETED", "it ends");
    expect(await at.notes(number)).toEqual([]);
  });

  it("start for no ticket that no rule waits for", async () => {
    await at.publish(`rule "only due" when ticket due in 1 hour then add note "due" end`);
    const number = await at.open();
    await pass(1500);
    expect([await at.told(number), await at.clock(number)]).toEqual([0, undefined]);
  });

  it("count only the time that a calendar is open, and never come where it stays closed", async () => {
    const today = new Date().toISOString().slice(0, 10);
    await at.publish(`
calendar "never again"
  zone "UTC"
  monday to sunday 0:00 to 0:00
  closed ${today} to 9999-12-31
end
rule "in a closed time" when ticket open for 1 second during "never again" then add note "open" end`);
    const number = await at.open();
    await pass(2000);
    expect([await at.notes(number), await at.told(number)]).toEqual([[], 0]);
  });

  it("look again when a person says so in the Temporal UI, and say what they wait for", async () => {
    await at.publish(`rule "soon" when ticket open for 2 hours then add note "open" end`);
    const number = await at.open();
    await until(async () => (await at.clock(number)) === "RUNNING", "it waits");
    const handle = at.client.workflow.getHandle(`ticket:${number}`);
    await handle.signal("lookAgain");
    const state = async (): Promise<{ looks: number; rule?: string }> => await handle.query("state");
    await until(async () => (await state()).looks === 1, "it looked");
    expect(await state()).toMatchObject({ state: "waiting", rule: "soon" });
    expect(await at.notes(number)).toEqual([]);
  });

  it("that are many at once start asleep, and can be told and looked at all the same", async () => {
    await at.publish(`
rule "many" when ticket open for 10 seconds then add note "open" end
rule "due" when ticket due in 1 second then add note "due" end
rule "each" when alert received then
  create ticket
    no dedup
end`);
    // One array is one transaction: the relay finds all of them at once.
    const alerts = Array.from({ length: 40 }, (_, i) => ({ source: "Datto RMM", title: `Disk ${i}` }));
    const { results } = await at.call<{ results: { ticket: string }[] }>("POST", "/alerts", alerts);
    const numbers = results.map(({ ticket }) => ticket);
    const asleep = async (): Promise<readonly string[]> => {
      const shown = await Promise.all(
        numbers.map(async (number) => await at.client.workflow.getHandle(`ticket:${number}`).describe()),
      );
      return numbers.filter((_, i) => shown[i]!.historyLength <= 2);
    };
    await until(async () => (await at.clock(numbers.at(-1)!)) === "RUNNING", "the last is started");
    const first = (await asleep()).at(-1)!;
    await at.set(first, { due_at: inSeconds(2) });
    await until(async () => (await at.notes(first)).includes("due"), "it is told");
    const fired = async (): Promise<number> => {
      const [row] = await at.desk.store.query<{ n: number }>({
        text: `select count(*) as n from ticket_notes n join tickets t on t.id = n.ticket_id
          where n.text = 'open' and t.number = any($1)`,
        values: [numbers],
      });
      return row?.n ?? 0;
    };
    await until(async () => (await fired()) === 40, "all fire", 90_000);
  }, 150_000);

  it("fire once with two workers", async () => {
    const second = await at.addWorker();
    await at.publish(`rule "twice" when ticket open for 2 seconds then add note "open" end`);
    const numbers = await Promise.all(Array.from({ length: 12 }, async () => await at.open()));
    await until(
      async () => (await Promise.all(numbers.map(at.notes))).every((notes) => notes.length > 0),
      "all fire",
    );
    await second.close();
    expect((await Promise.all(numbers.map(at.notes))).flat()).toHaveLength(12);
  });
});
