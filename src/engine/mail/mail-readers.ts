/**
 * Who reads: small messages here and now, large ones in a few threads, each within a time and a memory limit. A thread that
 * exceeds one is ended with what it did; the next message gets a new one. Knows nothing of what a mail is for.
 *
 *   waiting [c d e] ──> thread 1: a   thread 2: b      answered -> next of waiting; idle -> ended; late, out of memory -> MailUnreadable
 */
import { Worker } from "node:worker_threads";
import {
  MAIL_ASIDE_BYTES_MIN,
  MAIL_ASIDE_MS_MAX,
  MAIL_THREAD_IDLE_MS,
  MAIL_THREAD_MEMORY_MIB,
  MAIL_THREADS_MAX,
} from "../../domain/index.ts";
import { readMailNow } from "../../mail/index.ts";
import type { ReadMail, ReadMailOptions } from "../../mail/index.ts";
import { prepareMail, type PreparedMail } from "./prepare-mail.ts";
import type { ReaderAnswer, ReaderTask } from "./reader-thread.ts";

/** As this file is named: TypeScript in a checkout, JavaScript in a package. */
const threadFile = new URL(
  import.meta.url.endsWith(".ts") ? "./reader-thread.ts" : "./reader-thread.js",
  import.meta.url,
);

/** The message took more time or memory than one may; the reason is a sentence without its text. */
export class MailUnreadable extends Error {
  override readonly name = "MailUnreadable";
}

/** What differs in tests. */
export interface ReaderLimits {
  readonly asideBytesMin: number;
  readonly msMax: number;
  readonly threadsMax: number;
  readonly memoryMib: number;
}

const DEFAULTS: ReaderLimits = {
  asideBytesMin: MAIL_ASIDE_BYTES_MIN,
  msMax: MAIL_ASIDE_MS_MAX,
  threadsMax: MAIL_THREADS_MAX,
  memoryMib: MAIL_THREAD_MEMORY_MIB,
};

interface Job {
  readonly task: ReaderTask;
  readonly resolve: (answer: ReaderAnswer) => void;
  readonly reject: (error: Error) => void;
}

export class MailReaders {
  readonly #limits: ReaderLimits;
  readonly #idle = new Set<ReaderThread>();
  readonly #all = new Set<ReaderThread>();
  #waiting: Job[] = [];
  readonly #prepared = new WeakMap<Uint8Array, Promise<PreparedMail>>();
  #isClosed = false;

  constructor(limits: Partial<ReaderLimits> = {}) {
    this.#limits = { ...DEFAULTS, ...limits };
  }

  /** So many bytes are read in a thread. */
  isLarge(bytes: number): boolean {
    return bytes > this.#limits.asideBytesMin;
  }

  /** As it comes: read, judged, masked. For several mailboxes once, since nothing of it is the mailbox's. Throws: MailUnreadable. */
  async prepare(raw: Uint8Array, options: ReadMailOptions): Promise<PreparedMail> {
    if (!this.isLarge(raw.length)) return prepareMail(raw, options);
    const prepared = this.#prepared.get(raw) ?? this.#prepare(raw, options);
    this.#prepared.set(raw, prepared);
    return await prepared;
  }

  async #prepare(raw: Uint8Array, options: ReadMailOptions): Promise<PreparedMail> {
    const answer = await this.#aside({ kind: "prepare", raw, options });
    if (answer.kind === "read") throw new Error("a thread answered what it was not asked");
    return answer;
  }

  /** What was stored, once more. Throws: MailUnreadable. */
  async read(raw: Uint8Array, options: ReadMailOptions): Promise<ReadMail> {
    if (!this.isLarge(raw.length)) return readMailNow(raw, options);
    const answer = await this.#aside({ kind: "read", raw, options });
    if (answer.kind !== "read") throw new Error("a thread answered what it was not asked");
    return answer.read;
  }

  /** Threads end, and with them what they do. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new MailUnreadable("the server is closing"));
    await Promise.all([...this.#all].map(async (thread) => await thread.end("the server is closing")));
  }

  async #aside(task: ReaderTask): Promise<ReaderAnswer> {
    if (this.#isClosed) throw new MailUnreadable("the server is closing");
    return await new Promise<ReaderAnswer>((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#assign();
    });
  }

  #assign(): void {
    while (this.#waiting.length > 0 && !this.#isClosed) {
      const thread = this.#idle.values().next().value ?? this.#start();
      const job = thread === undefined ? undefined : this.#waiting.shift();
      if (thread === undefined || job === undefined) return;
      this.#idle.delete(thread);
      thread.run(job);
    }
  }

  #start(): ReaderThread | undefined {
    if (this.#all.size >= this.#limits.threadsMax) return undefined;
    const thread = new ReaderThread(this.#limits, {
      free: () => {
        this.#idle.add(thread);
        this.#assign();
      },
      gone: () => {
        this.#idle.delete(thread);
        this.#all.delete(thread);
        this.#assign();
      },
    });
    this.#all.add(thread);
    return thread;
  }
}

interface ThreadEvents {
  readonly free: () => void;
  readonly gone: () => void;
}

class ReaderThread {
  readonly #worker: Worker;
  readonly #limits: ReaderLimits;
  readonly #events: ThreadEvents;
  #job: Job | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: ReaderLimits, events: ThreadEvents) {
    this.#limits = limits;
    this.#events = events;
    this.#worker = new Worker(threadFile, {
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMib },
      // What it might print could hold a mail.
      stdout: true,
      stderr: true,
    });
    this.#worker.on("message", (answer: ReaderAnswer) => this.#settle((job) => job.resolve(answer)));
    this.#worker.on("error", (error) => void this.end(reasonOf(error), error));
    this.#worker.on("exit", () => this.#gone("its thread ended"));
  }

  run(job: Job): void {
    this.#job = job;
    clearTimeout(this.#timer);
    const { msMax } = this.#limits;
    this.#timer = setTimeout(() => void this.end(`it took longer than ${msMax / 1000} s`), msMax);
    this.#worker.ref();
    this.#worker.postMessage(job.task);
  }

  async end(reason: string, cause?: unknown): Promise<void> {
    this.#gone(reason, cause);
    await this.#worker.terminate();
  }

  #settle(tell: (job: Job) => void): void {
    const job = this.#job;
    if (job === undefined) return;
    this.#job = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.end("it had nothing to do"), MAIL_THREAD_IDLE_MS);
    this.#timer.unref();
    this.#worker.unref();
    tell(job);
    this.#events.free();
  }

  #gone(reason: string, cause?: unknown): void {
    clearTimeout(this.#timer);
    const job = this.#job;
    this.#job = undefined;
    job?.reject(new MailUnreadable(`the message could not be read: ${reason}`, { cause }));
    this.#events.gone();
  }
}

function reasonOf(error: unknown): string {
  const isMemory = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  return isMemory ? "it took too much memory" : "a mistake of ours";
}
