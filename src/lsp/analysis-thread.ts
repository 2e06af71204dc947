/** The thread in which a whole set is analysed (R20xx), so that no key waits for it. Knows texts in, places out. */
import { parentPort } from "node:worker_threads";
import { compileAndAnalyze } from "../analysis/index.ts";
import type { Diagnostic, Span } from "../diagnostics/index.ts";
import type { FarDiagnostic, FarSpan } from "./rule-set.ts";

export interface AnalysisRequest {
  readonly id: number;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export interface AnalysisAnswer {
  readonly id: number;
  readonly found: readonly FarDiagnostic[];
}

parentPort?.on("message", ({ id, files }: AnalysisRequest) => {
  const { diagnostics } = compileAndAnalyze(files);
  const found = diagnostics.filter((one) => one.severity === "warning").map(toFar);
  const answer: AnalysisAnswer = { id, found };
  parentPort?.postMessage(answer);
});

function toFar(one: Diagnostic): FarDiagnostic {
  return {
    ...one,
    span: place(one.span),
    labels: one.labels.map((label) => ({ text: label.text, span: place(label.span) })),
    fixes: one.fixes.map((fix) => ({
      ...fix,
      edits: fix.edits.map((edit) => ({ newText: edit.newText, span: place(edit.span) })),
    })),
  };
}

function place({ source, start, end }: Span): FarSpan {
  return { path: source.path, start: source.base + start, end: source.base + end };
}
