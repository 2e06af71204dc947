/** Results of rule tests as people and other programs read them: text, TAP, JUnit, coverage. Knows no files. */
import { coverageAsLcov } from "../simulation/index.ts";
import type { Coverage, CoverageReport, TestFailure, TestResult } from "../simulation/index.ts";

/** Only what failed is told at length. */
export function resultsText(results: readonly TestResult[], milliseconds: number): string {
  const failed = results.filter(({ result }) => result === "failed");
  const told = failed.map((result) =>
    [`FAIL  ${result.name}`, ...result.failures.map((failure) => failureText(result, failure))].join("\n"),
  );
  const passed = results.length - failed.length;
  const count = `${results.length} ${results.length === 1 ? "test" : "tests"}`;
  const time =
    milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
  return [...told, `${count}: ${passed} passed, ${failed.length} failed (${time})`].join("\n\n");
}

/**
 *   rules/msp.test.rules:7
 *     expect ticket 1 created
 *     got: no ticket was created
 *     nearest: rule "Ticket for a new alert" (rules/msp.rules:93)
 *       line 96: alert.severity at least "minor"  did not hold, value "info"
 */
function failureText({ file }: TestResult, failure: TestFailure): string {
  const { line, expected, got, details, rule, conditions = [] } = failure;
  const width = Math.max(0, ...conditions.map(({ text }) => text.length));
  return [
    `  ${file}:${line}`,
    `    ${expected}`,
    `    got: ${got}`,
    ...details.map((detail) => `      ${detail}`),
    ...(rule === undefined
      ? []
      : [`    ${rule.fired ? "by" : "nearest:"} rule "${rule.name}" (${rule.file}:${rule.line})`]),
    ...conditions.map(
      (condition) =>
        `      line ${condition.line}: ${condition.text.padEnd(width)}  ${condition.result ? "held" : "did not hold"}, value ${valueText(condition.actual)}`,
    ),
  ].join("\n");
}

function valueText(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}

/* ---------- other programs ---------- */

export function tapText(results: readonly TestResult[]): string {
  const lines = results.flatMap((result, index) => {
    const head = `${result.result === "passed" ? "ok" : "not ok"} ${index + 1} - ${tapName(result.name)}`;
    if (result.result === "passed") return [head];
    const texts = result.failures.map((failure) => failureText(result, failure)).join("\n");
    return [head, "  ---", "  message: |", ...texts.split("\n").map((line) => `    ${line}`), "  ..."];
  });
  return ["TAP version 14", `1..${results.length}`, ...lines].join("\n");
}

function tapName(name: string): string {
  return name
    .replaceAll(/[\r\n]+/g, " ")
    .replaceAll("\\", "\\\\")
    .replaceAll("#", "\\#");
}

/** One suite a file. */
export function junitText(results: readonly TestResult[]): string {
  const suites = [...Map.groupBy(results, ({ file }) => file)].map(([file, tests]) => {
    const failed = tests.filter(({ result }) => result === "failed").length;
    const cases = tests.map((result) => junitCase(result));
    return [
      `  <testsuite name="${xml(file)}" tests="${tests.length}" failures="${failed}">`,
      ...cases,
      "  </testsuite>",
    ].join("\n");
  });
  const failed = results.filter(({ result }) => result === "failed").length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${results.length}" failures="${failed}">`,
    ...suites,
    "</testsuites>",
  ].join("\n");
}

function junitCase(result: TestResult): string {
  const { name, file, line, failures } = result;
  const head = `    <testcase name="${xml(name)}" classname="${xml(file)}" file="${xml(file)}" line="${line}"`;
  if (failures.length === 0) return `${head}/>`;
  const told = failures.map(
    (failure) =>
      `      <failure message="${xml(`${failure.expected}: ${failure.got}`)}">${xml(failureText(result, failure))}</failure>`,
  );
  return [`${head}>`, ...told, "    </testcase>"].join("\n");
}

/** Control characters are not allowed in XML 1.0 in any form. */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\u{fffd}")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/* ---------- coverage ---------- */

export function coverageText(
  coverage: Coverage,
  report: CoverageReport,
  format: "text" | "json" | "lcov",
): string {
  if (format === "json") return JSON.stringify(report, undefined, 2);
  if (format === "lcov") return coverageAsLcov(coverage.rules);
  const { rules, conditions, exceptions, percent } = report;
  const row = (
    name: string,
    { covered, total }: { readonly covered: number; readonly total: number },
  ): string => `  ${name.padEnd(34)} ${String(covered).padStart(5)} of ${total}`;
  return [
    "",
    `Coverage: ${percent} %`,
    row("rules that fired", rules),
    row("conditions seen true, seen false", conditions),
    row("`except when` that exempted", exceptions),
    ...rules.missing.map(({ file, line, rule }) => `  ${file}:${line}: rule "${rule}" never fired`),
    ...conditions.missing.map(
      ({ file, line, text, never }) => `  ${file}:${line}: \`${text}\` was never ${never}`,
    ),
    ...exceptions.missing.map(({ file, line, text }) => `  ${file}:${line}: \`${text}\` never exempted`),
  ].join("\n");
}
