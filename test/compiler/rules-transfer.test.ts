import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileRuleSet, packRules, unpackRules, type RuleSetIr } from "../../src/compiler/index.ts";
import { FIELDS, FIELD_FAMILIES } from "../../src/domain/index.ts";

const read = (path: string): string => readFileSync(new URL(`../corpus/${path}`, import.meta.url), "utf8");

function compiled(path: string): RuleSetIr {
  const { ir } = compileRuleSet([{ path: "a.rules", text: read(path) }]);
  if (ir === undefined) throw new Error(`${path} has errors`);
  return ir;
}

/** Functions compare by identity; paths and types say which field it is. */
const plain = (ir: RuleSetIr): unknown => structuredClone(packRules(ir));

test.each(["examples/msp.rules", "checker/language-page.rules"])(
  "%s means the same after a journey",
  (path) => {
    const ir = compiled(path);
    const arrived = unpackRules(structuredClone(packRules(ir)));
    expect(plain(arrived)).toEqual(plain(ir));
    expect(arrived.rules.map(({ hash }) => hash)).toEqual(ir.rules.map(({ hash }) => hash));
  },
);

test("fields with names of any kind arrive as one field that reads what it read", () => {
  const names = ["plain", "with space", 'quo"te', "back\\slash", "constructor", "e\u0301"];
  const fields = [
    ...FIELDS.values(),
    ...FIELD_FAMILIES.flatMap((family) => names.map((name) => family.field(name, "text"))),
  ];
  const set = { left: fields, right: fields } as unknown as RuleSetIr;
  const arrived = unpackRules(structuredClone(packRules(set))) as unknown as {
    left: typeof fields;
    right: typeof fields;
  };
  expect(arrived.left.map(({ path, type }) => [path, type])).toEqual(
    fields.map(({ path, type }) => [path, type]),
  );
  for (const [index, field] of arrived.left.entries()) expect(field).toBe(arrived.right[index]);
});
