/**
 * The two Temporal workers of a process on one connection: workflows with their short database work, and slow calls.
 * Waits for Temporal as long as it is away. Settings for two cores (temporal.md 5.5), measured by bench/callouts.bench.ts.
 */
import { NativeConnection, Worker, type WorkerOptions } from "@temporalio/worker";
import type { Logger } from "pino";
import { createActivities, type ActivityDependencies } from "../../activities/index.ts";
import type { TaskQueues } from "../../workflows/ids.ts";
import type { Config } from "../config/index.ts";
import { connectionOptions, dataConverterOf } from "../dispatch/index.ts";
import { SECOND, WORKER_GRACE_MS } from "../domain/index.ts";
import { buildIdOf, workflowBundle } from "./bundle.ts";
import { installRuntime } from "./runtime.ts";

export interface RunningWorkers {
  /** Empty while Temporal is away. */
  taskQueues(): readonly string[];
  /** Resolves when they poll for the first time. */
  readonly polling: Promise<void>;
  /** Polls no more until `admit` lets it. */
  stepBack(): void;
  /** Attempts under way get most of WORKER_GRACE_MS, then they are recorded as interrupted. */
  close(): Promise<void>;
}

export interface RunWorkersOptions {
  readonly temporal: Config["temporal"];
  readonly queues: TaskQueues;
  readonly activities: ActivityDependencies;
  readonly logger: Logger;
  readonly graceMs?: number;
  /** Asked before each beginning; what it throws is told, and it is asked again. */
  readonly admit?: () => Promise<void>;
}

const RULES_QUEUE_SETTINGS = {
  maxConcurrentWorkflowTaskExecutions: 20,
  maxConcurrentLocalActivityExecutions: 40,
  maxCachedWorkflows: 200,
} as const satisfies Partial<WorkerOptions>;
/** Calls mostly wait; more of them than this would only wait for the receivers' turn. */
const CALLOUTS_QUEUE_SETTINGS = {
  maxConcurrentActivityTaskExecutions: 60,
} as const satisfies Partial<WorkerOptions>;
const DEPLOYMENT = "tocsin";
const AGAIN_MS_MIN = 500;
const AGAIN_MS_MAX = 10 * SECOND;
/** Of WORKER_GRACE_MS, which is the process's: for recording what was interrupted, and for closing. */
const RECORDING_MS = 2 * SECOND;
const GRACE_MS = WORKER_GRACE_MS - RECORDING_MS - SECOND;

export function runWorkers(options: RunWorkersOptions): RunningWorkers {
  installRuntime(options.logger);
  const state: State = { isClosed: false, workers: [], connection: undefined, wake: undefined };
  const polling = Promise.withResolvers<void>();
  const running = keepRunning(options, state, polling.resolve);
  return {
    taskQueues: () => state.workers.map((worker) => worker.options.taskQueue),
    polling: polling.promise,
    stepBack: () => shutDown(state.workers),
    async close() {
      state.isClosed = true;
      state.wake?.();
      shutDown(state.workers);
      await running;
    },
  };
}

interface State {
  isClosed: boolean;
  workers: readonly Worker[];
  connection: NativeConnection | undefined;
  wake: (() => void) | undefined;
}

async function keepRunning(options: RunWorkersOptions, state: State, onPolling: () => void): Promise<void> {
  let told = "";
  for (let againMs = AGAIN_MS_MIN; !state.isClosed; againMs = Math.min(againMs * 2, AGAIN_MS_MAX)) {
    try {
      await connect(options, state);
      if (state.isClosed) break;
      options.logger.info({ taskQueues: Object.values(options.queues) }, "the worker polls Temporal");
      againMs = AGAIN_MS_MIN;
      told = "";
      onPolling();
      await Promise.all(state.workers.map(async (worker) => await worker.run()));
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : "unknown";
      // Once for each reason: it may last for hours.
      if (!state.isClosed && why !== told)
        options.logger.warn({ err: thrown }, "the worker waits for Temporal");
      told = why;
    } finally {
      await disconnect(state, options.logger);
    }
    if (!state.isClosed) await sleepUnlessClosed(state, againMs);
  }
  await disconnect(state, options.logger);
}

async function connect(options: RunWorkersOptions, state: State): Promise<void> {
  const { temporal, queues } = options;
  // The bundle needs no server: made while one may still be starting.
  const bundle = await workflowBundle();
  await options.admit?.();
  const connection = await NativeConnection.connect(await connectionOptions(temporal));
  state.connection = connection;
  const activities = createActivities(options.activities);
  const buildId = buildIdOf(bundle);
  options.logger.info({ buildId }, "the code of the workflows");
  const graceMs = options.graceMs ?? GRACE_MS;
  const common = {
    connection,
    // Told, not routed by: any worker takes any workflow (docs/upgrading.md). What `tocsin doctor` compares.
    workerDeploymentOptions: { useWorkerVersioning: false, version: { deploymentName: DEPLOYMENT, buildId } },
    namespace: temporal.namespace,
    dataConverter: dataConverterOf(temporal),
    shutdownGraceTime: graceMs,
    shutdownForceTime: graceMs + RECORDING_MS,
  } as const;
  const { attemptCallout, attemptNotification, ...desk } = activities;
  state.workers = [
    await Worker.create({
      ...common,
      ...RULES_QUEUE_SETTINGS,
      taskQueue: queues.rules,
      workflowBundle: bundle,
      activities: desk,
    }),
    await Worker.create({
      ...common,
      ...CALLOUTS_QUEUE_SETTINGS,
      taskQueue: queues.callouts,
      activities: { attemptCallout, attemptNotification },
    }),
  ];
}

async function disconnect(state: State, logger: Logger): Promise<void> {
  const { connection, workers } = state;
  state.workers = [];
  state.connection = undefined;
  shutDown(workers);
  while (workers.some((worker) => !ENDED.has(worker.getState()))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  try {
    await connection?.close();
  } catch (thrown) {
    logger.debug({ err: thrown }, "the connection to Temporal was closed already");
  }
}

function shutDown(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
}

const ENDED: ReadonlySet<string> = new Set(["STOPPED", "FAILED", "INITIALIZED"]);

async function sleepUnlessClosed(state: State, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    state.wake = (): void => {
      clearTimeout(timer);
      resolve();
    };
  });
  state.wake = undefined;
}
