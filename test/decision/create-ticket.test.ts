/** `create ticket`: what fills itself, which value wins, what is cut, and what becomes of repeats. */
import { describe, expect, it } from "vitest";
import type { CategoryIr, ExprIr } from "../../src/compiler/index.ts";
import { dedupKeyOf, emptyDesk, identityOf, onceKey, recordKey } from "../../src/decision/index.ts";
import { HOUR, MINUTE } from "../../src/domain/index.ts";
import { rulesFromText } from "./compiled-rules.ts";
import {
  alertOf,
  constant,
  createTicket,
  fieldOf,
  noteAction,
  notifyAction,
  on,
  path,
  rulesOf,
  setField,
  STAFF,
  stop,
  storyOf,
  suppress,
  text,
  windowBy,
} from "./desk-story.ts";

const AT = Date.UTC(2026, 10, 22, 23, 5);

const rmm: CategoryIr = {
  name: "RMM Alert",
  fields: [
    { field: fieldOf("ticket.queue"), value: constant("Monitoring") },
    { field: fieldOf("ticket.priority"), value: constant("Low") },
  ],
  dueInMs: 4 * HOUR,
};
const categories = new Map([["RMM Alert", rmm]]);

const lookup = (index: ExprIr, entries: Readonly<Record<string, ExprIr>>, otherwise?: ExprIr): ExprIr => ({
  kind: "lookup",
  table: { name: "priority_for", entries: new Map(Object.entries(entries)), otherwise },
  index,
});

describe("a new ticket", () => {
  it("fills itself from the alert", async () => {
    const rules = rulesOf([on("alert-received", [createTicket()])], {
      partners: new Map([["datto rmm", "Datto RMM"]]),
    });
    const story = storyOf(rules);
    const result = await story.receive(AT, {
      description: "UPS on battery",
      alertId: "8932",
      ticketId: "77",
      tags: ["power"],
      device: { asked: "SRV-B", id: "dv_1", name: "SRV-B", tags: ["lab"] },
    });
    expect(result).toMatchObject({ outcome: "ticket_created", ticketId: "tk_1", warnings: [] });
    expect(story.ticket(1)).toMatchObject({
      title: "Device SRV-B lost power",
      description: "UPS on battery",
      source: "Datto RMM",
      status: "New",
      priority: "Medium",
      organization: { id: "or_1", name: "Acme" },
      device: { id: "dv_1", name: "SRV-B" },
      tags: ["power"],
      udf: { "Datto RMM Alert ID": "8932", "Datto RMM Ticket ID": "77" },
      createdAt: AT,
      createdBy: { kind: "system", name: "Tocsin", rule: "rule 0", file: "a.rules", line: 1 },
      version: 1,
      windowEndsAt: AT + 5 * MINUTE,
    });
  });

  it("writes no partner fields for a source that is no declared partner", async () => {
    const story = storyOf(rulesOf([on("alert-received", [createTicket()])]));
    await story.receive(AT, { alertId: "8932" });
    expect(story.ticket(1).udf).toEqual({});
  });

  it("takes written fields first, then the category, then the system", async () => {
    const action = createTicket({
      category: constant("rmm alert"),
      fields: { priority: lookup(path("alert.severity"), { critical: constant("critical") }) },
    });
    const story = storyOf(rulesOf([on("alert-received", [action])], { categories }));
    await story.receive(AT, { severity: "CRITICAL" });
    await story.receive(AT, { title: "another", severity: "minor" });
    expect(story.ticket(1)).toMatchObject({ category: "RMM Alert", queue: "Monitoring", status: "New" });
    expect(story.ticket(1)).toMatchObject({ priority: "Critical", dueAt: AT + 4 * HOUR });
    expect(story.ticket(2).priority).toBe("Low");
  });

  it("gives the category's value where a lookup says category default", async () => {
    const priority = lookup(path("alert.severity"), {}, { kind: "category-default" });
    const story = storyOf(
      rulesOf(
        [on("alert-received", [createTicket({ category: constant("RMM Alert"), fields: { priority } })])],
        {
          categories,
        },
      ),
    );
    await story.receive(AT, { severity: "odd" });
    expect(story.ticket(1).priority).toBe("Low");
  });

  it("prefers its own due line to the category's", async () => {
    const action = createTicket({ category: constant("RMM Alert"), dueInMs: HOUR });
    const story = storyOf(rulesOf([on("alert-received", [action])], { categories }));
    await story.receive(AT);
    expect(story.ticket(1).dueAt).toBe(AT + HOUR);
  });

  it("keeps a value outside the declared list and tells it in warnings and history", async () => {
    const action = createTicket({ fields: { priority: path("alert.severity") } });
    const story = storyOf(rulesOf([on("alert-received", [action])]));
    const result = await story.receive(AT, { severity: "P9" });
    expect(story.ticket(1).priority).toBe("P9");
    expect(result.warnings[0]).toContain('ticket.priority "P9" is not one of the declared values');
    expect(story.desk.history.get("tk_1")).toEqual([
      { field: "priority", from: undefined, to: "P9 (outside the declared values)" },
    ]);
  });

  it("cuts a long title and keeps the whole at the head of the description", async () => {
    const story = storyOf(rulesOf([on("alert-received", [createTicket()])]));
    const title = "ä".repeat(10_000);
    const result = await story.receive(AT, { title, description: "more" });
    expect(story.ticket(1).title).toBe("ä".repeat(250));
    expect(story.ticket(1).description).toBe("ä".repeat(8000));
    expect(result.warnings).toHaveLength(2);
    const short = await story.receive(AT, { title: "b".repeat(251), description: "more" });
    expect(story.ticket(2).description).toBe(`${"b".repeat(251)}\n\nmore`);
    expect(short.warnings).toHaveLength(1);
  });

  it("tells titles apart by the whole title, not by what fits", async () => {
    const story = storyOf(rulesOf([on("alert-received", [createTicket()])]));
    await story.receive(AT, { title: `${"x".repeat(250)}1` });
    const second = await story.receive(AT, { title: `${"x".repeat(250)}2` });
    expect(second.outcome).toBe("ticket_created");
  });

  it("writes a dash where a title's value is missing, and says so", async () => {
    const action = createTicket({ fields: { title: text("Disk on ", path("alert.device.name")) } });
    const story = storyOf(rulesOf([on("alert-received", [action])]));
    const result = await story.receive(AT);
    expect(story.ticket(1).title).toBe("Disk on -");
    expect(result.warnings[0]).toContain("alert.device.name has no value");
  });

  it("counts a missing value as not written", async () => {
    const action = createTicket({
      fields: { title: path("alert.fields.summary"), queue: path("alert.severity") },
    });
    const story = storyOf(rulesOf([on("alert-received", [action])]));
    await story.receive(AT);
    expect(story.ticket(1)).toMatchObject({ title: "Device SRV-B lost power", queue: undefined });
  });

  it("stands on the own organization with an explaining note when the customer is not mapped", async () => {
    const story = storyOf(rulesOf([on("alert-received", [createTicket()])]));
    const unmapped = { asked: "Nobody Ltd", id: undefined, name: "Nobody Ltd", tags: [] };
    await story.receive(AT, { organization: unmapped });
    expect(story.ticket(1).organization.name).toBe("My Own MSP");
    expect(story.notes(1)).toHaveLength(1);
    expect(story.notes(1)[0]).toContain('"Nobody Ltd"');
    expect(story.ticket(1)).toMatchObject({ noteCount: 1, touchedByHuman: false });
  });

  it("keeps two unmapped customers apart although both stand on the own organization", async () => {
    const story = storyOf(rulesOf([on("alert-received", [createTicket()])]));
    const unmapped = (name: string) => ({ organization: { asked: name, id: undefined, name, tags: [] } });
    await story.receive(AT, unmapped("One"));
    const second = await story.receive(AT, unmapped("Two"));
    expect(second.outcome).toBe("ticket_created");
  });

  it("writes no note when the alert names no customer at all", async () => {
    const story = storyOf(rulesOf([on("alert-received", [createTicket()])]));
    await story.receive(AT, {
      organization: { asked: undefined, id: "or_own", name: "My Own MSP", tags: [] },
    });
    expect(story.notes(1)).toEqual([]);
  });

  it("finds records that its lines name, and leaves out what nobody knows", async () => {
    const desk = emptyDesk();
    desk.records.set(recordKey({ kind: "resource", by: "name", name: "Anna" }), {
      kind: "resource",
      id: "rs_1",
      name: "Anna",
      email: "anna@msp.example",
    });
    const fields = { assigned_resource: constant("anna"), contact: constant("Nobody") };
    const story = storyOf(rulesOf([on("alert-received", [createTicket({ fields })])]), desk);
    const result = await story.receive(AT);
    expect(story.ticket(1).assignedResource).toEqual({ id: "rs_1", name: "Anna", email: "anna@msp.example" });
    expect(story.ticket(1).contact).toBeUndefined();
    expect(result.warnings[0]).toContain('no contact "Nobody" is known');
  });
});

describe("a repeat", () => {
  it("is recorded, noted by the system, and no human act", async () => {
    const story = storyOf(rulesOf([on("alert-received", [createTicket()])]));
    await story.receive(AT);
    const result = await story.receive(AT + MINUTE);
    expect(result).toMatchObject({
      outcome: "note_added",
      ticketId: "tk_1",
      repeat: 1,
      why: "repeat 1 of T19700101.0001",
    });
    expect(story.ticket(1)).toMatchObject({
      repeatCount: 1,
      noteCount: 1,
      touchedByHuman: false,
      lastHumanActivityAt: AT,
      version: 1,
    });
    expect(story.desk.notes.get("tk_1")?.[0]).toMatchObject({
      by: { kind: "system" },
      visibility: "internal",
    });
  });

  it("uses the rule's own note text", async () => {
    const repeatNote = text("again, repeat ", path("repeat.count"), " of ", path("ticket.number"));
    const story = storyOf(rulesOf([on("alert-received", [createTicket({ repeatNote })])]));
    await story.receive(AT);
    await story.receive(AT + MINUTE);
    expect(story.notes(1)).toEqual(["again, repeat 1 of T19700101.0001"]);
  });

  it("gets a note each up to the limit, then one note that counts the rest and names the last", async () => {
    const story = storyOf(
      rulesOf([on("alert-received", [createTicket()])]),
      emptyDesk({ notesPerWindow: 2 }),
    );
    for (let n = 0; n < 6; n += 1) await story.receive(AT + n * 1000);
    expect(story.desk.repeats).toHaveLength(5);
    expect(story.notes(1)).toHaveLength(3);
    expect(story.notes(1)[2]).toContain("3 more repeats were recorded");
    expect(story.ticket(1)).toMatchObject({ repeatCount: 5, noteCount: 3 });
  });

  it("raises alert repeats with its count, and the note raises note added by system", async () => {
    const rules = rulesOf([
      on("alert-received", [createTicket()]),
      on("alert-repeats", [noteAction(text("count ", path("repeat.count")))]),
      on("note-added", [setField("queue", path("actor.kind"))]),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    const result = await story.receive(AT + MINUTE);
    expect(story.notes(1)[1]).toBe("count 1");
    expect(story.ticket(1).queue).toBe("system");
    expect(result.firings.map(({ rule, on: words, depth }) => [rule, words, depth])).toEqual([
      ["rule 0", "alert received", 0],
      ["rule 1", "alert repeats", 1],
      ["rule 2", "note added", 1],
    ]);
  });

  it("leaves out the actions behind create ticket, but still stops and suppresses", async () => {
    const rules = rulesOf([
      on("alert-received", [createTicket(), notifyAction({ text: text("x") }), suppress, stop]),
      on("alert-received", [createTicket({ dedup: { kind: "none" } })]),
    ]);
    const story = storyOf(rules);
    await story.receive(AT);
    const result = await story.receive(AT + MINUTE);
    expect(result.outcome).toBe("note_added");
    expect(result.firings[0]?.outcomes.map(({ kind }) => kind)).toEqual([
      "repeat-noted",
      "skipped",
      "done",
      "done",
    ]);
    expect(story.desk.tickets.size).toBe(1);
  });
});

describe("dedup", () => {
  it("is switched off by no dedup", async () => {
    const story = storyOf(rulesOf([on("alert-received", [createTicket({ dedup: { kind: "none" } })])]));
    await story.receive(AT);
    expect((await story.receive(AT)).outcome).toBe("ticket_created");
    expect(story.ticket(1)).toMatchObject({ dedupKey: undefined, windowEndsAt: undefined });
  });

  it("crosses organizations and sources when asked", async () => {
    const dedup = windowBy([path("alert.title")], { acrossOrganizations: true, acrossSources: true });
    const story = storyOf(rulesOf([on("alert-received", [createTicket({ dedup })])]));
    await story.receive(AT);
    const result = await story.receive(AT, {
      source: "Graphus",
      organization: { asked: "Globex", id: "or_2", name: "Globex", tags: [] },
    });
    expect(result.outcome).toBe("note_added");
  });

  it("drops a second create ticket with an equal key in one alert, and opens one with another key", async () => {
    const rules = rulesOf([
      on("alert-received", [createTicket()]),
      on("alert-received", [createTicket(), noteAction("never")]),
      on("alert-received", [createTicket({ dedup: windowBy([path("alert.source")]) })]),
    ]);
    const story = storyOf(rules);
    const result = await story.receive(AT);
    expect(story.desk.tickets.size).toBe(2);
    expect(result.firings[1]?.outcomes[0]).toMatchObject({ kind: "skipped" });
    expect(result.firings[1]?.outcomes[0]).toHaveProperty(
      "reason",
      expect.stringContaining("equal dedup key"),
    );
    expect(result.ticketId).toBe("tk_1");
  });

  it("finds the newest candidate when an older one was reopened (A6)", async () => {
    const story = storyOf(rulesOf([on("alert-received", [createTicket()])]));
    await story.receive(AT);
    await story.set(AT + 1000, "tk_1", { status: "Complete" });
    await story.receive(AT + 2000);
    await story.set(AT + 3000, "tk_1", { status: "New" });
    expect((await story.receive(AT + 4000)).ticketId).toBe("tk_2");
  });

  it("takes a repeat that was received before the ticket's creation as a repeat", async () => {
    const story = storyOf(rulesOf([on("alert-received", [createTicket()])]));
    await story.receive(AT);
    expect((await story.receive(AT - 50)).outcome).toBe("note_added");
  });
});

describe("the dedup key", () => {
  const scope = { source: "Datto RMM", organization: "#or_1" };
  const key = (value: string, withoutNumbers = false) =>
    dedupKeyOf(scope, [{ name: "alert.title", value, withoutNumbers }]);

  it("trims and composes text, and compares it exactly otherwise", () => {
    expect(key(" Ger\u0061\u0308t ")).toBe(key("Ger\u00e4t"));
    expect(key("Disk")).not.toBe(key("disk"));
  });

  it("strips numbers when asked", () => {
    expect(key("CPU at 93 %", true)).toBe(key("CPU at 97.5 %", true));
    expect(key("CPU at 93 %", true)).not.toBe(key("RAM at 93 %", true));
  });

  it("counts a missing value as a value of its own", () => {
    const missing = dedupKeyOf(scope, [{ name: "alert.title", value: undefined, withoutNumbers: false }]);
    expect(missing).not.toBe(key(""));
    expect(missing).not.toBe(dedupKeyOf(scope, []));
  });

  it("does not depend on the order of its parts", () => {
    const a = { name: "alert.title", value: "x", withoutNumbers: false };
    const b = { name: "alert.device", value: "y", withoutNumbers: false };
    expect(dedupKeyOf(scope, [a, b])).toBe(dedupKeyOf(scope, [b, a]));
  });

  it("cannot be imitated by a value that holds another's text", () => {
    const crossed = { source: undefined, organization: undefined };
    expect(dedupKeyOf(crossed, [{ name: "source", value: "Datto RMM", withoutNumbers: false }])).not.toBe(
      dedupKeyOf({ source: "Datto RMM", organization: undefined }, []),
    );
  });

  it("is the identity of an alert without an alert id", () => {
    expect(identityOf(alertOf({ title: "x" }))).toBe(
      dedupKeyOf({ source: "Datto RMM", organization: "#or_1" }, [
        { name: "alert.title", value: "x", withoutNumbers: false },
      ]),
    );
    expect(identityOf(alertOf({ alertId: "1", title: "x" }))).toBe(
      identityOf(alertOf({ alertId: "1", title: "y" })),
    );
  });
});

describe("the once key", () => {
  it("tells rules and organizations apart", () => {
    const keys = [
      onceKey("a", "#or_1"),
      onceKey("a", "#or_2"),
      onceKey("b", "#or_1"),
      onceKey(" a ", "#or_1"),
    ];
    expect(new Set(keys).size).toBe(3);
  });
});

describe("once per", () => {
  const rules = rulesOf([
    on("alert-received", [
      createTicket({ oncePer: { ms: 30 * MINUTE }, dedup: { kind: "none" } }),
      noteAction("opened"),
    ]),
  ]);

  it("opens one ticket per rule and organization, whatever its status, until the time is over", async () => {
    const story = storyOf(rules);
    await story.receive(AT);
    await story.set(AT + 1000, "tk_1", { status: "Complete" }, STAFF);
    const second = await story.receive(AT + 30 * MINUTE - 1, { title: "other" });
    expect(second.outcome).toBe("handled");
    expect(second.firings[0]?.outcomes.map(({ kind }) => kind)).toEqual(["skipped", "skipped"]);
    expect((await story.receive(AT + 30 * MINUTE)).outcome).toBe("ticket_created");
  });

  it("counts each organization by itself", async () => {
    const story = storyOf(rules);
    await story.receive(AT);
    const other = await story.receive(AT, {
      organization: { asked: "Globex", id: "or_2", name: "Globex", tags: [] },
    });
    expect(other.outcome).toBe("ticket_created");
  });

  it("is looked at before dedup", async () => {
    const both = rulesOf([on("alert-received", [createTicket({ oncePer: { ms: 30 * MINUTE } })])]);
    const story = storyOf(both);
    await story.receive(AT);
    expect((await story.receive(AT + 1000)).outcome).toBe("handled");
    expect(story.notes(1)).toEqual([]);
  });
});

describe("a word outside its declared list", () => {
  const declared = rulesFromText(`
values ticket.source = "Datto RMM", "Graphus"
rule "Every alert"
  when alert received
  then
    create ticket
end`);

  it("is kept, told in the answer, and stands in the ticket's history", async () => {
    const story = storyOf(declared);
    const result = await story.receive(AT, { severity: "P9", source: "Uptime" });
    expect(result.warnings.map((warning) => warning.split(":")[0])).toEqual([
      'alert.severity "P9" is not one of the declared values',
      'ticket.source "Uptime" is not one of the declared values',
    ]);
    expect(story.ticket(1).source).toBe("Uptime");
    expect(story.desk.history.get("tk_1")?.map(({ field, to }) => `${field}: ${String(to)}`)).toEqual([
      "alert.severity: P9 (outside the declared values)",
      "source: Uptime (outside the declared values)",
    ]);
  });

  it("is mended where only its case differs", async () => {
    const story = storyOf(declared);
    expect((await story.receive(AT, { severity: "MAJOR", source: "graphus" })).warnings).toEqual([]);
    expect(story.ticket(1).source).toBe("Graphus");
  });
});
