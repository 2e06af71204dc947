/**
 * Carries the outbox to Temporal: claims by lease, lanes in order, wakes on NOTIFY and polls beside it. Several relays
 * may run at once. With Temporal away it waits, longer each time, and reconciles before it goes on.
 */
import type { Logger } from "pino";
import { HOUR, OUTBOX_BATCH_MAX, OUTBOX_POLL_MS, SECOND } from "../domain/index.ts";
import {
  CHANNELS,
  claimOutbox,
  isStoreUnavailable,
  listenChannel,
  markOutboxDone,
  postponeOutbox,
  pruneOutbox,
  rememberTemporal,
  restartWaiting,
  selectInstallation,
  type OutboxRow,
  type Store,
} from "../store/index.ts";
import { buildBell } from "./build-bell.ts";
import { claimNamespace, NamespaceTaken } from "./claim-namespace.ts";
import { reconcile } from "./reconcile.ts";
import { startRearm, startTicketClock, tellTicketClock, type Pace } from "./start-clocks.ts";
import { syncSchedules } from "./sync-schedules.ts";
import { signalChanged, startAbsence, startHold, startMaintenance } from "./start-waiting.ts";
import {
  signalLookAgain,
  signalTicketCompleted,
  startCallout,
  startNotification,
  startReplay,
  startWindow,
  type StartContext,
} from "./start-workflows.ts";

export interface Relay {
  /** Ends after the rows under way. */
  close(): Promise<void>;
}

export interface RelayOptions {
  readonly store: Store;
  readonly context: StartContext;
  readonly logger: Logger;
  readonly onTaken?: (() => void) | undefined;
}

/** Starts under way at once: more only queue up in a server on two cores. */
const STARTS_AT_ONCE = 12;
/** Longer than the calls of one row: of a relay that was killed, others take over after it. */
const LEASE_MS = 15 * SECOND;
const AWAY_WAIT_MS_MIN = 500;
const AWAY_WAIT_MS_MAX = 3 * SECOND;
/** A row that fails for a reason of its own must not hold up the others. */
const ROW_WAIT_MS_MAX = 5 * 60 * SECOND;
/** How often Temporal is asked whether it is there, and still the one it was. */
const HEALTH_CHECK_MS = 5 * SECOND;
/** Without any sign of an outage: a workflow may have been terminated by hand. */
const RECONCILE_EVERY_MS = 5 * 60 * SECOND;
const KEEP_DONE_MS = HOUR;

export function startRelay(options: RelayOptions): Relay {
  const { store } = options;
  const bell = buildBell();
  const listening = listenChannel(store.databaseUrl, CHANNELS.outbox, bell.ring);
  const state: RelayState = {
    isClosed: false,
    mustReconcile: "everything",
    reconciling: undefined,
    awayMs: 0,
    checkedAt: 0,
    reconciledAt: 0,
    prunedAt: 0,
    temporalIs: "",
    isTaken: false,
  };
  const running = (async () => {
    while (!state.isClosed) {
      const waitMs = await round(options, state).catch((thrown: unknown) =>
        waitAfter(thrown, state, options),
      );
      if (waitMs > 0 && !state.isClosed) await bell.wait(waitMs);
    }
  })();
  return {
    async close() {
      state.isClosed = true;
      bell.ring();
      await running;
      await state.reconciling;
      await listening.close();
    },
  };
}

interface RelayState {
  isClosed: boolean;
  /** Everything at start, and whenever Temporal was away: it may have lost what Postgres believes. */
  mustReconcile: "everything" | "deliveries" | undefined;
  reconciling: Promise<void> | undefined;
  awayMs: number;
  checkedAt: number;
  reconciledAt: number;
  prunedAt: number;
  /** Id of the namespace: another one is another server, which knows nothing. */
  temporalIs: string;
  /** Another installation works there. */
  isTaken: boolean;
}

/** Returns how long to sleep unless woken. Throws: TemporalAway, StoreUnavailable. */
async function round({ store, context, logger }: RelayOptions, state: RelayState): Promise<number> {
  if (Date.now() - state.checkedAt > HEALTH_CHECK_MS || state.awayMs > 0 || state.isTaken)
    await checkTemporal({ store, context, logger }, state);
  if (state.awayMs > 0) logger.info("Temporal is back");
  state.awayMs = 0;
  if (state.mustReconcile !== undefined && state.reconciling === undefined)
    reconcileBeside({ store, context, logger }, state, state.mustReconcile);
  if (Date.now() - state.prunedAt > KEEP_DONE_MS / 4) {
    await pruneOutbox(store, KEEP_DONE_MS);
    state.prunedAt = Date.now();
  }
  const rows = await claimOutbox(store, {
    limit: Math.min(STARTS_AT_ONCE, OUTBOX_BATCH_MAX),
    leaseMs: LEASE_MS,
  });
  if (rows.length === 0) return OUTBOX_POLL_MS;
  await tellAll({ store, context, logger }, rows);
  return 0;
}

/** Is it there, is it ours, and is it the one that it was? Throws: TemporalAway, NamespaceTaken, StoreUnavailable. */
async function checkTemporal({ store, context, logger }: RelayOptions, state: RelayState): Promise<void> {
  const namespace = await context.temporal.describeNamespace();
  const { id } = namespace;
  const isAnother = id !== state.temporalIs;
  await claimNamespace(context.temporal, namespace, {
    rulesQueue: context.queues.rules,
    installation: await selectInstallation(store),
    wants: isAnother ? "to begin" : "to go on",
  });
  if (state.isTaken) logger.info("the namespace of Temporal is ours again");
  if (isAnother || state.isTaken) state.mustReconcile = "everything";
  else if (Date.now() - state.reconciledAt > RECONCILE_EVERY_MS) state.mustReconcile ??= "deliveries";
  state.isTaken = false;
  if (isAnother && id !== "")
    await store.transaction(async (transaction) => {
      if ((await rememberTemporal(transaction, id)) === "new")
        await restartWaiting(transaction, "everything");
    });
  state.temporalIs = id;
  state.checkedAt = Date.now();
}

/** Beside the rows of the outbox: asking about a thousand old deliveries must not hold up a new one. */
function reconcileBeside(
  { context, logger }: RelayOptions,
  state: RelayState,
  what: NonNullable<RelayState["mustReconcile"]>,
): void {
  state.mustReconcile = undefined;
  state.reconciledAt = Date.now();
  state.reconciling = reconcile(context, {
    withWindows: what === "everything",
    isStopped: () => state.isClosed,
  })
    .then(({ started }) => {
      if (started > 0) logger.info({ started }, "what Temporal may not know was started again");
    })
    .catch((thrown: unknown) => {
      state.mustReconcile = what;
      logger.debug({ err: thrown }, "the reconciler failed and tries again");
    })
    .finally(() => {
      state.reconciling = undefined;
    });
}

/** Rows about one workflow go one after the other: a window must not be completed before it starts. */
async function tellAll(options: RelayOptions, rows: readonly OutboxRow[]): Promise<void> {
  const clocks = rows.filter(({ kind }) => kind === "ticket-clock" || kind === "start-clock").length;
  const pace: Pace = clocks >= STARTS_AT_ONCE ? "storm" : "calm";
  const byWorkflow = Map.groupBy(rows, (row) => row.workflowId);
  const outcomes = await Promise.allSettled(
    [...byWorkflow.values()].map(async (group) => {
      for (const row of group) await tellOrPostpone(options, row, pace);
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function tellOrPostpone(
  { store, context, logger }: RelayOptions,
  row: OutboxRow,
  pace: Pace,
): Promise<void> {
  try {
    await tell(context, row, pace);
  } catch (thrown) {
    if (isStoreUnavailable(thrown)) throw thrown;
    const error = thrown instanceof Error ? thrown.message : "unknown error";
    const isAway = isTemporalAway(thrown);
    const waitMs = isAway
      ? AWAY_WAIT_MS_MIN
      : Math.min(SECOND * 2 ** Math.min(row.attempts, 10), ROW_WAIT_MS_MAX);
    await postponeOutbox(store, { ids: [row.id], waitMs, error });
    if (isAway) throw thrown;
    logger.error({ err: thrown, workflowId: row.workflowId, kind: row.kind }, "a workflow could not be told");
    return;
  }
  await markOutboxDone(store, [row.id]);
}

async function tell(context: StartContext, row: OutboxRow, pace: Pace): Promise<void> {
  if (row.expiresAt !== undefined && row.expiresAt <= Date.now()) return;
  switch (row.kind) {
    case "start-callout":
      return await startCallout(context, row.workflowId);
    case "callout-resumed":
      await signalLookAgain(context, row.workflowId);
      return;
    case "start-replay":
      return await startReplay(context, row.workflowId);
    case "start-notification":
      return await startNotification(context, row.workflowId);
    case "start-window":
      return await startWindow(context, row.workflowId);
    case "ticket-completed":
      return await signalTicketCompleted(context, row.workflowId);
    case "ticket-clock":
      return await tellTicketClock(context, row.workflowId, pace);
    case "start-clock":
      return await startTicketClock(context, row.workflowId, pace);
    case "rearm-tickets":
      await startRearm(context, row.workflowId);
      return;
    case "sync-schedules":
      await syncSchedules(context);
      return;
    case "start-hold":
      return await startHold(context, row.workflowId);
    case "start-absence":
      return await startAbsence(context, row.workflowId);
    case "start-maintenance":
      return await startMaintenance(context, row.workflowId);
    case "hold-changed":
    case "absence-changed":
    case "maintenance-changed":
      return await signalChanged(context, row.workflowId);
    default:
      // A newer program wrote it: its own relay will take it.
      throw new Error(`the outbox has a row of kind ${row.kind}, which this program does not know`);
  }
}

function waitAfter(thrown: unknown, state: RelayState, { logger, onTaken }: RelayOptions): number {
  if (thrown instanceof NamespaceTaken) {
    if (!state.isTaken) logger.error({ code: thrown.code }, thrown.message);
    state.isTaken = true;
    onTaken?.();
    return HEALTH_CHECK_MS;
  }
  if (isTemporalAway(thrown)) {
    if (state.awayMs === 0) logger.warn("Temporal is away: alerts are taken, workflows wait in the outbox");
    state.mustReconcile = "everything";
    state.awayMs = Math.min(Math.max(state.awayMs * 2, AWAY_WAIT_MS_MIN), AWAY_WAIT_MS_MAX);
    return state.awayMs;
  }
  if (!isStoreUnavailable(thrown)) logger.error({ err: thrown }, "the relay failed and tries again");
  return OUTBOX_POLL_MS;
}

function isTemporalAway(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "temporal_away";
}
