/** The thread in which one large set is compiled and analysed, so that no request waits for it. Ends with its answer. */
import { parentPort, workerData } from "node:worker_threads";
import { withAnalysis } from "../analysis/index.ts";
import { packRules, type PackedRules } from "../compiler/index.ts";
import { toRecord, type DiagnosticRecord } from "../diagnostics/index.ts";
import { compileHere, type CompileSettings } from "./compile-here.ts";
import type { SourceFile } from "./compiled-files.ts";

export interface CompileRequest {
  readonly files: readonly SourceFile[];
  readonly settings: CompileSettings;
  readonly isAnalysed: boolean;
}

/** `compiled` first, `analysed` when that was asked for and the set has no error. */
export type CompileAnswer =
  | {
      readonly kind: "compiled";
      readonly diagnostics: readonly DiagnosticRecord[];
      readonly packed: PackedRules | undefined;
      readonly isLast: boolean;
    }
  | { readonly kind: "analysed"; readonly diagnostics: readonly DiagnosticRecord[] };

const { files, settings, isAnalysed } = workerData as CompileRequest;
const compiled = compileHere(files, settings, isAnalysed);
const isLast = !isAnalysed || compiled.ir === undefined;
tell({
  kind: "compiled",
  diagnostics: compiled.diagnostics.map(toRecord),
  packed: compiled.ir === undefined ? undefined : packRules(compiled.ir),
  isLast,
});
if (!isLast) {
  tell({ kind: "analysed", diagnostics: withAnalysis(compiled).diagnostics.map(toRecord) });
}

function tell(answer: CompileAnswer): void {
  parentPort?.postMessage(answer);
}
