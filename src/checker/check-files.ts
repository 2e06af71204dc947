/** Checks a rule set: every file read, names gathered, each declaration looked at, warnings settled. Never throws on any text. */
import { SourceText, type Diagnostic } from "../diagnostics/index.ts";
import { parseRuleFile } from "../../grammar/index.ts";
import type { CheckedRules, Declarations } from "./checked-rules.ts";
import { compareCodePoints } from "./report.ts";
import { RuleSetChecker } from "./rule-set-checker.ts";

export interface CheckInput {
  readonly path: string;
  readonly text: string;
}

export interface CheckOptions {
  /** Names of secrets that the server has; left out where no server is known. */
  readonly knownSecrets?: ReadonlySet<string> | undefined;
  /** What an address is that the server refuses to call; left out where no server is known. Decides about a whole URL. */
  readonly refusedAddress?: ((url: string) => string | undefined) | undefined;
  /** TOCSIN_MAIL_EDITION; left out where no server is known. */
  readonly mailEdition?: "advanced" | "basic" | undefined;
}

export interface CheckResult {
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined when there are errors. */
  readonly checked: CheckedRules | undefined;
  /** Names and lists of words as far as they could be read, with errors too: for editors. */
  readonly declarations: Declarations;
  readonly vocabularies: CheckedRules["vocabularies"];
}

/** `*.test.rules` files declare nothing for the set; what they name is looked up in it, when it has any rule file. */
export function checkFiles(files: readonly CheckInput[], options: CheckOptions = {}): CheckResult {
  const parsed = [...files]
    .sort((a, b) => compareCodePoints(a.path, b.path))
    .map(({ path, text }) => parseRuleFile(new SourceText(path, text)));
  return new RuleSetChecker().check(parsed, options);
}
