/** `alert still firing after` and `no alert for`: when they wait, what they see, what ends the wait (contract.md 4). */
import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, SECOND } from "../../src/domain/index.ts";
import { endOfHold } from "../../src/decision/index.ts";
import { NINE, timedStory, type TimedStory } from "./timed-rules.ts";

const uptime = `
rule "stays down"
  when alert still firing after 2 minutes
  if alert.source is "Uptime" and alert.severity is not "info"
  then
    create ticket
      title = "{alert.title} is down"
end
`;
const web = { source: "Uptime", alertId: "77", title: "web-1", severity: "critical" };

const holdOf = (story: TimedStory) => [...story.desk.holds.values()].flat()[0];

async function release(story: TimedStory, at: number) {
  const hold = holdOf(story);
  return story.one({ kind: "hold-due", identity: hold?.identity ?? "none", rule: "stays down", at });
}

describe("alert still firing after", () => {
  it("holds an alert that the rule would take and opens the ticket at the release, by system", async () => {
    const story = timedStory(uptime);
    const held = await story.receive(NINE, web);
    expect(held.outcome).toBe("held");
    expect(holdOf(story)?.dueAt).toBe(NINE + 2 * MINUTE);
    const released = await release(story, NINE + 2 * MINUTE);
    expect(released.outcome).toBe("ticket_created");
    expect(story.titles()).toEqual(["web-1 is down"]);
    expect(story.ticket(1).createdBy).toMatchObject({ kind: "system", rule: "stays down" });
    expect(story.ticket(1).createdAt).toBe(NINE + 2 * MINUTE);
    expect(holdOf(story)).toBeUndefined();
  });

  it("says why the alert waits, so that what is added when it ends can be told from it", async () => {
    const { why } = await timedStory(uptime + uptime.replace("stays down", "stays; too")).receive(NINE, web);
    const ends = ["", "; cleared", "; dropped at 2026-11-22T09:00:00.000Z: its rule left the rule set"];
    expect(ends.map((end) => endOfHold(why + end) ?? "")).toEqual(ends.map((end) => end.slice(2)));
  });

  it("does nothing before its time, and nothing twice", async () => {
    const story = timedStory(uptime);
    await story.receive(NINE, web);
    const early = await release(story, NINE + 2 * MINUTE - 1);
    expect([early.firings, story.titles()]).toEqual([[], []]);
    const { identity } = holdOf(story)!;
    const due = { kind: "hold-due", identity, rule: "stays down", at: NINE + 2 * MINUTE } as const;
    await story.decide(due, due);
    expect(story.titles()).toHaveLength(1);
  });

  it("leaves alerts alone that the rule would not take", async () => {
    const story = timedStory(uptime);
    expect((await story.receive(NINE, { ...web, source: "Other" })).outcome).toBe("unmatched");
    expect(story.desk.holds.size).toBe(0);
  });

  it("keeps the clock at a repeat and shows the rule the latest alert", async () => {
    const story = timedStory(uptime);
    await story.receive(NINE, web);
    const repeat = await story.receive(NINE + MINUTE, { ...web, title: "web-1 still" });
    expect(repeat.outcome).toBe("held");
    expect(holdOf(story)).toMatchObject({ startedAt: NINE, dueAt: NINE + 2 * MINUTE });
    await release(story, NINE + 2 * MINUTE);
    expect(story.titles()).toEqual(["web-1 still is down"]);
  });

  it("asks the rule again at the release: a latest alert that it does not take opens nothing", async () => {
    const story = timedStory(uptime);
    await story.receive(NINE, web);
    expect((await story.receive(NINE + MINUTE, { ...web, severity: "info" })).outcome).toBe("held");
    const released = await release(story, NINE + 2 * MINUTE);
    expect(released).toMatchObject({ outcome: "unmatched", firings: [] });
    expect(story.titles()).toEqual([]);
  });

  it.each([
    ["its alert id", web, { ...web, title: "another title" }, true],
    [
      "its title when there is no alert id",
      { ...web, alertId: undefined },
      { ...web, alertId: undefined },
      true,
    ],
    ["another alert id", web, { ...web, alertId: "78" }, false],
    ["another source", web, { ...web, source: "Other" }, false],
  ])("is ended by a resolved alert of %s or not: %#", async (_name, firing, resolved, ends) => {
    const story = timedStory(uptime);
    await story.receive(NINE, firing);
    const answer = await story.receive(NINE + MINUTE, { ...resolved, status: "resolved" });
    expect(answer.outcome).toBe("resolved");
    expect(holdOf(story) === undefined).toBe(ends);
  });

  it("starts anew after it has cleared", async () => {
    const story = timedStory(uptime);
    await story.receive(NINE, web);
    await story.receive(NINE + MINUTE, { ...web, status: "resolved" });
    await story.receive(NINE + 90 * SECOND, web);
    expect(holdOf(story)?.dueAt).toBe(NINE + 90 * SECOND + 2 * MINUTE);
  });

  it("holds for each rule apart, and `stop` on `alert received` stops none of them", async () => {
    const story = timedStory(`
rule "first"
  when alert received
  then stop
end
rule "two"
  when alert still firing after 2 minutes
  then create ticket
end
rule "five"
  when alert still firing after 5 minutes
  then create ticket
end
`);
    expect((await story.receive(NINE, web)).outcome).toBe("held");
    const holds = [...story.desk.holds.values()].flat();
    expect(holds.map(({ rule, dueAt }) => [rule, (dueAt - NINE) / MINUTE])).toEqual([
      ["two", 2],
      ["five", 5],
    ]);
  });

  it("does not hold what a rule suppressed, and opens nothing beside a ticket that another rule opened first", async () => {
    const suppressing = timedStory(`${uptime}
rule "noise"
  when alert received
  then suppress alert
end
`);
    expect((await suppressing.receive(NINE, web)).outcome).toBe("suppressed");
    expect(suppressing.desk.holds.size).toBe(0);
    const both = timedStory(`${uptime}
rule "at once"
  when alert received
  then create ticket
end
`);
    expect((await both.receive(NINE, web)).outcome).toBe("ticket_created");
    expect((await release(both, NINE + 2 * MINUTE)).outcome).toBe("note_added");
  });

  it("asks `outside` for the moment of the release", async () => {
    const story = timedStory(`
calendar "hours"
  zone "UTC"
  monday to friday 08:00 to 18:00
end
rule "at night"
  when alert still firing after 30 minutes
  if outside "hours"
  then create ticket
end
`);
    const evening = NINE + 8 * HOUR + 45 * MINUTE;
    expect((await story.receive(evening, web)).outcome).toBe("held");
    const { identity } = holdOf(story)!;
    await story.one({ kind: "hold-due", identity, rule: "at night", at: evening + 30 * MINUTE });
    expect(story.titles()).toHaveLength(1);
    expect((await story.receive(NINE + 24 * HOUR, { ...web, alertId: "78" })).outcome).toBe("unmatched");
  });

  it("raises `ticket created` for the ticket that it opens", async () => {
    const story = timedStory(`${uptime}
rule "new"
  when ticket created by system
  then set ticket.queue = "NOC"
end
`);
    await story.receive(NINE, web);
    await release(story, NINE + 2 * MINUTE);
    expect(story.ticket(1).queue).toBe("NOC");
  });
});

const backup = `
rule "no backup"
  when no alert for 26 hours per alert.device
  if alert.title is "backup done"
  then
    create ticket
      title = "no backup of {alert.device.name or "?"}"
end
`;
const device = (name: string) => ({ asked: name, id: undefined, name, tags: [] });
const done = { title: "backup done", device: device("FS-1") };
const absences = (story: TimedStory) => [...story.desk.absences.values()];

describe("no alert for", () => {
  it("is armed by an alert that the `if` describes, and fires once with the last one seen", async () => {
    const story = timedStory(backup);
    await story.receive(NINE, { ...done, title: "something else" });
    expect(absences(story)).toEqual([]);
    await story.receive(NINE, done);
    await story.receive(NINE + HOUR, { ...done, severity: "info" });
    const [absence] = absences(story);
    expect(absence).toMatchObject({ lastSeenAt: NINE + HOUR, dueAt: NINE + 27 * HOUR });
    const due = { kind: "absence-due", key: absence!.key, at: NINE + 27 * HOUR } as const;
    expect((await story.one({ ...due, at: due.at - 1 })).firings).toEqual([]);
    const results = await story.decide(due, due);
    expect(results.map(({ firings }) => firings.length)).toEqual([1, 0]);
    expect(story.titles()).toEqual(["no backup of FS-1"]);
    expect(story.ticket(1).createdBy).toMatchObject({ kind: "rule", name: "no backup" });
  });

  it("waits for each device apart, and for none that is not named", async () => {
    const story = timedStory(backup);
    await story.receive(NINE, done);
    await story.receive(NINE, { ...done, device: device("FS-2") });
    await story.receive(NINE, {
      ...done,
      device: { asked: undefined, id: undefined, name: undefined, tags: [] },
    });
    expect(absences(story)).toHaveLength(2);
  });

  it("is not armed by resolved alerts, and is by suppressed ones", async () => {
    const story = timedStory(`${backup}
rule "noise"
  when alert received
  then suppress alert
end
`);
    await story.receive(NINE, { ...done, status: "resolved" });
    expect(absences(story)).toEqual([]);
    expect((await story.receive(NINE, done)).outcome).toBe("suppressed");
    expect(absences(story)).toHaveLength(1);
  });

  it("fires again only after it was seen again", async () => {
    const story = timedStory(backup);
    await story.receive(NINE, done);
    await story.one({ kind: "absence-due", key: absences(story)[0]!.key, at: NINE + 26 * HOUR });
    expect(absences(story)).toEqual([]);
    await story.receive(NINE + 30 * HOUR, done);
    expect(absences(story)).toHaveLength(1);
  });

  it("reads `during` as the hours in which alerts are expected", async () => {
    const story = timedStory(`
calendar "hours"
  zone "UTC"
  monday to friday 08:00 to 18:00
end
rule "heartbeat"
  when no alert for 15 hours per alert.device
  if during "hours"
  then
    create ticket
      title = "silent"
end
`);
    await story.receive(NINE, done);
    const [absence] = absences(story);
    await story.receive(NINE + 10 * HOUR, done);
    expect(absences(story)[0]).toEqual(absence);
    await story.one({ kind: "absence-due", key: absence!.key, at: NINE + 15 * HOUR });
    expect(story.titles()).toEqual(["silent"]);
  });
});
