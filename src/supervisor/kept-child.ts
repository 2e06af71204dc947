/**
 * Keeps one child alive until it is told to stop. Knows when to start again, not what it starts.
 *
 *   starting -> running -> (ends by itself) -> waiting -> starting ... -> given up (five failures in a minute)
 *        \________________________\______________________\___ stop() -> stopped
 */
import { decideRestart } from "./restart-policy.ts";
import type { RunningChild } from "./child-process.ts";

export interface KeptChildOptions {
  readonly name: string;
  /** Resolves when the child is ready. Throws when it does not get there; then nothing of it runs. */
  readonly start: () => Promise<RunningChild>;
  readonly onNotice: (sentence: string) => void;
  readonly onStarted: (child: RunningChild) => void;
  readonly onGivenUp: (sentence: string) => void;
}

export class KeptChild {
  readonly name: string;
  readonly #options: KeptChildOptions;
  #failedAtMs: number[] = [];
  #current: RunningChild | undefined;
  #starting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(options: KeptChildOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** The first start: what it throws is for the caller to tell. */
  async start(): Promise<void> {
    const starting = this.#startOnce();
    const settle = (): void => undefined;
    this.#starting = starting.then(settle, settle);
    await starting;
  }

  /** Goes on trying in the background after a first start that failed. */
  retryAfter(delayMs: number): void {
    if (this.#isStopping) return;
    this.#timer = setTimeout(() => {
      this.#starting = this.#startOnce().catch((error: unknown) => {
        this.#options.onNotice(`${messageOf(error)} Trying again in ${delayMs / 1000} s.`);
        this.retryAfter(delayMs);
      });
    }, delayMs);
  }

  /** Waits for a start that is under way, so that nothing it started is missed. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    const stopCurrent = async (): Promise<void> => {
      await this.#current?.stop(timeoutMs);
    };
    await stopCurrent();
    await this.#starting;
    await stopCurrent();
  }

  async #startOnce(): Promise<void> {
    const child = await this.#options.start();
    this.#current = child;
    this.#options.onStarted(child);
    void child.exited.then(({ code, signal }) => {
      if (!this.#isStopping) this.#failed(`ended (${signal ?? `code ${code ?? "unknown"}`})`);
    });
  }

  #failed(what: string): void {
    const nowMs = performance.now();
    this.#failedAtMs = [...this.#failedAtMs, nowMs].slice(-20);
    const decision = decideRestart(this.#failedAtMs, nowMs);
    if (decision.kind === "give up") {
      this.#options.onGivenUp(`${this.name} ${what} for the fifth time in a minute; giving up.`);
      return;
    }
    this.#options.onNotice(`${this.name} ${what}; starting it again in ${decision.delayMs / 1000} s.`);
    this.#timer = setTimeout(() => {
      this.#starting = this.#startOnce().catch((error: unknown) => {
        if (!this.#isStopping) this.#failed(`did not start: ${messageOf(error)}`);
      });
    }, decision.delayMs);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
