/**
 * Hands a large set to a thread of its own, one at a time, and gives analysis up beyond a limit. Knows threads and time;
 * nothing of what is found.
 */
import { Worker } from "node:worker_threads";
import { unpackRules } from "../compiler/index.ts";
import type { CompileAnswer, CompileRequest } from "./compile-thread.ts";
import type { CompiledFiles } from "./compiled-files.ts";

/** As this file is named: TypeScript in a checkout, JavaScript in a package. */
const threadFile = new URL(
  import.meta.url.endsWith(".ts") ? "./compile-thread.ts" : "./compile-thread.js",
  import.meta.url,
);

export interface AsideLimits {
  readonly compileMs: number;
  /** From the moment when the set is compiled. */
  readonly analysisMs: number;
}

let last: Promise<unknown> = Promise.resolve();

/**
 * What the files mean. Beyond the limit of analysis: with what the checker found alone. Throws: the thread failed, or did
 * not compile in time.
 */
export async function compileAside(request: CompileRequest, limits: AsideLimits): Promise<CompiledFiles> {
  const turn = last.then(async () => await runThread(request, limits));
  // Whoever asked hears of a failure; the next in line only waits.
  last = Promise.allSettled([turn]);
  return await turn;
}

async function runThread(request: CompileRequest, limits: AsideLimits): Promise<CompiledFiles> {
  const thread = new Worker(threadFile, { workerData: request });
  let limit: NodeJS.Timeout | undefined;
  try {
    return await new Promise<CompiledFiles>((resolve, reject) => {
      let compiled: CompiledFiles | undefined;
      const give = (files: CompiledFiles | undefined, failure: Error): void => {
        if (files === undefined) reject(failure);
        else resolve(files);
      };
      const wait = (ms: number): void => {
        clearTimeout(limit);
        limit = setTimeout(() => give(compiled, new Error(`rules were not compiled in ${ms / 1000} s`)), ms);
      };
      wait(limits.compileMs);
      thread.on("message", (answer: CompileAnswer) => {
        const { diagnostics } = answer;
        if (answer.kind === "analysed") resolve({ diagnostics, ir: compiled?.ir, isAnalysisGivenUp: false });
        else {
          const ir = answer.packed === undefined ? undefined : unpackRules(answer.packed);
          compiled = { diagnostics, ir, isAnalysisGivenUp: !answer.isLast };
          // Without any time for it nothing is waited for: the answer may be on its way already.
          if (answer.isLast || limits.analysisMs === 0) resolve(compiled);
          else wait(limits.analysisMs);
        }
      });
      thread.on("error", (error) => give(compiled, error));
      thread.on("exit", () => give(compiled, new Error("the thread that compiles rules ended")));
    });
  } finally {
    clearTimeout(limit);
    void thread.terminate();
  }
}
