/** Changes by people, programs and rules: what they raise, who did it, and how far rules carry on. */
import { describe, expect, it } from "vitest";
import { emptyDesk, recordKey } from "../../src/decision/index.ts";
import type { RuleIr } from "../../src/compiler/index.ts";
import { MINUTE } from "../../src/domain/index.ts";
import {
  alertEvent,
  always,
  complete,
  constant,
  createTicket,
  INTEGRATION,
  noteAction,
  on,
  path,
  ruleOf,
  rulesOf,
  setField,
  STAFF,
  stop,
  storyOf,
  suppress,
  text,
  trigger,
  type Story,
} from "./desk-story.ts";

const AT = Date.UTC(2026, 10, 22, 23, 5);
const opening = on("alert-received", [createTicket()]);
const changes = (apiName: string): RuleIr["triggers"][number] =>
  trigger("ticket-changed", { change: { apiName, from: [], to: [] } });

const fired = (story: Story): readonly string[] =>
  story.desk.firings.map(({ rule, depth }) => `${rule}@${depth}`);

describe("a change by a person", () => {
  it("raises all its events, each rule once, in firing order", async () => {
    const rules = rulesOf([
      opening,
      on("ticket-changed", [noteAction("changed")], { triggers: [changes("status")] }),
      on("ticket-completed", [noteAction("completed")]),
      on("ticket-edited", [noteAction("edited")]),
      on("ticket-edited", [noteAction("either")], {
        triggers: [trigger("ticket-edited"), trigger("ticket-completed")],
      }),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    await story.set(AT + 1, "tk_1", { status: "Complete" });
    expect(story.notes(1)).toEqual(["changed", "completed", "edited", "either"]);
    expect(story.desk.firings.map((firing) => firing.on)).toEqual([
      "alert received",
      "ticket.status changes",
      "ticket completed",
      "ticket edited",
      "ticket edited",
    ]);
  });

  it("sets and clears the time of completion, and raises reopened", async () => {
    const story = storyOf(rulesOf([opening, on("ticket-reopened", [noteAction("reopened")])]));
    await story.receive(AT);
    await story.set(AT + 1, "tk_1", { status: "Complete" });
    expect(story.ticket(1)).toMatchObject({ completedAt: AT + 1, version: 2 });
    await story.set(AT + 2, "tk_1", { status: "Waiting" });
    expect(story.ticket(1)).toMatchObject({ completedAt: undefined, version: 3 });
    expect(story.notes(1)).toEqual(["reopened"]);
  });

  it("is human activity; an integration's and a rule's are not", async () => {
    const story = storyOf(rulesOf([opening]));
    await story.receive(AT);
    await story.set(AT + 1, "tk_1", { queue: "A" }, INTEGRATION);
    expect(story.ticket(1)).toMatchObject({ touchedByHuman: false, lastHumanActivityAt: AT });
    await story.set(AT + 2, "tk_1", { queue: "B" }, STAFF);
    expect(story.ticket(1)).toMatchObject({ touchedByHuman: true, lastHumanActivityAt: AT + 2 });
  });

  it("is nothing when no value differs", async () => {
    const story = storyOf(rulesOf([opening, on("ticket-edited", [noteAction("edited")])]));
    await story.receive(AT);
    const before = story.effects.length;
    await story.set(AT + 1, "tk_1", { status: "New", tags: [], udf: { Site: undefined } });
    expect(story.effects).toHaveLength(before);
  });

  it("writes a line of history for each field, references by name", async () => {
    const story = storyOf(rulesOf([opening]));
    await story.receive(AT);
    const anna = { id: "rs_1", name: "Anna", email: undefined };
    await story.set(AT + 1, "tk_1", { assignedResource: anna, udf: { Site: "HH" }, dueAt: AT + MINUTE });
    expect(story.desk.history.get("tk_1")).toEqual([
      { field: "assigned_resource", from: undefined, to: "Anna" },
      { field: "due_at", from: undefined, to: AT + MINUTE },
      { field: "udf.Site", from: undefined, to: "HH" },
    ]);
  });

  it("shows the latest alert of the ticket to rules", async () => {
    const story = storyOf(
      rulesOf([opening, on("ticket-edited", [noteAction(text(path("alert.severity")))])]),
    );
    await story.receive(AT, { severity: "minor" });
    await story.receive(AT + 1, { severity: "major" });
    await story.set(AT + 2, "tk_1", { queue: "A" });
    expect(story.notes(1)[1]).toBe("major");
  });

  it("narrows by the actor", async () => {
    const rules = rulesOf([
      opening,
      on("ticket-edited", [noteAction("staff")], { triggers: [trigger("ticket-edited", { by: ["staff"] })] }),
      on("ticket-created", [noteAction("system")], {
        triggers: [trigger("ticket-created", { by: ["system"] })],
      }),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    await story.set(AT + 1, "tk_1", { queue: "A" }, INTEGRATION);
    await story.set(AT + 2, "tk_1", { queue: "B" }, STAFF);
    expect(story.notes(1)).toEqual(["system", "staff"]);
  });
});

describe("a ticket opened by hand", () => {
  it("has the category's defaults, no window, and is by whoever opened it", async () => {
    const story = storyOf(rulesOf([on("ticket-created", [noteAction("seen")])]));
    const [result] = await story.decide({
      kind: "ticket-opened",
      ticketId: "tk_9",
      fields: { title: "Printer", priority: "High" },
      by: STAFF,
      at: AT,
    });
    expect(result).toMatchObject({ outcome: undefined, ticketId: "tk_9" });
    expect(story.ticket(1)).toMatchObject({
      id: "tk_9",
      title: "Printer",
      status: "New",
      priority: "High",
      createdBy: STAFF,
      dedupKey: undefined,
      windowEndsAt: undefined,
      organization: { name: "My Own MSP" },
      touchedByHuman: false,
    });
    expect(story.notes(1)).toEqual(["seen"]);
  });

  it("has no dedup: two equal ones are two tickets", async () => {
    const story = storyOf(rulesOf([]));
    const opened = (ticketId: string) =>
      ({ kind: "ticket-opened", ticketId, fields: { title: "Printer" }, by: STAFF, at: AT }) as const;
    await story.decide(opened("tk_8"), opened("tk_9"));
    expect(story.desk.tickets.size).toBe(2);
    expect(new Set([...story.desk.tickets.values()].map(({ number }) => number)).size).toBe(2);
  });
});

describe("notes and time entries", () => {
  it("raise their event, never edited, and leave the version", async () => {
    const rules = rulesOf([
      opening,
      on("ticket-edited", [noteAction("edited")]),
      on("note-added", [setField("queue", path("note.text"))], {
        triggers: [trigger("note-added", { by: ["staff"] })],
      }),
      on("time-entry-added", [setField("type", path("entry.role"))]),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    const note = { at: AT + 1, by: STAFF, visibility: "internal", text: "Level II" } as const;
    await story.decide({ kind: "note-added", ticketId: "tk_1", note });
    expect(story.ticket(1)).toMatchObject({
      queue: "Level II",
      touchedByHuman: true,
      lastHumanActivityAt: AT + 1,
    });
    expect(story.notes(1)).toEqual(["Level II", "edited"]);
    const entry = { at: AT + 2, by: STAFF, hours: 0.5, role: "Support", text: undefined };
    await story.decide({ kind: "time-entry-added", ticketId: "tk_1", entry });
    expect(story.ticket(1)).toMatchObject({ type: "Support", lastHumanActivityAt: AT + 2 });
  });
});

describe("actions on the ticket", () => {
  const edited = (...actions: Parameters<typeof on>[1]) =>
    rulesOf([opening, on("ticket-changed", actions, { triggers: [changes("queue")] })]);
  const played = async (rules: ReturnType<typeof rulesOf>, desk = emptyDesk()): Promise<Story> => {
    const story = storyOf(rules, desk);
    await story.receive(AT);
    await story.set(AT + 1, "tk_1", { queue: "A" });
    return story;
  };

  it("are by the rule, with its file and line", async () => {
    const story = await played(edited(setField("priority", constant("High")), noteAction("done")));
    const effect = story.effects.findLast(({ kind }) => kind === "change-ticket");
    const by = { kind: "rule", name: "rule 1", rule: "rule 1", file: "a.rules", line: 2 };
    expect(effect).toMatchObject({ by });
    expect(story.desk.notes.get("tk_1")?.[0]).toMatchObject({ by });
  });

  it("see values as changed so far within one rule", async () => {
    const story = await played(
      edited(setField("type", constant("B")), noteAction(text(path("ticket.type")))),
    );
    expect(story.notes(1)).toEqual(["B"]);
  });

  it("empty a field with a missing value, but never the status", async () => {
    const story = await played(
      edited(setField("queue", path("alert.severity")), setField("status", path("alert.severity"))),
    );
    expect(story.ticket(1)).toMatchObject({ queue: undefined, status: "New" });
    expect(story.desk.firings.at(-1)?.outcomes[1]).toMatchObject({ kind: "skipped" });
  });

  it("count durations from now where a time is wanted", async () => {
    const story = await played(edited(setField("due_at", { kind: "duration", ms: MINUTE })));
    expect(story.ticket(1).dueAt).toBe(AT + 1 + MINUTE);
  });

  it("skip a reference that nobody has and go on (WF-8)", async () => {
    const story = await played(
      edited(setField("assigned_resource", constant("Nobody")), noteAction("went on")),
    );
    expect(story.notes(1)).toEqual(["went on"]);
    expect(story.desk.firings.at(-1)?.outcomes[0]).toMatchObject({
      kind: "skipped",
      reason: 'no resource "Nobody" is known for ticket.assigned_resource',
    });
  });

  it("set a device of the ticket's organization by name", async () => {
    const desk = emptyDesk();
    const record = { kind: "device", id: "dv_1", name: "SRV-B", tags: [], udf: {} } as const;
    desk.records.set(
      recordKey({ kind: "device", by: "name", organizationId: "or_1", name: "srv-b" }),
      record,
    );
    const story = await played(edited(setField("device", constant("SRV-B"))), desk);
    expect(story.ticket(1).device?.id).toBe("dv_1");
  });

  it("write user-defined fields and remove them with a missing value", async () => {
    const story = await played(edited(setField("udf.Site", constant("HH"))));
    expect(story.ticket(1).udf).toEqual({ Site: "HH" });
  });

  it("add and remove tags", async () => {
    const tags = (kind: "add-tags" | "remove-tags", ...names: readonly string[]) =>
      ({ kind, tags: names, origin: always.origin }) as const;
    const story = await played(edited(tags("add-tags", "vip", "vip", "x"), tags("remove-tags", "x")));
    expect(story.ticket(1).tags).toEqual(["vip"]);
  });

  it("complete a ticket only if nobody touched it, when asked so", async () => {
    const story = await played(edited(complete(true)));
    expect(story.ticket(1).status).toBe("New");
    const other = await played(edited(complete()));
    expect(other.ticket(1)).toMatchObject({ status: "Complete", completedAt: AT + 1 });
  });

  it("open a ticket by rule, for the customer of the ticket at hand", async () => {
    const follow = createTicket({ fields: { title: constant("Write a report") }, dedup: { kind: "none" } });
    const story = await played(edited(follow, noteAction("on the new one")));
    expect(story.ticket(2)).toMatchObject({
      title: "Write a report",
      organization: { name: "Acme" },
      source: "Tocsin",
      createdBy: { kind: "rule", name: "rule 1" },
    });
    expect(story.notes(2)).toEqual(["on the new one"]);
  });
});

describe("the cascade", () => {
  it("goes breadth first and counts its depth", async () => {
    const rules = rulesOf([
      on("alert-received", [createTicket(), setField("queue", constant("A"))]),
      on("ticket-created", [setField("type", constant("T"))]),
      on("ticket-changed", [noteAction("queue")], { triggers: [changes("queue")] }),
      on("ticket-changed", [noteAction("type")], { triggers: [changes("type")] }),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    expect(fired(story)).toEqual(["rule 0@0", "rule 1@1", "rule 2@1", "rule 3@2"]);
  });

  it("lets each rule act at most once", async () => {
    const rules = rulesOf([
      opening,
      on("ticket-edited", [setField("queue", text(path("ticket.queue"), "x"))]),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    await story.set(AT + 1, "tk_1", { queue: "a" });
    expect(story.ticket(1).queue).toBe("ax");
  });

  it("ends five deep and says which rules it left out", async () => {
    const chain = Array.from({ length: 8 }, (_, n) =>
      ruleOf(0, always, {
        triggers: [changes(`udf.F${n}`)],
        actions: [setField(`udf.F${n + 1}`, constant("x"))],
      }),
    );
    const story = storyOf(rulesOf([opening, ...chain]));
    await story.receive(AT);
    const result = await story.set(AT + 1, "tk_1", { udf: { F0: "x" } });
    expect(Object.keys(story.ticket(1).udf)).toEqual(["F0", "F1", "F2", "F3", "F4", "F5", "F6"]);
    expect(result.firings.map(({ depth }) => depth)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(result.cut).toBe('changes went more than 5 deep: "rule 7" did not run');
  });

  it("keeps a ticket that is opened while an alert is handled by system, whichever rule opens it", async () => {
    const rules = rulesOf([
      opening,
      on("ticket-created", [
        createTicket({ fields: { title: constant("Second") }, dedup: { kind: "none" } }),
      ]),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    expect(story.ticket(2).createdBy).toMatchObject({ kind: "system", rule: "rule 1" });
  });
});

describe("stop and suppress", () => {
  it("stop keeps later rules from the event, not from what it raises", async () => {
    const rules = rulesOf([
      on("alert-received", [createTicket(), stop]),
      on("alert-received", [createTicket({ dedup: { kind: "none" } })]),
      on("ticket-created", [noteAction("seen")]),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    expect(story.desk.tickets.size).toBe(1);
    expect(story.notes(1)).toEqual(["seen"]);
  });

  it("stop closes one of a change's events, not the others", async () => {
    const rules = rulesOf([
      opening,
      on("ticket-completed", [stop]),
      on("ticket-completed", [noteAction("completed")]),
      on("ticket-edited", [noteAction("edited")]),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    await story.set(AT + 1, "tk_1", { status: "Complete" });
    expect(story.notes(1)).toEqual(["edited"]);
  });

  it("suppress keeps later rules from opening a ticket and is the reason", async () => {
    const rules = rulesOf([
      on("alert-received", [suppress]),
      on("alert-received", [createTicket(), noteAction("x")]),
    ]);
    const story = storyOf(rules);
    const result = await story.receive(AT);
    expect(result).toMatchObject({ outcome: "suppressed", why: 'suppressed by rule "rule 0" (a.rules:1)' });
    expect(story.desk.tickets.size).toBe(0);
    expect(result.firings).toHaveLength(2);
  });

  it("an earlier ticket stands beside a later suppress", async () => {
    const story = storyOf(rulesOf([opening, on("alert-received", [suppress])]));
    expect((await story.receive(AT)).outcome).toBe("ticket_created");
  });
});

describe("outcomes", () => {
  it("an alert that no rule wants is unmatched", async () => {
    expect(await storyOf(rulesOf([])).receive(AT)).toMatchObject({ outcome: "unmatched", firings: [] });
  });

  it("an alert whose rules opened nothing is handled", async () => {
    expect((await storyOf(rulesOf([on("alert-received", [stop])])).receive(AT)).outcome).toBe("handled");
  });

  it("a rule that json-rules-engine does not confirm does not act, and that is recorded", async () => {
    const rules = rulesOf([opening]);
    const story = storyOf({ ...rules, confirm: () => Promise.resolve({ holds: false, conditions: [] }) });
    const result = await story.receive(AT);
    expect(result).toMatchObject({ outcome: "unmatched", firings: [] });
    expect(story.desk.tickets.size).toBe(0);
    expect(story.desk.disagreements).toMatchObject([{ rule: "rule 0" }]);
  });
});

describe("a resolved alert", () => {
  const resolving = rulesOf([
    opening,
    on("alert-resolved", [noteAction(text("cleared by ", path("alert.source"))), complete(true)]),
  ]);

  it("finds the ticket of its alert id and completes it untouched", async () => {
    const story = storyOf(resolving);
    await story.receive(AT, { alertId: "1" });
    const result = await story.receive(AT + MINUTE, { alertId: "1", status: "resolved", title: "OK now" });
    expect(result).toMatchObject({ outcome: "resolved", ticketId: "tk_1" });
    expect(story.ticket(1).status).toBe("Complete");
    expect(story.notes(1)).toEqual(["cleared by Datto RMM"]);
  });

  it("finds it by the title when it has no alert id", async () => {
    const story = storyOf(resolving);
    await story.receive(AT);
    await story.receive(AT + MINUTE, { status: "resolved" });
    expect(story.ticket(1).status).toBe("Complete");
  });

  it("leaves a ticket that somebody touched", async () => {
    const story = storyOf(resolving);
    await story.receive(AT);
    await story.set(AT + 1, "tk_1", { queue: "A" });
    await story.receive(AT + MINUTE, { status: "resolved" });
    expect(story.ticket(1).status).toBe("New");
  });

  it("finds the ticket that a repeat of another title was noted on", async () => {
    const bySource = on("alert-received", [
      createTicket({
        dedup: { kind: "window", ms: MINUTE, parts: [], acrossOrganizations: false, acrossSources: false },
      }),
    ]);
    const story = storyOf(rulesOf([bySource, on("alert-resolved", [complete()])]));
    await story.receive(AT, { alertId: "1" });
    await story.receive(AT + 1, { alertId: "2" });
    await story.receive(AT + 2, { alertId: "2", status: "resolved" });
    expect(story.ticket(1).status).toBe("Complete");
  });

  it("without a ticket leaves its ticket actions and says so", async () => {
    const story = storyOf(resolving);
    const result = await story.receive(AT, { status: "resolved" });
    expect(result).toMatchObject({ outcome: "resolved", ticketId: undefined });
    expect(result.firings[0]?.outcomes).toEqual([
      { kind: "skipped", action: "add note", reason: "no ticket is at hand" },
      { kind: "skipped", action: "complete ticket", reason: "no ticket is at hand" },
    ]);
  });

  it("of two in one batch the second finds the older ticket when the first completed the newer", async () => {
    const story = storyOf(rulesOf([opening, on("alert-resolved", [complete()])]));
    await story.receive(AT);
    await story.receive(AT + 10 * MINUTE);
    const resolved = (at: number) => alertEvent(at, { status: "resolved" });
    const results = await story.decide(resolved(AT + 11 * MINUTE), resolved(AT + 12 * MINUTE));
    expect(results.map(({ ticketId }) => ticketId)).toEqual(["tk_2", "tk_1"]);
    expect(story.ticket(1).status).toBe("Complete");
  });

  it("does not find a Complete one", async () => {
    const story = storyOf(resolving);
    await story.receive(AT);
    await story.set(AT + 1, "tk_1", { status: "Complete" });
    expect((await story.receive(AT + 2, { status: "resolved" })).ticketId).toBeUndefined();
  });
});
