/**
 * What one index or one form of the rules weighs, in a process of its own: prints bytes a rule as JSON.
 * `node --expose-gc bench/matching-memory.ts CORPUS RULES` or `... text RULES`. The bench of matching starts it.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { checkFiles } from "../src/checker/index.ts";
import { compileRules } from "../src/compiler/index.ts";
import { buildRunnableRules } from "../src/matcher/index.ts";
import { emitRule } from "../src/matcher/json-rules/emit-rule.ts";
import { flatAlerts, ruleSpecs, toSnapshot, type CorpusName } from "./corpus.ts";
import { toRuleText } from "./corpus-text.ts";
import { toRuleSet } from "./matching-engines.ts";
import { weigh } from "./matching-measure.ts";

export type Weights = Readonly<Record<string, number>>;

const file = fileURLToPath(import.meta.url);

/** Bytes a rule, by the name of the form. */
export function weighInChild(corpus: CorpusName | "text", rules: number): Weights {
  const { status, stdout } = spawnSync(process.execPath, ["--expose-gc", file, corpus, String(rules)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`weighing ${rules} rules of ${corpus} failed`);
  return JSON.parse(stdout) as Weights;
}

/** What an index makes at the first question is a part of it. */
const EVENTS = 2000;

function weighIndex(corpus: CorpusName, rules: number): Weights {
  const ir = toRuleSet(ruleSpecs(rules, corpus));
  const snapshots = flatAlerts(EVENTS).map(toSnapshot);
  const make = (): unknown => {
    const runnable = buildRunnableRules(ir);
    for (const snapshot of snapshots) runnable.match(snapshot);
    return runnable;
  };
  return { index: weigh(make) / rules };
}

function weighForms(rules: number): Weights {
  const files = [{ path: "many.rules", text: toRuleText(ruleSpecs(rules)) }];
  const { checked } = checkFiles(files);
  if (checked === undefined) throw new Error("the rules have errors");
  const ir = compileRules(checked);
  const forms = {
    index: () => buildRunnableRules(ir),
    trees: () => checkFiles(files).checked,
    IR: () => compileRules(checked),
    "json-rules-engine form": () => ir.rules.map((rule) => emitRule(rule, rules)),
  };
  return Object.fromEntries(Object.entries(forms).map(([name, make]) => [name, weigh(make) / rules]));
}

if (process.argv[1] === file) {
  const corpus = process.argv[2] as CorpusName | "text";
  const rules = Number(process.argv[3]);
  console.log(JSON.stringify(corpus === "text" ? weighForms(rules) : weighIndex(corpus, rules)));
}
