/** What one element of `POST /alerts` becomes: nothing is lost to an odd byte, what is wrong is said with its place. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IncomingAlert } from "../../src/engine/index.ts";
import { readJson, toIncomingAlert, type FieldError, type Refusal } from "../../src/ingest/index.ts";

const AT = Date.parse("2026-11-22T23:05:00.000Z");
const context = { receivedAt: AT, oddBytes: false, levels: 32 };

function taken(element: unknown): IncomingAlert {
  const read = toIncomingAlert(element, context);
  if (read.kind === "refused") throw new Error(`refused: ${read.detail}`);
  return read.alert;
}

function refusal(element: unknown): Refusal {
  const read = toIncomingAlert(element, context);
  if (read.kind === "alert") throw new Error("taken");
  return read;
}

const errors = (element: unknown): readonly FieldError[] => refusal(element).errors;
const base = { source: "Datto RMM", title: "Disk full" };

describe("an alert", () => {
  it("takes every member of the contract", () => {
    const alert = taken({
      ...base,
      description: "C: is full",
      severity: "critical",
      status: "resolved",
      alert_id: "a1",
      delivery_id: "d1",
      ticket_id: "t1",
      organization: "Acme",
      customer_id: "100",
      device: "SRV-B",
      device_id: "123",
      tags: ["lab", " vip "],
      fields: { free: 3, ok: true, disks: ["c", "d"] },
      occurred_at: "2026-11-22T23:04:59+01:00",
    });
    expect(alert).toEqual({
      receivedAt: AT,
      ...base,
      description: "C: is full",
      severity: "critical",
      status: "resolved",
      alertId: "a1",
      deliveryId: "d1",
      ticketId: "t1",
      organization: "Acme",
      customerId: "100",
      device: "SRV-B",
      deviceId: "123",
      tags: ["lab", "vip"],
      fields: { free: 3, ok: true, disks: ["c", "d"] },
      occurredAt: Date.parse("2026-11-22T22:04:59Z"),
      warnings: [],
    });
  });

  it("needs a source and a title only, and fires unless it says resolved", () => {
    expect(taken(base)).toMatchObject({ status: "firing", tags: [], fields: {}, alertId: undefined });
  });

  it("takes null for a member left out", () => {
    expect(taken({ ...base, severity: null, tags: null, fields: null, status: null })).toMatchObject({
      severity: undefined,
      warnings: [],
    });
  });

  it("keeps unknown members as fields and says so", () => {
    const alert = taken({ ...base, datacenter: "FRA", rack: { row: 4, unit: "7" }, gone: null });
    expect(alert.fields).toEqual({ datacenter: "FRA", "rack.row": 4, "rack.unit": "7" });
    expect(alert.warnings).toEqual([
      "unknown member `datacenter` was kept as a field",
      "unknown member `rack` was kept as a field",
    ]);
  });

  it("lets an explicit field win over an unknown member of its name", () => {
    expect(taken({ ...base, fields: { zone: "a" }, zone: "b" }).fields).toEqual({ zone: "a" });
  });

  it("keeps members with names of the language's own as fields and nothing else", () => {
    const alert = taken(JSON.parse('{"source":"s","title":"t","__proto__":{"x":1},"constructor":"c"}'));
    expect(Object.getPrototypeOf(alert.fields)).toBe(Object.prototype);
    expect(alert.fields).toEqual({ "__proto__.x": 1, constructor: "c" });
  });

  it("keeps a severity that nobody maps", () => {
    expect(taken({ ...base, severity: "purple" }).severity).toBe("purple");
  });

  it("keeps a clock in the future as it is", () => {
    expect(taken({ ...base, occurred_at: "2126-01-01T00:00:00Z" }).occurredAt).toBe(Date.UTC(2126, 0, 1));
  });

  it("takes a title of 10,000 characters whole and says that the ticket's is cut", () => {
    const alert = taken({ ...base, title: "x".repeat(10_000) });
    expect(alert.title).toHaveLength(10_000);
    expect(alert.warnings).toEqual([expect.stringContaining("cut on the ticket")]);
  });

  it("replaces NUL, control characters and lone surrogates by U+FFFD and says where", () => {
    const alert = taken({ ...base, title: "a\u0000b\u0007c\ud800d", description: "line 1\nline 2\ttab" });
    expect(alert.title).toBe("a\ufffdb\ufffdc\ufffdd");
    expect(alert.description).toBe("line 1\nline 2\ttab");
    expect(alert.warnings).toEqual(["control characters in `title` were replaced by U+FFFD"]);
  });

  it("mends the names and values of fields too", () => {
    expect(taken({ ...base, fields: { "a\u0000": ["b\u0001"] } }).fields).toEqual({ "a\ufffd": ["b\ufffd"] });
  });

  it("tells of bytes that are not UTF-8", () => {
    const json = readJson(
      Buffer.concat([Buffer.from('{"source":"s","title":"caf'), Buffer.from([0xe9]), Buffer.from('"}')]),
    );
    if (json.kind === "refused") throw new Error("refused");
    const read = toIncomingAlert(json.value, { ...context, oddBytes: json.oddBytes });
    expect(read).toMatchObject({
      kind: "alert",
      alert: { title: "caf\ufffd", warnings: ["bytes that are not UTF-8 were replaced by U+FFFD"] },
    });
  });

  it("keeps the first 200 fields and the first 100 tags, and says so", () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`f${n}`, n]));
    const alert = taken({ ...base, fields: many, tags: Array.from({ length: 120 }, (_, n) => `t${n}`) });
    expect(Object.keys(alert.fields)).toHaveLength(200);
    expect(alert.tags).toHaveLength(100);
    expect(alert.warnings).toEqual([
      "only the first 100 of 120 tags were kept",
      "only the first 200 fields were kept",
    ]);
  });
});

describe("an alert is refused, with all that is wrong at once,", () => {
  it.each([
    ["a blank title", { title: "  " }, { path: "title", message: "must not be blank" }],
    ["an empty title", { title: "" }, { path: "title", message: "must not be blank" }],
    ["no title", { title: undefined }, { path: "title", message: "is missing" }],
    ["a blank source", { source: " " }, { path: "source", message: "must not be blank" }],
    ["a number as title", { title: 5 }, { path: "title", message: "must be a text, not a number" }],
    ["an object as device", { device: {} }, { path: "device", message: "must be a text, not an object" }],
    [
      "a number as customer id",
      { customer_id: 7 },
      { path: "customer_id", message: "must be a text, not a number" },
    ],
    ["another status", { status: "open" }, { path: "status", message: 'must be "firing" or "resolved"' }],
    ["a text as tags", { tags: "a" }, { path: "tags", message: "must be a list of texts, not a text" }],
    [
      "a number as tag",
      { tags: ["a", 1] },
      { path: "tags[1]", message: expect.stringContaining("must be a text") as string },
    ],
    ["a list as fields", { fields: [] }, { path: "fields", message: "must be an object, not a list" }],
    [
      "a time that is none",
      { occurred_at: "yesterday" },
      { path: "occurred_at", message: expect.stringContaining("RFC 3339") as string },
    ],
  ])("for %s", (_what, wrong, error) => {
    expect(errors({ ...base, ...wrong })).toEqual([error]);
  });

  it("for several reasons", () => {
    expect(errors({ title: "", severity: 3 }).map(({ path }) => path)).toEqual([
      "source",
      "title",
      "severity",
    ]);
  });

  it("when it is not an object", () => {
    for (const element of [null, 1, "x", [], true]) expect(refusal(element).code).toBe("invalid_body");
  });

  it("when it nests deeper than 32 levels", () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { in: nested(levels - 1) });
    expect(taken({ ...base, fields: nested(31) }).fields).toHaveProperty([Array(31).fill("in").join(".")], 1);
    expect(refusal({ ...base, fields: nested(32) }).code).toBe("too_deep");
  });
});

describe("laws", () => {
  it("never throws on any JSON, and never lets through what Postgres cannot keep", () => {
    const unkeepable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u;
    const texts = (value: unknown): string[] =>
      typeof value === "string"
        ? [value]
        : typeof value === "object" && value !== null
          ? Object.entries(value).flatMap(([name, member]) => [name, ...texts(member)])
          : [];
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, fc.jsonValue({ noUnicodeString: false }), (source, title, rest) => {
        const element = typeof rest === "object" && rest !== null && !Array.isArray(rest) ? rest : { rest };
        const read = toIncomingAlert(
          { ...element, source: `s${source}`.slice(0, 200), title: `t${title}` },
          context,
        );
        if (read.kind === "refused") return;
        for (const one of texts(read.alert)) {
          expect(unkeepable.test(one)).toBe(false);
          expect(one.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("reading JSON", () => {
  it.each([
    ["nothing", ""],
    ["half an object", '{"a":'],
    ["a word", "hello"],
    ["two documents", "{} {}"],
  ])("refuses %s and repeats nothing of it", (_what, text) => {
    const json = readJson(Buffer.from(text));
    expect(json).toMatchObject({ kind: "refused", code: "invalid_json" });
    if (json.kind === "refused") expect(json.detail).not.toContain("hello");
  });

  it("takes a byte order mark", () => {
    expect(readJson(Buffer.from("\ufeff{}"))).toMatchObject({ kind: "json", value: {} });
  });
});
