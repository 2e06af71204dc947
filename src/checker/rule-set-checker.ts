/**
 * Checks a rule set, and checks it again after a change: what was found about a rule or a test stands as long as its
 * tree is the same object and what it may look up is the same. Knows the order of the checks, no check.
 *
 *   ground    every declaration but rules and tests: names, values, definitions, templates ... one unit, checked in order
 *   rule      reads the ground, never another rule        -> kept while the ground stands
 *   test      reads the ground and the names of rules     -> kept while both stand
 *   whole set reads everything                            -> each time, or left to a later check (`wholeSet: false`)
 *
 * A check from nothing is the same program without memory, so that both mean the same (a property test).
 */
import { toWholeFile, type Diagnostic, type Span } from "../diagnostics/index.ts";
import { isTestPath, type ParsedRuleFile } from "../../grammar/index.ts";
import type { Declaration, PathNode, RuleFile, RuleNode, TestDeclaration } from "../../grammar/ast.ts";
import { checkCycles } from "./check-cycles.ts";
import { checkDeclaration } from "./check-declaration.ts";
import type { CheckOptions, CheckResult } from "./check-files.ts";
import { ruleNamesOf } from "./check-test-expectations.ts";
import { checkMailboxCount } from "./check-mailbox.ts";
import { checkTest, checkTestNames } from "./check-tests.ts";
import { warnAboutLateSuppress } from "./check-suppress.ts";
import { collectValues } from "./check-values.ts";
import { warnAboutRefusedAddresses } from "./check-egress.ts";
import { warnAboutSecrets, warnAboutSeverity, warnAboutUnused } from "./check-whole-set.ts";
import type { Declarations, PathMeaning } from "./checked-rules.ts";
import type { Checking } from "./checking.ts";
import { collectDeclarations } from "./collect-declarations.ts";
import { Report, settle } from "./report.ts";
import { buildVocabularies } from "./vocabularies.ts";

export interface RecheckOptions extends CheckOptions {
  /** False leaves out what only the whole set shows (R2010, R2017, R2021, R2023). */
  readonly wholeSet?: boolean;
}

/** What was found about one rule or test. */
interface Outcome {
  readonly found: readonly Diagnostic[];
  readonly used: ReadonlySet<Declaration>;
  readonly meanings: readonly PathNode[];
}

interface Ground {
  readonly nodes: readonly Declaration[];
  readonly vocabularies: Checking["vocabularies"];
  readonly reads: Checking["reads"];
  readonly secrets: Checking["secrets"];
  readonly used: ReadonlySet<Declaration>;
  readonly found: readonly Diagnostic[];
}

/** Remembers which keys it was given, so that they can be forgotten together. */
class Meanings extends Map<PathNode, PathMeaning> {
  written: PathNode[] = [];

  override set(path: PathNode, meaning: PathMeaning): this {
    this.written.push(path);
    return super.set(path, meaning);
  }
}

export class RuleSetChecker {
  #ground: Ground | undefined;
  #rules = new Map<Declaration, Outcome>();
  #tests = new Map<Declaration, Outcome>();
  #gathered: { readonly nodes: readonly Declaration[]; readonly declarations: Declarations } | undefined;
  #namesOfRules = "";
  #meanings = new Meanings();

  /** `parsed` sorted by path. Trees must be those of the last check where nothing changed. Never throws on any text. */
  check(parsed: readonly ParsedRuleFile[], options: RecheckOptions = {}): CheckResult {
    const all = parsed.map(({ file }) => file);
    const rules = all.filter((file) => !isTestPath(file.source.path));
    const tests = all.filter((file) => isTestPath(file.source.path));
    const syntax = parsed.flatMap(({ diagnostics }) => diagnostics);
    const isWhole = !syntax.some((d) => d.severity === "error");
    const report = new Report();
    const checking = this.#checkSet(rules, tests, report, { ...options, isWhole });
    const found = [...syntax, ...withoutEchoes(report.found.map(toWholeFile), syntax)];
    const diagnostics = settle(found, all);
    // Counted before the cut to so many a file: an error that nobody sees still is one.
    const failed = [...found, ...diagnostics].some((d) => d.severity === "error");
    const { declarations, meanings, vocabularies } = checking;
    return {
      diagnostics,
      checked: failed ? undefined : { files: rules, tests, declarations, meanings, vocabularies },
      declarations,
      vocabularies,
    };
  }

  #checkSet(
    files: readonly RuleFile[],
    tests: readonly RuleFile[],
    report: Report,
    options: RecheckOptions & { readonly isWhole: boolean },
  ): Checking {
    const nodes = files.flatMap((file) => file.declarations);
    const rules = nodes.filter((node) => node.kind === "rule");
    const declarations = this.#gather(files, nodes, rules, report);
    const ground = this.#standOn(files, nodes, declarations);
    for (const one of ground.found) report.addFound(one);
    const used = new Set(ground.used);
    const { vocabularies, reads, secrets } = ground;
    const meanings = this.#meanings;
    const checking = { report, declarations, vocabularies, meanings, used, reads, secrets };
    for (const rule of rules) {
      let outcome = this.#rules.get(rule);
      if (outcome === undefined) {
        outcome = this.#look(checking, (one) => checkDeclaration(one, rule));
        this.#rules.set(rule, outcome);
      }
      for (const one of outcome.found) report.addFound(one);
      if (options.wholeSet !== false) for (const one of outcome.used) used.add(one);
    }
    this.#forgetGone(this.#rules, rules);
    if (options.wholeSet !== false) warnAboutWhole(checking, options);
    if (files.length > 0 && tests.length > 0) this.#checkTests(checking, tests);
    return checking;
  }

  /** Names anew, unless all are as they were: then nothing was told of them either. */
  #gather(
    files: readonly RuleFile[],
    nodes: readonly Declaration[],
    rules: readonly RuleNode[],
    report: Report,
  ): Declarations {
    const known = this.#gathered;
    const isSame =
      known?.nodes.length === nodes.length &&
      nodes.every((node, i) => node === known.nodes[i] || isSameRule(node, known.nodes[i]));
    if (isSame) return { ...known.declarations, rules };
    const declarations = collectDeclarations(files, report);
    this.#gathered = report.found.length === 0 ? { nodes, declarations } : undefined;
    return declarations;
  }

  /** The ground anew where a declaration of it changed; what stood on the old one is forgotten. */
  #standOn(files: readonly RuleFile[], all: readonly Declaration[], declarations: Declarations): Ground {
    const nodes = all.filter((node) => node.kind !== "rule");
    const known = this.#ground;
    const stands = known?.nodes.length === nodes.length && nodes.every((node, i) => node === known.nodes[i]);
    if (stands) return known;
    this.#rules = new Map();
    this.#tests = new Map();
    this.#meanings = new Meanings();
    const report = new Report();
    const base: Checking = {
      report,
      declarations,
      vocabularies: new Map(),
      meanings: this.#meanings,
      used: new Set(),
      reads: new Map(),
      secrets: new Map<string, Span>(),
    };
    const vocabularies = buildVocabularies(declarations, collectValues(base, files), report);
    const checking: Checking = { ...base, vocabularies };
    checkCycles(declarations, report);
    for (const node of nodes) checkDeclaration(checking, node);
    const { used, reads, secrets } = base;
    this.#ground = { nodes, vocabularies, reads, secrets, used, found: report.found };
    return this.#ground;
  }

  #checkTests(checking: Checking, files: readonly RuleFile[]): void {
    const { names, notifiesPeople } = ruleNamesOf(checking.declarations);
    const namesOfRules = `${notifiesPeople}\n${names.join("\n")}`;
    if (namesOfRules !== this.#namesOfRules) this.#tests = new Map();
    this.#namesOfRules = namesOfRules;
    checkTestNames(checking, files);
    const tests = testsOf(files);
    for (const test of tests) {
      const outcome = this.#tests.get(test) ?? this.#look(checking, (one) => checkTest(one, test));
      this.#tests.set(test, outcome);
      for (const one of outcome.found) checking.report.addFound(one);
    }
    this.#forgetGone(this.#tests, tests);
  }

  #look(checking: Checking, check: (one: Checking) => void): Outcome {
    const report = new Report();
    const used = new Set<Declaration>();
    this.#meanings.written = [];
    check({ ...checking, report, used });
    return { found: report.found, used, meanings: this.#meanings.written };
  }

  /** A tree that is gone leaves nothing behind. */
  #forgetGone(outcomes: Map<Declaration, Outcome>, left: readonly Declaration[]): void {
    if (outcomes.size === left.length) return;
    const alive = new Set(left);
    for (const [declaration, { meanings }] of outcomes) {
      if (alive.has(declaration)) continue;
      outcomes.delete(declaration);
      for (const path of meanings) this.#meanings.delete(path);
    }
  }
}

/** Names say the same of both. */
function isSameRule(a: Declaration, b: Declaration | undefined): boolean {
  return a.kind === "rule" && b?.kind === "rule" && a.name?.text === b.name?.text;
}

function testsOf(files: readonly RuleFile[]): readonly TestDeclaration[] {
  return files.flatMap((file) => file.declarations).filter((node) => node.kind === "test");
}

function warnAboutWhole(checking: Checking, options: CheckOptions & { readonly isWhole: boolean }): void {
  // What was not read whole may use what looks unused, and hold the rule that seems to be missing.
  if (options.isWhole) warnAboutUnused(checking);
  if (options.isWhole && !checking.report.found.some((d) => d.severity === "error")) {
    warnAboutSeverity(checking);
    warnAboutLateSuppress(checking);
  }
  checkMailboxCount(checking, options.mailEdition);
  if (options.knownSecrets !== undefined) warnAboutSecrets(checking, options.knownSecrets);
  if (options.refusedAddress !== undefined) warnAboutRefusedAddresses(checking, options.refusedAddress);
}

/** What the parser has reported is not told again in other words. */
function withoutEchoes(found: readonly Diagnostic[], syntax: readonly Diagnostic[]): readonly Diagnostic[] {
  const errors = syntax.filter((d) => d.severity === "error");
  return found.filter(({ span }) => {
    const overlaps = (other: Span): boolean =>
      other.source === span.source && other.start < span.end && span.start < other.end;
    return !errors.some((d) => overlaps(d.span));
  });
}
