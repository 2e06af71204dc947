/** `tocsin compile --target json-rules-engine PATH...`: rule files as JSON for the plain library, on standard output. */
import { compileRuleSet } from "../compiler/index.ts";
import { loadConfig } from "../config/index.ts";
import { renderDiagnostics, toRecord } from "../diagnostics/index.ts";
import { publishRules, type LeftOut } from "../matcher/index.ts";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { readRuleFiles } from "./rule-files.ts";
import { complain, type Terminal } from "./terminal.ts";

/** The JSON is the answer with and without `--json`; what it cannot say goes to standard error. */
export function compileTo(target: string | undefined, paths: readonly string[], terminal: Terminal): number {
  if (target !== "json-rules-engine")
    throw new UsageError("Name what to compile to: `--target json-rules-engine` is the one there is.");
  const files = readRuleFiles(paths, loadConfig().rulesDir, { tests: false });
  if (files.length === 0) throw new UsageError("No *.rules file there.");
  const isUnique = new Set(files.map(({ name }) => name)).size === files.length;
  const { ir } = compileRuleSet(
    files.map(({ path, name, text }) => ({ path: isUnique ? name : path, text })),
  );
  if (ir === undefined) {
    const { diagnostics } = compileRuleSet(files.map(({ path, text }) => ({ path, text })));
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (terminal.json) terminal.answer({ diagnostics: errors.map(toRecord) }, "");
    else complain(renderDiagnostics(errors));
    return FOUND_SOMETHING;
  }
  const { rules, leftOut } = publishRules(ir);
  const document = { rules };
  terminal.answer(document, JSON.stringify(document, undefined, 2));
  for (const one of leftOut) complain(leftOutText(one));
  return FINE;
}

const CODES: Readonly<Record<LeftOut["kind"], string>> = {
  count: "J3201",
  time: "J3202",
  stop: "J3203",
  inactive: "J3204",
  mail: "J3205",
};

/** `warning J3201  rule "Storm" (msp.rules:103) counts alerts, ...` */
function leftOutText({ kind, rule, text }: LeftOut): string {
  const severity = kind === "inactive" ? "info" : "warning";
  return `${severity} ${CODES[kind]}  rule "${rule.name}" (${rule.file}:${rule.line}) ${text}`;
}
