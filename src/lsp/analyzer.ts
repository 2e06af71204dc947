/**
 * Hands sets to the thread of analysis: one at a time, of each set only the newest, given up beyond a limit. Knows
 * threads and time; nothing of what is found.
 */
import { Worker } from "node:worker_threads";
import { EDITOR_ANALYSIS_DELAY_MS, EDITOR_ANALYSIS_MS_MAX } from "../domain/index.ts";
import type { AnalysisAnswer, AnalysisRequest } from "./analysis-thread.ts";
import type { RuleSet } from "./rule-set.ts";

/** As this file is named: TypeScript in a checkout, JavaScript in a package. */
const threadFile = new URL(
  import.meta.url.endsWith(".ts") ? "./analysis-thread.ts" : "./analysis-thread.js",
  import.meta.url,
);

export class Analyzer {
  readonly #done: (set: RuleSet) => void;
  readonly #tell: (text: string) => void;
  readonly #waiting = new Map<RuleSet, NodeJS.Timeout>();
  readonly #ready = new Set<RuleSet>();
  #thread: Worker | undefined;
  #busy:
    { readonly set: RuleSet; readonly request: AnalysisRequest; readonly limit: NodeJS.Timeout } | undefined;
  #id = 0;

  constructor(done: (set: RuleSet) => void, tell: (text: string) => void) {
    this.#done = done;
    this.#tell = tell;
  }

  /** Soon, when nothing more is typed. */
  ask(set: RuleSet): void {
    clearTimeout(this.#waiting.get(set));
    const timer = setTimeout(() => {
      this.#waiting.delete(set);
      this.#ready.add(set);
      this.#next();
    }, EDITOR_ANALYSIS_DELAY_MS);
    this.#waiting.set(set, timer);
  }

  async stop(): Promise<void> {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    this.#ready.clear();
    clearTimeout(this.#busy?.limit);
    this.#busy = undefined;
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }

  #next(): void {
    const [set] = this.#ready;
    if (this.#busy !== undefined || set === undefined) return;
    this.#ready.delete(set);
    // A set with errors is not analysed: what it means is not known. What was found before stands with its trees.
    if (set.isEmpty || set.state().hasErrors) {
      this.#next();
      return;
    }
    this.#id += 1;
    const request: AnalysisRequest = { id: this.#id, files: set.texts() };
    const limit = setTimeout(() => this.#giveUp(), EDITOR_ANALYSIS_MS_MAX);
    this.#busy = { set, request, limit };
    this.#thread ??= this.#startThread();
    this.#thread.postMessage(request);
  }

  #startThread(): Worker {
    const thread = new Worker(threadFile, { stdout: true, stderr: true });
    thread.on("message", (answer: AnalysisAnswer) => this.#take(answer));
    thread.on("error", (error) => {
      this.#tell(`analysis failed: ${error.message}`);
      this.#forget(thread);
    });
    thread.on("exit", () => this.#forget(thread));
    thread.unref();
    return thread;
  }

  #take({ id, found }: AnalysisAnswer): void {
    const busy = this.#busy;
    if (busy?.request.id !== id) return;
    clearTimeout(busy.limit);
    this.#busy = undefined;
    busy.set.warn(found, busy.request.files);
    this.#done(busy.set);
    this.#next();
  }

  #giveUp(): void {
    this.#tell(`analysis took more than ${EDITOR_ANALYSIS_MS_MAX / 1000} s and was given up`);
    const thread = this.#thread;
    this.#thread = undefined;
    this.#busy = undefined;
    if (thread !== undefined) void thread.terminate();
    this.#next();
  }

  #forget(thread: Worker): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    clearTimeout(this.#busy?.limit);
    this.#busy = undefined;
  }
}
