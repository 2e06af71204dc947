/** One tree for each kind of declaration: what is written is what the tree holds. */
import { describe, expect, it } from "vitest";
import { declarationOf, parse, shape, summaries } from "./reading.ts";

const tree = (kind: Parameters<typeof declarationOf>[0], text: string) => shape(declarationOf(kind, text));

describe("declarations", () => {
  it("reads a list with its documentation", () => {
    expect(tree("list", '## Who we watch.\n## All of them.\nlist a = ["x", 5, true,]')).toEqual({
      kind: "list",
      doc: "Who we watch.\nAll of them.",
      name: "a",
      items: ['"x"', 5, true],
    });
  });

  it("reads a lookup", () => {
    const text =
      'lookup p\n  "a", "b" -> "High",\n  5 -> category default\n  otherwise -> alert.severity or "x"\nend';
    expect(tree("lookup", text)).toEqual({
      kind: "lookup",
      name: "p",
      entries: [
        { keys: ['"a"', '"b"'], value: '"High"' },
        { keys: [5], value: { kind: "category-default" } },
      ],
      otherwise: { kind: "fallback", of: ["alert.severity", '"x"'] },
    });
  });

  it("reads values with ranks, a comma binding tighter than <", () => {
    expect(tree("values", 'values alert.severity = "a" < "b", "c" < "d"')).toEqual({
      kind: "values",
      path: "alert.severity",
      ranks: [['"a"'], ['"b"', '"c"'], ['"d"']],
      ordered: true,
    });
    expect(tree("values", 'values ticket.queue = "a", "b"')).toMatchObject({ ranks: [['"a"'], ['"b"']] });
  });

  it("reads a definition", () => {
    expect(tree("define", "define d as not e")).toEqual({
      kind: "define",
      name: "d",
      condition: { kind: "not", of: { kind: "name", name: "e" } },
    });
  });

  it("reads a calendar", () => {
    const text =
      'calendar "c"\n zone "UTC"\n monday to friday 08:00 to 18:00\n saturday, sunday 9:00 to 12:00, 13:00 to 16:00\n closed 2026-12-25, 2026-12-27 to 2027-01-02\nend';
    const day = (year: number, month: number, day: number) => ({ kind: "date", year, month, day });
    expect(tree("calendar", text)).toEqual({
      kind: "calendar",
      name: '"c"',
      zone: '"UTC"',
      hours: [
        { days: [{ from: "monday", to: "friday" }], ranges: [{ from: "08:00:00", to: "18:00:00" }] },
        {
          days: [{ from: "saturday" }, { from: "sunday" }],
          ranges: [
            { from: "09:00:00", to: "12:00:00" },
            { from: "13:00:00", to: "16:00:00" },
          ],
        },
      ],
      closed: [{ from: day(2026, 12, 25) }, { from: day(2026, 12, 27), to: day(2027, 1, 2) }],
    });
  });

  it("reads a category", () => {
    expect(tree("category", 'category "c"\n  queue = "Q",\n  udf."Site" = 5\n  due in 4 hours\nend')).toEqual(
      {
        kind: "category",
        name: '"c"',
        fields: [
          { path: "queue", value: '"Q"' },
          { path: 'udf."Site"', value: 5 },
        ],
        dueIn: "14400000 ms",
      },
    );
  });

  it("reads recipients, templates, partners and user-defined fields", () => {
    expect(tree("recipient", 'recipient "r"\n  email "a", "b"\n  webhook "https://x"\nend')).toEqual({
      kind: "recipient",
      name: '"r"',
      emails: ['"a"', '"b"'],
      webhooks: ['"https://x"'],
    });
    expect(tree("template", 'template "t"\n  body "b"\n  subject "s"\nend')).toEqual({
      kind: "template",
      name: '"t"',
      subject: '"s"',
      body: '"b"',
    });
    expect(tree("partner", 'partner "Datto RMM"')).toEqual({ kind: "partner", name: '"Datto RMM"' });
    expect(tree("udf", 'udf organization "Site code" number')).toEqual({
      kind: "udf",
      scope: "organization",
      name: '"Site code"',
      type: "number",
    });
  });

  it("reads a callout with every line", () => {
    const text = `inactive callout "c"
      put "https://x.example/{ticket.number}"
      auth header "X-Key" secret "k"
      header "A" ticket.title or "none"
      header "B" "b"
      body xml "root"
        end = "1", ticket.x = ticket.number
      end
      only when ticket.queue is "Q"
      retry every 60 seconds up to 10 times
      timeout 15 seconds
      success is 200,204
      do not retry on 4xx
      honour retry after
      sign with secret "a", secret "b"
      pause after 10 failed deliveries
      notify "r" on every call
    end`;
    expect(tree("callout", text)).toEqual({
      kind: "callout",
      name: '"c"',
      inactive: true,
      method: "put",
      url: '"https://x.example/{ticket.number}"',
      auth: { kind: "header", header: '"X-Key"', value: { kind: "secret", name: '"k"' } },
      headers: [
        { name: '"A"', value: { kind: "fallback", of: ["ticket.title", '"none"'] } },
        { name: '"B"', value: '"b"' },
      ],
      body: {
        kind: "xml",
        root: '"root"',
        fields: [
          { path: "end", value: '"1"' },
          { path: "ticket.x", value: "ticket.number" },
        ],
      },
      onlyWhen: { kind: "comparison", left: "ticket.queue", operator: "is", right: ['"Q"'] },
      retry: { every: "60000 ms", times: 10 },
      timeout: "15000 ms",
      success: [200, 204],
      noRetryOn4xx: true,
      honourRetryAfter: true,
      sign: [
        { kind: "secret", name: '"a"' },
        { kind: "secret", name: '"b"' },
      ],
      pauseAfter: 10,
      notify: { to: ['"r"'], on: "every call" },
    });
  });

  it.each([
    ["auth none", { kind: "none" }],
    ['auth basic "u" secret "p"', { kind: "basic", user: '"u"', password: { kind: "secret", name: '"p"' } }],
    ['auth bearer secret "t"', { kind: "bearer", token: { kind: "secret", name: '"t"' } }],
  ])("reads `%s`", (line, auth) => {
    expect(tree("callout", `callout "c"\n get "https://x"\n ${line}\nend`)).toMatchObject({ auth });
  });

  it.each(["get", "post", "put", "patch", "delete"])("reads the method %s and a text body", (method) => {
    const text = `callout "c"\n ${method} "https://x"\n body text """\n  a\n  """\nend`;
    expect(tree("callout", text)).toMatchObject({ method, body: { kind: "text", text: '"a\\n"' } });
  });

  it("reads a mailbox", () => {
    const text = `inactive mailbox "a@x.example"
      token password secret "p"
      organization fallback "Own"
      duplicates by alert id, ticket id, ticket number
        open -> add note
        complete -> reopen as "New"
      end
      ticket
        category = "Mail"
        due in 1 hour
      end
      note
        visibility = "internal"
      end
      time entry
        role = "S"
      end
      project note
      end
      task note
      end
      task time entry
      end
      tag from title, description
      trust sender
      reply success with template "t"
      reply failure with template "u"
    end`;
    expect(tree("mailbox", text)).toEqual({
      kind: "mailbox",
      address: '"a@x.example"',
      inactive: true,
      tokenPassword: { kind: "secret", name: '"p"' },
      organizationFallback: '"Own"',
      duplicates: {
        by: ["alert id", "ticket id", "ticket number"],
        open: { kind: "add note" },
        complete: { kind: "reopen", status: '"New"' },
      },
      defaults: [
        { object: "ticket", fields: [{ path: "category", value: '"Mail"' }], dueIn: "3600000 ms" },
        { object: "note", fields: [{ path: "visibility", value: '"internal"' }] },
        { object: "time entry", fields: [{ path: "role", value: '"S"' }] },
        { object: "project note" },
        { object: "task note" },
        { object: "task time entry" },
      ],
      tagFrom: ["title", "description"],
      trustSender: true,
      replySuccess: '"t"',
      replyFailure: '"u"',
    });
  });

  it("reads a maintenance", () => {
    const text =
      'maintenance "m"\n for organization "A", "B", device "D", source "S"\n zone "UTC"\n every saturday, sunday 22:00 to 04:00\n from 2026-12-24 18:00 to 2026-12-27\nend';
    expect(tree("maintenance", text)).toEqual({
      kind: "maintenance",
      name: '"m"',
      scopes: [
        { kind: "organization", names: ['"A"', '"B"'] },
        { kind: "device", names: ['"D"'] },
        { kind: "source", names: ['"S"'] },
      ],
      zone: '"UTC"',
      times: [
        {
          kind: "every",
          days: [{ from: "saturday" }, { from: "sunday" }],
          ranges: [{ from: "22:00:00", to: "04:00:00" }],
        },
        {
          kind: "from",
          from: { kind: "date", year: 2026, month: 12, day: 24, time: "18:00:00" },
          to: { kind: "date", year: 2026, month: 12, day: 27 },
        },
      ],
    });
  });

  it("reads several declarations on one line", () => {
    const { file, diagnostics } = parse(
      'list a = ["x"] partner "P" udf ticket "U" text list b = ["y"] rule "r" when note added then stop end rule "s" when note added then stop end',
    );
    expect(summaries(diagnostics)).toEqual([]);
    expect(file.declarations.map((one) => one.kind)).toEqual([
      "list",
      "partner",
      "udf",
      "list",
      "rule",
      "rule",
    ]);
  });
});
