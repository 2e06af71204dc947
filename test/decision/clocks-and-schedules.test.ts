/** `ticket idle`, `open`, `due`, `overdue` and `every`: when they come, once, and what follows (WF-5, contract.md 4). */
import { describe, expect, it } from "vitest";
import { nextSchedules, ticketDeadlines, type DeskEvent } from "../../src/decision/index.ts";
import { DAY, HOUR, MINUTE } from "../../src/domain/index.ts";
import { rulesFromText } from "./compiled-rules.ts";
import { INTEGRATION, STAFF } from "./desk-story.ts";
import { ticketOf } from "../matcher/build-ir.ts";
import { NINE, timedStory, type TimedStory } from "./timed-rules.ts";

const hours = `
calendar "hours"
  zone "Europe/Berlin"
  monday to friday 08:00 to 18:00
  closed 2026-01-06
end
`;
const when = (event: string, action = 'set ticket.queue = "Late"', condition = ""): string => `
rule "late"
  when ${event}
  ${condition}
  then ${action}
end
`;

const opened = (at: number, fields: Record<string, unknown> = {}): DeskEvent => ({
  kind: "ticket-opened",
  ticketId: "tk_1",
  fields: { title: "x", ...fields },
  by: INTEGRATION,
  at,
});

async function storyWithTicket(text: string, fields: Record<string, unknown> = {}): Promise<TimedStory> {
  const story = timedStory(text);
  await story.one(opened(NINE, fields));
  return story;
}

/** Hours after nine, of each deadline that is still to come. */
function deadlines(story: TimedStory, text: string): readonly number[] {
  const { ir } = rulesFromText(text);
  return ticketDeadlines(ir, story.ticket(1), story.desk.clocks.get("tk_1")).map(
    ({ at }) => (at - NINE) / HOUR,
  );
}

describe("the deadlines of a ticket", () => {
  it.each([
    ["ticket idle for 30 minutes", {}, [0.5]],
    ["ticket open for 4 hours", {}, [4]],
    ["ticket due in 1 hour", { dueAt: NINE + 3 * HOUR }, [2]],
    ["ticket due in 1 hour", {}, []],
    ["ticket overdue", { dueAt: NINE + 3 * HOUR }, [3]],
    ["ticket overdue by 90 minutes", { dueAt: NINE + 3 * HOUR }, [4.5]],
    ["ticket overdue", {}, []],
    // Nine is ten o'clock in Berlin, eight hours before closing; Tuesday is closed.
    ['ticket open for 8 hours during "hours"', {}, [8]],
    ['ticket open for 9 hours during "hours"', {}, [8 + 38 + 1]],
    ['ticket idle for 8 hours 1 minute during "hours"', {}, [8 + 38 + 1 / 60]],
    ['ticket due in 2 hours during "hours"', { dueAt: NINE + 2 * DAY - HOUR }, [7]],
    ['ticket overdue by 1 hour during "hours"', { dueAt: NINE + 10 * HOUR }, [8 + 38 + 1]],
    ["ticket idle for 30 minutes or ticket open for 4 hours", {}, [0.5, 4]],
  ])("are, with `%s` and %j, %j hours after nine", async (event, fields, expected) => {
    const text = hours + when(event);
    const story = await storyWithTicket(text, fields);
    expect(deadlines(story, text)).toEqual(expected);
  });

  it("go by the wall clock over a change to summer time", () => {
    const text = `
calendar "nights"
  zone "Europe/Berlin"
  sunday 00:00 to 06:00
end
${when('ticket open for 4 hours during "nights"')}`;
    const midnight = Date.UTC(2026, 2, 28, 23);
    const [deadline] = ticketDeadlines(rulesFromText(text).ir, ticketOf({ createdAt: midnight }));
    // Four hours of open time have passed at five by a clock that skipped two to three.
    expect(deadline?.at).toBe(Date.UTC(2026, 2, 29, 3));
  });

  it("are none for Complete tickets and inactive rules", async () => {
    const text = when("ticket open for 4 hours");
    const story = await storyWithTicket(text, { status: "Complete" });
    expect(deadlines(story, text)).toEqual([]);
    const inactive = text.replace("rule", "inactive rule");
    expect(ticketDeadlines(rulesFromText(inactive).ir, ticketOf())).toEqual([]);
  });
});

describe("a ticket's clock", () => {
  it("fires at its time and not before", async () => {
    const story = await storyWithTicket(when("ticket open for 4 hours"));
    expect((await story.clock(NINE + 4 * HOUR - 1, "late", "ticket-open")).firings).toEqual([]);
    const result = await story.clock(NINE + 4 * HOUR, "late", "ticket-open");
    expect(result.firings.map(({ on }) => on)).toEqual(["ticket open"]);
    expect(result).toMatchObject({ outcome: undefined, ticketId: "tk_1" });
    expect(story.ticket(1).queue).toBe("Late");
  });

  it("fires once per ticket and rule, also told twice in one batch", async () => {
    const text = when("ticket overdue", 'add note "late"');
    const story = await storyWithTicket(text, { dueAt: NINE + HOUR });
    const due = { kind: "clock-due", ticketId: "tk_1", rule: "late", clock: "ticket-overdue" } as const;
    await story.decide({ ...due, at: NINE + HOUR }, { ...due, at: NINE + HOUR });
    expect(story.notes(1)).toEqual(["late"]);
    await story.set(NINE + 2 * HOUR, "tk_1", { dueAt: NINE + 5 * HOUR });
    expect(deadlines(story, text)).toEqual([]);
    await story.decide({ ...due, at: NINE + 6 * HOUR });
    expect(story.notes(1)).toEqual(["late"]);
  });

  it("moves with the due time until it has fired", async () => {
    const text = when("ticket due in 1 hour");
    const story = await storyWithTicket(text, { dueAt: NINE + 3 * HOUR });
    await story.set(NINE + HOUR, "tk_1", { dueAt: NINE + 10 * HOUR });
    expect((await story.clock(NINE + 2 * HOUR, "late", "ticket-due")).firings).toEqual([]);
    expect(deadlines(story, text)).toEqual([9]);
    expect((await story.clock(NINE + 9 * HOUR, "late", "ticket-due")).firings).toHaveLength(1);
  });

  it("fires once a silence: again after the next act of a person, not of rules or programs", async () => {
    const text = when("ticket idle for 30 minutes", 'add note "idle"');
    const story = await storyWithTicket(text);
    await story.clock(NINE + 30 * MINUTE, "late", "ticket-idle");
    await story.clock(NINE + HOUR, "late", "ticket-idle");
    await story.set(NINE + HOUR, "tk_1", { priority: "High" }, INTEGRATION);
    expect(deadlines(story, text)).toEqual([]);
    await story.set(NINE + 2 * HOUR, "tk_1", { priority: "Low" }, STAFF);
    expect(deadlines(story, text)).toEqual([2.5]);
    await story.clock(NINE + 2.5 * HOUR, "late", "ticket-idle");
    expect(story.notes(1)).toEqual(["idle", "idle"]);
  });

  it("is judged once: a condition that does not hold at its time is not waited for", async () => {
    const text = when("ticket open for 4 hours", undefined, 'if ticket.priority is "High"');
    const story = await storyWithTicket(text);
    expect((await story.clock(NINE + 4 * HOUR, "late", "ticket-open")).firings).toEqual([]);
    await story.set(NINE + 5 * HOUR, "tk_1", { priority: "High" });
    expect(deadlines(story, text)).toEqual([]);
    expect((await story.clock(NINE + 6 * HOUR, "late", "ticket-open")).firings).toEqual([]);
  });

  it("never cascades: what its rule changes is matched against no rule", async () => {
    const story = await storyWithTicket(`${when("ticket idle for 30 minutes")}
rule "echo"
  when ticket edited or note added
  then add tag "echo"
end
`);
    const { firings } = await story.clock(NINE + 30 * MINUTE, "late", "ticket-idle");
    expect(firings.map(({ rule }) => rule)).toEqual(["late"]);
    expect(story.ticket(1)).toMatchObject({ queue: "Late", tags: [] });
    await story.set(NINE + HOUR, "tk_1", { queue: "Early" });
    expect(story.ticket(1).tags).toEqual(["echo"]);
  });

  it("is one rule's alone, and does nothing for a ticket that is Complete", async () => {
    const story = await storyWithTicket(`${when("ticket open for 4 hours", 'add note "late"')}
rule "later"
  when ticket open for 5 hours
  then add note "later"
end
`);
    await story.clock(NINE + 5 * HOUR, "late", "ticket-open");
    expect(story.notes(1)).toEqual(["late"]);
    await story.set(NINE + 5 * HOUR, "tk_1", { status: "Complete" });
    expect((await story.clock(NINE + 6 * HOUR, "later", "ticket-open")).firings).toEqual([]);
    await story.set(NINE + 7 * HOUR, "tk_1", { status: "New" });
    expect((await story.clock(NINE + 7 * HOUR, "later", "ticket-open")).firings).toHaveLength(1);
  });
});

const weekly = `
rule "week"
  when every monday, friday at 07:30, 16:30 zone "Europe/Berlin"
  then
    create ticket
      title        = "weekly check"
      organization = "Acme"
end
`;

describe("every", () => {
  const next = (text: string, after: number): readonly string[] =>
    nextSchedules(rulesFromText(text).ir, after).map(
      ({ rule, at }) => `${rule} ${new Date(at).toISOString()}`,
    );
  const onEvery = (schedule: string): string => `${hours}
rule "r"
  when every ${schedule}
  then
    create ticket
      title = "x"
end
`;

  it.each([
    ["monday, friday at 07:30, 16:30", "2026-01-05T15:30:00.000Z"],
    ['monday, friday at 07:30, 16:30 zone "UTC"', "2026-01-05T16:30:00.000Z"],
    ["day at 8:00", "2026-01-06T07:00:00.000Z"],
    // Closed on Tuesday, by the calendar.
    ['weekday at 08:00 in "hours"', "2026-01-07T07:00:00.000Z"],
    ["hour", "2026-01-05T10:00:00.000Z"],
    ["15 minutes", "2026-01-05T09:15:00.000Z"],
    ["saturday to monday at 23:59:30", "2026-01-05T22:59:30.000Z"],
  ])("`%s` comes next at %s", (schedule, expected) => {
    expect(next(onEvery(schedule), NINE)).toEqual([`r ${expected}`]);
  });

  it("comes in UTC when no calendar says otherwise", () => {
    const text = onEvery("day at 8:00").replace(hours, "");
    expect(next(text, NINE)).toEqual(["r 2026-01-06T08:00:00.000Z"]);
  });

  it("takes the time after a gap of the clock, and the first of two equal ones", () => {
    expect(next(onEvery("day at 2:30"), Date.UTC(2026, 2, 28, 12))).toEqual(["r 2026-03-29T01:30:00.000Z"]);
    expect(next(onEvery("day at 2:30"), Date.UTC(2026, 9, 24, 12))).toEqual(["r 2026-10-25T00:30:00.000Z"]);
    expect(next(onEvery("day at 2:30"), Date.UTC(2026, 9, 25, 0, 30))).toEqual([
      "r 2026-10-26T01:30:00.000Z",
    ]);
  });

  it("opens a ticket by rule, from Tocsin, on the organization that it names, and raises `ticket created`", async () => {
    const story = timedStory(`${weekly}
rule "echo"
  when ticket created by rule
  then add tag "echo"
end
`);
    story.desk.records.set("organization:acme", {
      kind: "organization",
      id: "or_1",
      name: "Acme",
      tags: [],
      udf: {},
    });
    const result = await story.one({ kind: "schedule-due", rule: "week", at: NINE });
    expect(result.firings.map(({ rule, on }) => [rule, on])).toEqual([
      ["week", "every"],
      ["echo", "ticket created"],
    ]);
    expect(story.ticket(1)).toMatchObject({
      title: "weekly check",
      source: "Tocsin",
      organization: { name: "Acme" },
      createdBy: { kind: "rule", name: "week" },
      tags: ["echo"],
    });
    await story.one({ kind: "schedule-due", rule: "week", at: NINE + MINUTE });
    expect(story.titles()).toHaveLength(2);
  });

  it("does nothing for a rule that is no longer there", async () => {
    const story = timedStory(weekly);
    expect((await story.one({ kind: "schedule-due", rule: "gone", at: NINE })).firings).toEqual([]);
  });
});
