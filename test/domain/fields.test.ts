import { describe, expect, it } from "vitest";
import { FIELDS, FIELD_FAMILIES, isEmpty, pathSegment, type Snapshot } from "../../src/domain/index.ts";

const nothing: Snapshot = {
  kind: "ticket-created",
  at: 0,
  alert: undefined,
  ticket: undefined,
  repeat: undefined,
  actor: undefined,
  changes: [],
  note: undefined,
  entry: undefined,
  callout: undefined,
  mail: undefined,
};

describe("the field catalogue", () => {
  it("reads every path from a snapshot that lacks its root without a throw", () => {
    for (const field of FIELDS.values()) expect(() => field.read(nothing)).not.toThrow();
  });

  it("documents every path", () => {
    for (const field of FIELDS.values()) expect(field.documentation, field.path).toMatch(/\S/);
  });

  it("names the root that the path begins with", () => {
    for (const field of FIELDS.values())
      expect(field.path.startsWith(`${field.root}.`), field.path).toBe(true);
  });

  it("gives an API name to every path that rules may write", () => {
    for (const field of FIELDS.values()) if (field.writable) expect(field.apiName, field.path).toBeDefined();
  });

  it("never reads what an object inherits through a free name", () => {
    const alert = { fields: {} } as unknown as NonNullable<Snapshot["alert"]>;
    for (const family of FIELD_FAMILIES.filter((f) => f.root === "alert")) {
      expect(family.field("constructor", "text").read({ ...nothing, alert })).toBeUndefined();
      expect(family.field("__proto__", "text").read({ ...nothing, alert })).toBeUndefined();
    }
  });

  it("quotes a segment that is not a plain name", () => {
    expect(pathSegment("site")).toBe("site");
    expect(pathSegment('Site "A"')).toBe('"Site \\"A\\""');
  });
});

describe("isEmpty", () => {
  it("takes 0 and false for values (A10)", () => {
    expect(isEmpty(0)).toBe(false);
    expect(isEmpty(false)).toBe(false);
  });

  it("takes missing, blank and empty lists for empty", () => {
    expect(isEmpty(undefined)).toBe(true);
    expect(isEmpty("  ")).toBe(true);
    expect(isEmpty([])).toBe(true);
  });
});
