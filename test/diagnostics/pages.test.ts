/** Every code has a page, and what the page says to avoid and to prefer is true: its samples are run. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compileAndAnalyze } from "../../src/analysis/index.ts";
import { buildEgressPolicy, refusedAddress } from "../../src/callouts/index.ts";
import { catalogue, renderDiagnostics } from "../../src/diagnostics/index.ts";
import { indexPage } from "../../scripts/diagnostics-index.ts";
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

/** No short sample shows it: it needs a huge file. */
const inWords = new Set(["R1011"]);

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

describe("the catalogue", () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const textsUnder = (folders: readonly string[], ending: RegExp): string =>
    folders
      .flatMap((folder) =>
        readdirSync(root + folder, { recursive: true, encoding: "utf8" }).map(
          (name) => `${root}${folder}/${name}`,
        ),
      )
      .filter((path) => ending.test(path) && !path.endsWith("diagnostics/catalogue.ts"))
      .map((path) => readFileSync(path, "utf8"))
      .join("\n");

  it("has an index page that is built from it", () => {
    expect(readFileSync(`${root}docs/diagnostics/README.md`, "utf8")).toBe(indexPage(catalogue));
  });

  it("has no code that nothing reports, and none is shown only in prose", () => {
    const sources = textsUnder(["grammar", "src"], /\.ts$/);
    const corpora = textsUnder(["test/corpus"], /\.txt$/);
    const codes = catalogue.map(({ code }) => code);
    expect(codes.filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
    const shown = (code: string): boolean => corpora.includes(` ${code} `) || readPage(code).avoid.length > 0;
    expect(codes.filter((code) => !shown(code))).toEqual(["R1011"]);
  });
});
