/** Every code has a page, and what the page says to avoid and to prefer is true: its samples are run. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileAndAnalyze } from "../../src/analysis/index.ts";
import { buildEgressPolicy, refusedAddress } from "../../src/callouts/index.ts";
import { catalogue, renderDiagnostics } from "../../src/diagnostics/index.ts";
import { pageCodes, readPage, type Sample } from "./pages.ts";

/** What the samples name and do not declare; also the settings of an imagined server. */
const surroundings = {
  path: "surroundings.rules",
  text: readFileSync(new URL("surroundings.rules", import.meta.url), "utf8"),
};
const policy = buildEgressPolicy([]);
const options = {
  knownSecrets: new Set(["datto_user", "datto_password"]),
  refusedAddress: (url: string) => refusedAddress(policy, url),
};

/** No short sample shows these: R1011 needs a huge file, R1401 what the running version cannot do. */
const inWords = new Set(["R1011", "R1401"]);

function toldOf(sample: Sample) {
  return compileAndAnalyze([surroundings, sample], options).diagnostics.filter(
    ({ span }) => span.source.path === sample.path,
  );
}

describe("the pages of the codes", () => {
  it("are one for each code, and one code for each", () => {
    expect(pageCodes()).toEqual(catalogue.map(({ code }) => code));
  });

  it.each(catalogue)("say of $code what to avoid, what to prefer and why", ({ code, title, severity }) => {
    const page = readPage(code);
    expect(page.title).toBe(title);
    expect(page.headings).toEqual([
      "Avoid",
      "Prefer",
      "Why",
      ...(severity === "warning" ? ["When to allow it"] : []),
    ]);
    expect(page.avoid.length > 0).toBe(!inWords.has(code));
  });

  it.each(catalogue)("avoid for $code what gives this code and no other", ({ code }) => {
    for (const sample of readPage(code).avoid) {
      const told = toldOf(sample);
      expect(new Set(told.map((one) => one.code)), renderDiagnostics(told)).toEqual(new Set([code]));
    }
  });

  it.each(catalogue)("prefer for $code what gives no diagnostic", ({ code }) => {
    for (const sample of readPage(code).prefer) expect(renderDiagnostics(toldOf(sample))).toBe("");
  });
});
