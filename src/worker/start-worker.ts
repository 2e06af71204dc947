/**
 * One worker process: the engine for rules on callouts, Temporal's workers, the relay of the outbox and the reconciler,
 * opened in order and closed in the reverse one. Starts with Temporal away and waits for it. Several run over one database.
 */
import type { Logger } from "pino";
import type { ActivityDependencies } from "../../activities/index.ts";
import { taskQueues } from "../../workflows/ids.ts";
import {
  buildCalloutSender,
  buildEgressPolicy,
  buildGuardedDispatcher,
  buildHostTurns,
  buildSecrets,
} from "../callouts/index.ts";
import { compileFiles } from "../compilation/index.ts";
import type { Config } from "../config/index.ts";
import { openDispatch, type Dispatch, type NoticeSchedule } from "../dispatch/index.ts";
import { SECOND } from "../domain/index.ts";
import { createEngine, watchActiveRules, type WatchedRules } from "../engine/index.ts";
import { buildRunnableRules } from "../matcher/index.ts";
import { buildNoticeSender } from "../notify/index.ts";
import { createIdSource, ensureOwnOrganization, openStore, type Store } from "../store/index.ts";
import { startAdapting } from "./adapt-waiting.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { startRetention } from "./retention.ts";
import { runWorkers } from "./run-workers.ts";

export interface RunningWorker {
  /** Attempts under way get the grace time, then they are recorded as interrupted. */
  close(): Promise<void>;
}

export interface WorkerSettings {
  /** Task queues of its own, for tests that share a Temporal. */
  readonly taskQueuePrefix?: string;
  readonly notices?: NoticeSchedule;
}

const REGISTER_AGAIN_MS = 2 * SECOND;

export async function startWorker(
  config: Config,
  logger: Logger,
  settings: WorkerSettings = {},
): Promise<RunningWorker> {
  if (config.databaseUrl === undefined) throw new Error("a worker needs a database: DATABASE_URL");
  const store = openStore({ databaseUrl: config.databaseUrl });
  let swapped: (() => void) | undefined;
  const rules = await watchRules(config, { store, logger, onSwap: () => swapped?.() });
  const engine = createEngine({
    store,
    rules: rules.current,
    ownOrganization: await ensureOwnOrganization(store, config.ownOrganization, createIdSource(), Date.now()),
    notesPerWindow: config.notesPerWindow,
    onFailure: (error) => logger.error({ err: error }, "the rules on a callout failed by a mistake of ours"),
  });
  const dispatch = await openDispatch({ config, store, logger, ...settings });
  const senders = buildSenders(config);
  const workers = runWorkers({
    temporal: config.temporal,
    queues: taskQueues(settings.taskQueuePrefix),
    logger,
    admit: () => dispatch.claimNamespace(),
    activities: {
      db: store,
      engine,
      ...senders.use,
      hosts: buildHostTurns(),
      now: Date.now,
    },
  });
  const registering = startRelayWhenRegistered(dispatch, logger, () => workers.stepBack());
  const heartbeat = startHeartbeat(store, () => workers.taskQueues(), logger);
  const adapting = startAdapting(engine, logger);
  swapped = adapting.swapped;
  const retention = startRetention(
    store,
    { alertsMs: config.retentionAlertsMs, rawMailMs: config.retentionRawMailMs },
    logger,
  );
  return {
    async close() {
      await Promise.all([registering.close(), workers.close()]);
      await Promise.all([heartbeat.close(), retention.close(), adapting.close()]);
      await dispatch.close();
      await senders.close();
      await engine.close();
      await rules.close();
      await store.close();
    },
  };
}

async function watchRules(
  config: Config,
  { store, logger, onSwap }: { readonly store: Store; readonly logger: Logger; readonly onSwap: () => void },
): Promise<WatchedRules> {
  const compile = compileFiles(config);
  return await watchActiveRules({
    store,
    compile: async (files) => (await compile(files, "run")).ir,
    build: buildRunnableRules,
    onSwap,
    onFailure: (error) =>
      logger.error({ err: error }, "the rule set in force could not be loaded; the one before stays"),
  });
}

interface Senders {
  readonly use: Pick<ActivityDependencies, "callouts" | "notices">;
  close(): Promise<void>;
}

function buildSenders(config: Config): Senders {
  const secrets = buildSecrets(config.secrets);
  const dispatcher = buildGuardedDispatcher({ policy: buildEgressPolicy(config.egressAllow) });
  const exchanger = { dispatcher };
  return {
    use: {
      callouts: buildCalloutSender(exchanger, secrets),
      notices: buildNoticeSender({
        smtpUrl: config.smtpUrl,
        mailFrom: config.mailFrom,
        exchanger,
        mask: (text) => secrets.mask(text),
      }),
    },
    close: () => dispatcher.destroy(),
  };
}

/** A start with an unknown search attribute fails, so the relay waits for them, as long as Temporal is away. */
function startRelayWhenRegistered(
  dispatch: Dispatch,
  logger: Logger,
  onTaken: () => void,
): { close(): Promise<void> } {
  const stop = new AbortController();
  const relay = (async () => {
    let hasTold = false;
    while (!stop.signal.aborted) {
      try {
        await dispatch.registerSearchAttributes();
        return dispatch.startRelay(onTaken);
      } catch (thrown) {
        if (!hasTold) logger.warn({ err: thrown }, "Temporal is away: workflows wait in the outbox");
        hasTold = true;
      }
      await sleep(REGISTER_AGAIN_MS, stop.signal);
    }
    return undefined;
  })();
  return {
    async close() {
      stop.abort();
      await (await relay)?.close();
    },
  };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
