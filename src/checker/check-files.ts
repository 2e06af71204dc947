/** Checks a rule set: every file read, names gathered, each declaration looked at, warnings settled. Never throws on any text. */
import { SourceText, type Diagnostic, type Span } from "../diagnostics/index.ts";
import { isTestPath, parseRuleFile } from "../../grammar/index.ts";
import type { PathNode, RuleFile } from "../../grammar/ast.ts";
import { checkCycles } from "./check-cycles.ts";
import { checkDeclaration } from "./check-declaration.ts";
import { warnAboutLateSuppress } from "./check-suppress.ts";
import { warnAboutRefusedAddresses } from "./check-egress.ts";
import { checkTests } from "./check-tests.ts";
import { collectValues } from "./check-values.ts";
import { warnAboutSecrets, warnAboutSeverity, warnAboutUnused } from "./check-whole-set.ts";
import type { CheckedRules, PathMeaning } from "./checked-rules.ts";
import type { Checking } from "./checking.ts";
import { collectDeclarations } from "./collect-declarations.ts";
import { compareCodePoints, Report, settle } from "./report.ts";
import { buildVocabularies } from "./vocabularies.ts";

export interface CheckInput {
  readonly path: string;
  readonly text: string;
}

export interface CheckOptions {
  /** Names of secrets that the server has; left out where no server is known. */
  readonly knownSecrets?: ReadonlySet<string> | undefined;
  /** What an address is that the server refuses to call; left out where no server is known. Decides about a whole URL. */
  readonly refusedAddress?: ((url: string) => string | undefined) | undefined;
  /** True where a server is to put the set in force: refuses (R1401) what runs in tests only as yet. */
  readonly runsLive?: boolean | undefined;
}

export interface CheckResult {
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined when there are errors. */
  readonly checked: CheckedRules | undefined;
}

/** `*.test.rules` files declare nothing for the set; what they name is looked up in it, when it has any rule file. */
export function checkFiles(files: readonly CheckInput[], options: CheckOptions = {}): CheckResult {
  const parsed = [...files]
    .sort((a, b) => compareCodePoints(a.path, b.path))
    .map(({ path, text }) => parseRuleFile(new SourceText(path, text)));
  const all = parsed.map(({ file }) => file);
  const rules = all.filter((file) => !isTestPath(file.source.path));
  const tests = all.filter((file) => isTestPath(file.source.path));
  const syntax = parsed.flatMap(({ diagnostics }) => diagnostics);
  const report = new Report();
  const isWhole = !syntax.some((d) => d.severity === "error");
  const checked = checkSet({ rules, tests }, report, { ...options, isWhole });
  const found = [...syntax, ...withoutEchoes(report.found, syntax)];
  const diagnostics = settle(found, all);
  // Counted before the cut to so many a file: an error that nobody sees still is one.
  const failed = [...found, ...diagnostics].some((d) => d.severity === "error");
  return { diagnostics, checked: failed ? undefined : checked };
}

/** What the parser has reported is not told again in other words. */
function withoutEchoes(found: readonly Diagnostic[], syntax: readonly Diagnostic[]): readonly Diagnostic[] {
  return found.filter(({ span }) => {
    const overlaps = (other: Span): boolean =>
      other.source === span.source && other.start < span.end && span.start < other.end;
    return !syntax.some((d) => d.severity === "error" && overlaps(d.span));
  });
}

function checkSet(
  { rules: files, tests }: { readonly rules: readonly RuleFile[]; readonly tests: readonly RuleFile[] },
  report: Report,
  options: CheckOptions & { readonly isWhole: boolean },
): CheckedRules {
  const declarations = collectDeclarations(files, report);
  const base: Checking = {
    report,
    declarations,
    vocabularies: new Map(),
    meanings: new Map<PathNode, PathMeaning>(),
    used: new Set(),
    reads: new Map(),
    secrets: new Map(),
    runsLive: options.runsLive ?? false,
  };
  const vocabularies = buildVocabularies(declarations, collectValues(base, files), report);
  const checking: Checking = { ...base, vocabularies };
  checkCycles(declarations, report);
  for (const declaration of files.flatMap((file) => file.declarations))
    checkDeclaration(checking, declaration);
  // What was not read whole may use what looks unused, and hold the rule that seems to be missing.
  if (options.isWhole) warnAboutUnused(checking);
  if (options.isWhole && !report.found.some((d) => d.severity === "error")) {
    warnAboutSeverity(checking);
    warnAboutLateSuppress(checking);
  }
  if (options.knownSecrets !== undefined) warnAboutSecrets(checking, options.knownSecrets);
  if (options.refusedAddress !== undefined) warnAboutRefusedAddresses(checking, options.refusedAddress);
  if (files.length > 0) checkTests(checking, tests);
  return { files, tests, declarations, meanings: checking.meanings, vocabularies };
}
