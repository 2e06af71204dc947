/** Rules: clauses, every event and every action. */
import { describe, expect, it } from "vitest";
import { declarationOf, shape } from "./reading.ts";

const eventsOf = (text: string) =>
  shape(declarationOf("rule", `rule "r"\n when ${text}\n then stop\nend`).events);
const actionsOf = (text: string) =>
  shape(declarationOf("rule", `rule "r"\n when note added\n then\n ${text}\nend`).actions);

describe("clauses", () => {
  it("reads all of them", () => {
    const text = `inactive rule "r"
      order 10
      for organization "A", "B"
      when alert received or alert repeats
      if lab
      except when x
      except when y
      then
        stop
    end`;
    expect(shape(declarationOf("rule", text))).toMatchObject({
      inactive: true,
      order: 10,
      organizations: { kind: "names", names: ['"A"', '"B"'] },
      events: [{ kind: "alert received" }, { kind: "alert repeats" }],
      condition: { kind: "name", name: "lab" },
      exceptions: [
        { kind: "name", name: "x" },
        { kind: "name", name: "y" },
      ],
      actions: [{ kind: "stop" }],
    });
  });

  it("reads a list as scope", () => {
    const text = 'rule "r"\n for organization in vip\n when note added\n then stop\nend';
    expect(shape(declarationOf("rule", text))).toMatchObject({
      organizations: { kind: "list", list: "vip" },
    });
  });
});

describe("events", () => {
  it.each([
    ["alert received", [{ kind: "alert received" }]],
    ["alert repeats", [{ kind: "alert repeats" }]],
    ["alert resolved", [{ kind: "alert resolved" }]],
    ["alert still firing after 2 minutes", [{ kind: "alert still firing", after: "120000 ms" }]],
    [
      "no alert for 26 hours per alert.device",
      [{ kind: "no alert", for: "93600000 ms", per: ["alert.device"] }],
    ],
    ["ticket created", [{ kind: "ticket created" }]],
    [
      "ticket created or edited by contact",
      [
        { kind: "ticket created", by: ["contact"] },
        { kind: "ticket edited", by: ["contact"] },
      ],
    ],
    [
      "ticket completed by staff, rule or system or ticket reopened by integration",
      [
        { kind: "ticket completed", by: ["staff", "rule", "system"] },
        { kind: "ticket reopened", by: ["integration"] },
      ],
    ],
    [
      "ticket created by staff or note added",
      [{ kind: "ticket created", by: ["staff"] }, { kind: "note added" }],
    ],
    [
      'ticket.udf."Site" changes from "A" to "B", "C" by staff',
      [
        {
          kind: "field changes",
          path: 'ticket.udf."Site"',
          from: ['"A"'],
          to: ['"B"', '"C"'],
          by: ["staff"],
        },
      ],
    ],
    ["ticket.queue changes", [{ kind: "field changes", path: "ticket.queue" }]],
    ["time entry added by staff", [{ kind: "time entry added", by: ["staff"] }]],
    [
      'ticket idle for 30 minutes during "c"',
      [{ kind: "ticket idle", duration: "1800000 ms", during: '"c"' }],
    ],
    ["ticket open for 4 hours", [{ kind: "ticket open", duration: "14400000 ms" }]],
    ["ticket due in 1 hour", [{ kind: "ticket due", duration: "3600000 ms" }]],
    ["ticket overdue", [{ kind: "ticket overdue" }]],
    ["ticket overdue by 1 hour", [{ kind: "ticket overdue", duration: "3600000 ms" }]],
    ["callout succeeded", [{ kind: "callout succeeded" }]],
    [
      'callout "X" failed or callout failed',
      [{ kind: "callout failed", callout: '"X"' }, { kind: "callout failed" }],
    ],
    [
      'every weekday at 08:00 in "c"',
      [{ kind: "every", schedule: { days: [{ from: "weekday" }], times: ["08:00:00"], calendar: '"c"' } }],
    ],
    [
      'every monday, friday at 07:30, 16:30 zone "UTC"',
      [
        {
          kind: "every",
          schedule: {
            days: [{ from: "monday" }, { from: "friday" }],
            times: ["07:30:00", "16:30:00"],
            zone: '"UTC"',
          },
        },
      ],
    ],
    ["every day at 8:00", [{ kind: "every", schedule: { days: [{ from: "day" }], times: ["08:00:00"] } }]],
    ["every hour", [{ kind: "every", schedule: { interval: "3600000 ms" } }]],
    ["every 15 minutes", [{ kind: "every", schedule: { interval: "900000 ms" } }]],
  ])("reads %s", (text, events) => {
    expect(eventsOf(text)).toEqual(events);
  });
});

describe("actions", () => {
  it("reads the lines of create ticket", () => {
    const text = `create ticket
        title = alert.title
        udf."Site code" = alert.fields.site,
        priority = priority_for[alert.severity]
        due in 4 hours
        dedup within 1 hour 30 minutes by alert.title without numbers, drive across organizations, sources
        on repeat note "again"
        once per 30 minutes per alert.organization`;
    expect(actionsOf(text)).toEqual([
      {
        kind: "create ticket",
        fields: [
          { path: "title", value: "alert.title" },
          { path: 'udf."Site code"', value: "alert.fields.site" },
          { path: "priority", value: { kind: "lookup", table: "priority_for", index: "alert.severity" } },
        ],
        dueIn: "14400000 ms",
        dedup: {
          kind: "dedup",
          within: "5400000 ms",
          by: [{ path: "alert.title", withoutNumbers: true }, { path: "drive" }],
          across: ["organizations", "sources"],
        },
        onRepeatNote: '"again"',
        oncePer: { duration: "1800000 ms", per: "alert.organization" },
      },
    ]);
  });

  it.each([
    ["create ticket no dedup", { kind: "create ticket", dedup: { kind: "no dedup" } }],
    ['add note "n" public', { kind: "add note", text: '"n"', visibility: "public" }],
    ['set ticket.queue = "Q"', { kind: "set", path: "ticket.queue", value: '"Q"' }],
    ['set ticket.priority to "High"', { kind: "set", path: "ticket.priority", value: '"High"' }],
    ["complete ticket", { kind: "complete ticket" }],
    ["complete ticket if untouched", { kind: "complete ticket", ifUntouched: true }],
    ['add tag "a", "b"', { kind: "add tag", tags: ['"a"', '"b"'] }],
    ['remove tag "a"', { kind: "remove tag", tags: ['"a"'] }],
    ['run callout "c"', { kind: "run callout", callout: '"c"' }],
    ['notify "a", ticket.assigned_resource', { kind: "notify", to: ['"a"', "ticket.assigned_resource"] }],
    ['notify "a" with template "t"', { kind: "notify", to: ['"a"'], template: '"t"' }],
    ['notify "a" text "x"', { kind: "notify", to: ['"a"'], text: '"x"' }],
    ["suppress alert", { kind: "suppress alert" }],
    ["stop", { kind: "stop" }],
  ])("reads %s", (text, action) => {
    expect(actionsOf(text)).toEqual([action]);
  });
});
