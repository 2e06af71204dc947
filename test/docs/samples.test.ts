/** Every sample of the reference and of the pages for newcomers is a rule file in its one form that is checked and run. */
import { describe, expect, it } from "vitest";
import { fieldSamples } from "../../scripts/docs/field-page.ts";
import { sectionsOf } from "../../scripts/docs/page-samples.ts";
import { formatted, readDoc, runSample, toldOf } from "./run-samples.ts";

const pages = [
  "docs/reference/events.md",
  "docs/reference/conditions.md",
  "docs/reference/actions.md",
  "docs/reference/declarations.md",
  "docs/reference/tests.md",
  "docs/from-autotask.md",
  "docs/from-alertmanager-keep-pagerduty.md",
];

/** What a rule test has no step for; `test/docs/unplayed-samples.test.ts` runs these on the matcher. */
const unplayed = new Set(["time entry added", "time-entry"]);

const samples = [
  ...pages.flatMap((page) =>
    sectionsOf(readDoc(page)).map(({ title, ...sample }) => ({ page, title, ...sample })),
  ),
  ...fieldSamples.map(({ name, rules, tests }) => ({ page: "fields.md", title: name, rules, tests })),
];

describe("the samples of the docs", () => {
  it.each(samples)("give no diagnostic: $page, $title", (sample) => {
    expect(toldOf(sample)).toBe("");
  });

  it.each(samples)("stand in their one form: $page, $title", ({ rules, tests }) => {
    expect(formatted({ rules, tests })).toEqual({ rules, tests });
  });

  const played = samples.filter(({ tests }) => tests !== "");

  it("have a test beside them, unless a rule test has no step for the event", () => {
    const without = samples.filter(({ tests }) => tests === "").map(({ title }) => title);
    expect(without.filter((title) => !unplayed.has(title))).toEqual([]);
  });

  it.each(played)("pass their tests, in which each rule fires: $page, $title", async (sample) => {
    expect(await runSample(sample)).toEqual({ failures: [], silent: [] });
  });
});
