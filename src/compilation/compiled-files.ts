/** What is asked of this room and what it answers. */
import type { RuleSetIr } from "../compiler/index.ts";
import type { DiagnosticRecord } from "../diagnostics/index.ts";

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface CompiledFiles {
  readonly diagnostics: readonly DiagnosticRecord[];
  /** Undefined when a diagnostic is an error. */
  readonly ir: RuleSetIr | undefined;
  /** The set was too much for the time that analysis has: `diagnostics` are those of the checker alone. */
  readonly isAnalysisGivenUp: boolean;
}

/** `told`: somebody reads what is found, so the whole set is analysed; `run`: only what it means is wanted. */
export type CompileFiles = (files: readonly SourceFile[], purpose: "told" | "run") => Promise<CompiledFiles>;
