/** A rule set is published while its clocks run: who is told, who is not, and since when a rule counts (WF-6). */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

const openFor = (name: string, span: string, note = "open", more = ""): string =>
  `${more}rule "${name}" when ticket open for ${span} then add note "${note}" end\n`;

const rearmed = async (): Promise<number> => {
  const [row] = await at.desk.store.query<{ n: number }>({
    text: "select count(*) as n from outbox where kind = 'rearm-tickets'",
  });
  return row?.n ?? 0;
};

describe("when another rule set is put in force", () => {
  it("a rule whose time comes earlier now has the tickets told that wait for it", async () => {
    await at.publish(openFor("shorter", "2 hours"));
    const numbers = await Promise.all([at.open(), at.open(), at.open()]);
    await until(async () => (await at.clock(numbers[0])) === "RUNNING", "it waits");
    await at.publish(openFor("shorter", "3 seconds"));
    await until(
      async () => (await Promise.all(numbers.map(at.notes))).every((notes) => notes.length === 1),
      "all fire",
    );
    const [row] = await at.desk.store.query<{ workflow_id: string }>({
      text: "select workflow_id from outbox where kind = 'rearm-tickets' order by id desc limit 1",
    });
    const progress = await at.client.workflow.getHandle(row!.workflow_id).query("state");
    expect(progress).toMatchObject({ looked: 3, told: 3 });
  });

  it("a rule whose time comes later is seen when the clock wakes, and nobody is told", async () => {
    await at.publish(openFor("longer", "2 seconds"));
    const number = await at.open();
    await at.publish(openFor("longer", "2 hours"));
    await pass(3500);
    expect([await at.notes(number), await at.told(number), await at.clock(number)]).toEqual([
      [],
      1,
      "RUNNING",
    ]);
  });

  it("a rule that only says something else is not armed again, and says it", async () => {
    await at.publish(openFor("words", "3 seconds", "before"));
    const number = await at.open();
    const before = await rearmed();
    await at.publish(openFor("words", "3 seconds", "after"));
    await until(async () => (await at.notes(number)).length > 0, "it fires");
    expect([await at.notes(number), await rearmed()]).toEqual([["after"], before]);
  });

  it("a new rule counts for tickets created or changed afterwards, and for no other", async () => {
    await at.publish(openFor("old", "2 hours"));
    const [left, changed, noted] = [await at.open(), await at.open(), await at.open()];
    await at.publish(openFor("old", "2 hours") + openFor("new", "1 second", "new"));
    await at.note(noted, "not a change");
    await at.set(changed, { priority: "High" });
    const created = await at.open();
    await until(async () => (await at.notes(created)).includes("new"), "the new ticket's fires");
    await until(async () => (await at.notes(changed)).includes("new"), "the changed ticket's fires");
    await pass(500);
    expect([await at.notes(left), await at.notes(noted)]).toEqual([[], ["not a change"]]);
    expect((await at.ticket(left)).deadlines.map(({ rule }) => rule)).toEqual(["old"]);
  });

  it("a rule that went, was renamed or is inactive drops its clocks, and rolled back it counts as new", async () => {
    const first = await at.publish(openFor("gone", "3 seconds"));
    const number = await at.open();
    await at.publish(openFor("renamed", "3 seconds"));
    await at.activate(first);
    await pass(3500);
    expect(await at.notes(number)).toEqual([]);
    await until(async () => (await at.clock(number)) === "COMPLETED", "nothing is left to wait for");
    await at.set(number, { priority: "High" });
    await until(async () => (await at.notes(number)).length === 1, "it is saved again: the rule counts");
    await at.publish(openFor("gone", "2 seconds").replace("rule", "inactive rule"));
    const later = await at.open();
    await pass(2500);
    expect([await at.notes(later), await at.told(later)]).toEqual([[], 0]);
  });

  it("once per ticket and rule holds over every set that has the rule", async () => {
    const first = await at.publish(openFor("only once", "1 second"));
    const number = await at.open();
    await until(async () => (await at.notes(number)).length === 1, "it fires");
    await at.publish(openFor("only once", "2 seconds"));
    await at.activate(first);
    await at.set(number, { priority: "High" });
    await pass(2500);
    expect(await at.notes(number)).toEqual(["open"]);
  });

  it("a calendar that opens earlier moves the rules that use it", async () => {
    const calendar = (hours: string): string => `calendar "hours"\n  zone "UTC"\n  ${hours}\nend\n`;
    const rule = `rule "hours" when ticket open for 2 seconds during "hours" then add note "open" end`;
    const far = new Date(Date.now() + 3 * 86_400_000).toLocaleDateString("en", {
      weekday: "long",
      timeZone: "UTC",
    });
    await at.publish(calendar(`${far.toLowerCase()} 10:00 to 11:00`) + rule);
    const number = await at.open();
    await at.publish(calendar("monday to sunday 0:00 to 0:00") + rule);
    await until(async () => (await at.notes(number)).length === 1, "it fires");
  });

  it("again and again, back and forth, holds, silences and clocks of a rule that stays come once, at their time", async () => {
    const stays = `
rule "Stays held" when alert still firing after 5 seconds if alert.source is "Churn" then create ticket title = "held {alert.title}" no dedup end
rule "Stays awaited" when no alert for 5 seconds per alert.device if alert.source is "Churn" then create ticket title = "silent {alert.title}" no dedup end
rule "Stays open" when ticket open for 5 seconds if ticket.title is "churn" then add note "open" end
`;
    const sets = [await at.publish(stays), await at.publish(stays + openFor("comes and goes", "2 hours"))];
    await pass(500);
    const number = await at.open({ title: "churn" });
    await at.call("POST", "/alerts", { source: "Churn", title: "x", alert_id: "x", device: "SRV-X" });
    for (let i = 0; i < 30; i += 1) {
      await Promise.all([at.activate(sets[i % 2]!), i % 5 === 0 ? at.publish(stays) : pass(100)]);
      await pass(200);
    }
    const titles = async (): Promise<readonly string[]> =>
      (
        await at.desk.store.query<{ title: string }>({
          text: "select title from tickets where title = any($1) order by title",
          values: [["held x", "silent x"]],
        })
      ).map(({ title }) => title);
    await until(
      async () => (await titles()).length === 2 && (await at.notes(number)).length === 1,
      "all come",
    );
    await pass(1500);
    expect([await titles(), await at.notes(number)]).toEqual([["held x", "silent x"], ["open"]]);
  }, 90_000);
});
