/**
 * Rule sets for the API and the first start: check, publish, activate, and the compiled form of any version for
 * explain and lists. The engine keeps its own compiled set in force; both read the same rows.
 */
import { createHash } from "node:crypto";
import type { CompiledFiles, CompileFiles } from "../compilation/index.ts";
import type { RuleSetIr } from "../compiler/index.ts";
import { timedRulesOf } from "../decision/index.ts";
import type { DiagnosticRecord } from "../diagnostics/index.ts";
import type { Store } from "../store/index.ts";
import {
  activateRuleSet,
  insertAudit,
  publishRuleSet,
  selectNumberInForce,
  selectRuleSetFiles,
  type RuleFile,
  type RuleSetRow,
  type SetInForce,
} from "../store/desk/index.ts";

export type FoundInFiles = Pick<CompiledFiles, "diagnostics" | "isAnalysisGivenUp">;

export type PublishOutcome =
  | {
      readonly kind: "published";
      readonly row: RuleSetRow;
      readonly diagnostics: readonly DiagnosticRecord[];
      readonly isAnalysisGivenUp: boolean;
    }
  | { readonly kind: "invalid"; readonly diagnostics: readonly DiagnosticRecord[] };

export interface RuleSets {
  check(files: readonly RuleFile[]): Promise<FoundInFiles>;
  publish(
    files: readonly RuleFile[],
    by: { readonly author: string; readonly origin: "up" | "api"; readonly message?: string | undefined },
  ): Promise<PublishOutcome>;
  /** Undefined: there is no such number. */
  activate(number: number, by: string): Promise<RuleSetRow | undefined>;
  /** Undefined: nothing was published yet. */
  inForce(): Promise<{ readonly number: number; readonly ir: RuleSetIr } | undefined>;
  /** Undefined: there is no such number. */
  compiled(number: number): Promise<RuleSetIr | undefined>;
}

/** Compiled versions that one process remembers. */
const REMEMBERED_MAX = 4;

export function createRuleSets(
  store: Store,
  compile: CompileFiles,
  /** Lets this process's engine take the new set before the answer; others hear of it through Postgres. */
  changed: () => Promise<void>,
): RuleSets {
  const irByNumber = new Map<number, RuleSetIr>();
  const remember = (number: number, ir: RuleSetIr): RuleSetIr => {
    if (irByNumber.size >= REMEMBERED_MAX) irByNumber.delete(irByNumber.keys().next().value ?? number);
    irByNumber.set(number, ir);
    return ir;
  };
  const compiled = async (number: number): Promise<RuleSetIr | undefined> => {
    const known = irByNumber.get(number);
    if (known !== undefined) return known;
    const files = await selectRuleSetFiles(store, number);
    const ir = files === undefined ? undefined : (await compile(files, "run")).ir;
    return ir === undefined ? undefined : remember(number, ir);
  };
  return {
    check: async (files) => await compile(inOrder(files), "told"),
    publish: async (given, { author, origin, message }) => {
      const files = inOrder(given);
      const { ir, diagnostics, isAnalysisGivenUp } = await compile(files, "told");
      if (ir === undefined) return { kind: "invalid", diagnostics };
      const hash = hashFiles(files);
      const row = await publishRuleSet(
        store,
        { hash, author, origin, message, files, diagnostics },
        declaredBy(ir),
      );
      await insertAudit(store, { kind: "staff", name: author }, "rule set published", String(row.number), {
        hash,
      });
      remember(row.number, ir);
      await changed();
      return { kind: "published", row, diagnostics, isAnalysisGivenUp };
    },
    activate: async (number, by) => {
      const ir = await compiled(number);
      if (ir === undefined) return undefined;
      const row = await activateRuleSet(store, number, by, declaredBy(ir));
      if (row === undefined) return undefined;
      await insertAudit(store, { kind: "staff", name: by }, "rule set activated", String(number));
      await changed();
      return row;
    },
    inForce: async () => {
      const number = await selectNumberInForce(store);
      const ir = number === undefined ? undefined : await compiled(number);
      return number === undefined || ir === undefined ? undefined : { number, ir };
    },
    compiled,
  };
}

function declaredBy(ir: RuleSetIr): SetInForce {
  return { udfs: ir.udfs, timed: timedRulesOf(ir, Date.now()), callouts: [...ir.callouts.values()] };
}

/** By path in code points, as rules fire: the same files in another order are the same set. */
function inOrder(files: readonly RuleFile[]): readonly RuleFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** SHA-256 over paths and texts; lengths stand between, so that no two sets write the same bytes. */
export function hashFiles(files: readonly RuleFile[]): string {
  const hash = createHash("sha256");
  for (const { path, text } of inOrder(files)) {
    hash.update(`${Buffer.byteLength(path)}:${path}${Buffer.byteLength(text)}:`);
    hash.update(text);
  }
  return hash.digest("hex");
}
