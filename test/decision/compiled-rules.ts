/** Rule files of the corpus, compiled from their text, ready to decide with. */
import { readFileSync } from "node:fs";
import { compileRuleSet } from "../../src/compiler/index.ts";
import type { RunnableRules } from "../../src/decision/index.ts";
import { buildRunnableRules } from "../../src/matcher/index.ts";

export function rulesFromCorpus(name: string): RunnableRules {
  const url = new URL(`../corpus/decision/${name}`, import.meta.url);
  return rulesFromText(readFileSync(url, "utf8"), name);
}

export function rulesFromText(text: string, path = "a.rules"): RunnableRules {
  const { ir, diagnostics } = compileRuleSet([{ path, text }]);
  if (ir === undefined) {
    throw new Error(diagnostics.map(({ code, summary }) => `${code} ${summary}`).join("\n"));
  }
  return buildRunnableRules(ir);
}
