/**
 * SARIF 2.1.0 as the OASIS specification requires it: the members that we write, all of them strict, each `required`
 * one there, columns in UTF-16 units. (The published schema is not at hand offline; these are its objects that we use.)
 */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkFiles } from "../../src/checker/index.ts";
import { catalogue, toSarif } from "../../src/diagnostics/index.ts";
import { readPage } from "../../src/cli/diagnostic-pages.ts";

const message = z.strictObject({ text: z.string().min(1) });
const help = z.strictObject({ text: z.string().min(1), markdown: z.string().min(1).optional() });
const uri = z
  .string()
  .refine((text) => URL.canParse(text, "file:///here/") && !/[\s#"<>\\^`{|}]/.test(text), "a URI reference");
const region = z
  .strictObject({
    startLine: z.int().min(1),
    startColumn: z.int().min(1),
    endLine: z.int().min(1),
    endColumn: z.int().min(1),
  })
  .refine(
    ({ startLine, startColumn, endLine, endColumn }) =>
      endLine > startLine || (endLine === startLine && endColumn >= startColumn),
  );
const artifactLocation = z.strictObject({ uri });
const physicalLocation = z.strictObject({ artifactLocation, region });
const level = z.enum(["none", "note", "warning", "error"]);
const result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: z.int().min(0),
  level,
  message,
  locations: z.array(z.strictObject({ physicalLocation })).length(1),
  relatedLocations: z
    .array(z.strictObject({ id: z.int().min(0), physicalLocation, message }))
    .min(1)
    .optional(),
  fixes: z
    .array(
      z.strictObject({
        description: message,
        artifactChanges: z
          .array(
            z.strictObject({
              artifactLocation,
              replacements: z
                .array(
                  z.strictObject({
                    deletedRegion: region,
                    insertedContent: z.strictObject({ text: z.string() }),
                  }),
                )
                .min(1),
            }),
          )
          .min(1),
        properties: z.strictObject({ safe: z.boolean() }),
      }),
    )
    .min(1)
    .optional(),
});
const log = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.string().min(1),
            version: z.string(),
            semanticVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
            rules: z.array(
              z.strictObject({
                id: z.string(),
                shortDescription: message,
                fullDescription: message,
                help,
                defaultConfiguration: z.strictObject({ level }),
              }),
            ),
          }),
        }),
        columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
        invocations: z.array(z.strictObject({ executionSuccessful: z.boolean() })),
        results: z.array(result),
      }),
    )
    .length(1),
});

const options = { version: "1.2.3", pageOf: readPage };
const toRun = (files: readonly { readonly path: string; readonly text: string }[]) =>
  log.parse(JSON.parse(JSON.stringify(toSarif(checkFiles(files).diagnostics, options)))).runs[0]!;

describe("SARIF", () => {
  it("has a rule for each code, with its page's first words", () => {
    const { rules } = toRun([]).tool.driver;
    expect(rules.map(({ id }) => id)).toEqual(catalogue.map(({ code }) => code));
    for (const { fullDescription } of rules) expect(fullDescription.text).toMatch(/[.:)]$/);
    expect(rules.find(({ id }) => id === "R2015")?.defaultConfiguration.level).toBe("warning");
  });

  it("counts columns in UTF-16 units, and tells labels and fixes", () => {
    const text = `list emoji = ["👩‍🚒", “x”]\r\nlist emoji = ["a"]\n`;
    const run = toRun([{ path: "my rules/#1.rules", text }]);
    const quotes = run.results.find(({ ruleId }) => ruleId === "R1005")!;
    const column = text.indexOf("“") + 1;
    expect(quotes.locations[0]!.physicalLocation).toEqual({
      artifactLocation: { uri: "my%20rules/%231.rules" },
      region: expect.objectContaining({ startLine: 1, startColumn: column }),
    });
    expect(quotes.fixes?.[0]?.properties.safe).toBe(true);
    const twice = run.results.find(({ ruleId }) => ruleId === "R1202")!;
    expect(twice.relatedLocations?.[0]?.physicalLocation.region.startLine).toBe(1);
    expect(run.tool.driver.rules[twice.ruleIndex]).toMatchObject({
      id: "R1202",
      help: { markdown: readPage("R1202") },
    });
  });

  it("holds its form for every sample to avoid", async () => {
    const { pageCodes, readPage: pageOf } = await import("./pages.ts");
    for (const code of pageCodes()) for (const sample of pageOf(code).avoid) toRun([sample]);
  });
});
