/** What other rooms may ask of Temporal: is it there, retry now, give up. Starting is the relay's work. */
import type { Logger } from "pino";
import type { Config } from "../config/index.ts";
import { selectInstallation, type Store } from "../store/index.ts";
import { taskQueues, TASK_QUEUE_PREFIX, workflowIds } from "../../workflows/ids.ts";
import { claimNamespace } from "./claim-namespace.ts";
import { reconcile } from "./reconcile.ts";
import { registerSearchAttributes } from "./register-search-attributes.ts";
import { startRelay, type Relay } from "./relay.ts";
import { NOTICE_SCHEDULE, type NoticeSchedule } from "./start-options.ts";
import { signalGiveUp, signalRetryNow, type StartContext } from "./start-workflows.ts";
import { openTemporal } from "./temporal.ts";

export interface Dispatch {
  /** For `/readyz`: at most two seconds, never throws. */
  temporalHealth(): Promise<"ok" | "unreachable">;
  /**
   * Ends the wait behind the attempt of this number, or the one that is about to begin. Throws: TemporalAway (`temporal_away`),
   * StoreUnavailable (`unavailable`).
   */
  retryNow(deliveryId: string, afterAttempt: number): Promise<"signalled" | "not-running">;
  /** Also before its first attempt. Throws: TemporalAway, StoreUnavailable. */
  giveUp(deliveryId: string): Promise<"signalled" | "not-running">;
  registerSearchAttributes(): Promise<void>;
  /** Before a worker polls. Throws: NamespaceTaken (`temporal_taken`), TemporalAway, StoreUnavailable. */
  claimNamespace(): Promise<void>;
  /** `onTaken`: another installation came into the namespace; nothing is told until it left. */
  startRelay(onTaken?: () => void): Relay;
  reconcile(): Promise<{ readonly started: number }>;
  close(): Promise<void>;
}

export interface DispatchOptions {
  readonly config: Pick<Config, "temporal" | "smtpUrl">;
  readonly store: Store;
  readonly logger: Logger;
  /** Task queues of its own, for tests that share a server. */
  readonly taskQueuePrefix?: string;
  readonly notices?: NoticeSchedule;
}

/** Connects when first used. */
export async function openDispatch(options: DispatchOptions): Promise<Dispatch> {
  const { config, store, logger } = options;
  const temporal = await openTemporal(config.temporal);
  const context: StartContext = {
    db: store,
    temporal,
    queues: taskQueues(options.taskQueuePrefix ?? TASK_QUEUE_PREFIX),
    notices: options.notices ?? NOTICE_SCHEDULE,
    hasMailTransport: config.smtpUrl !== undefined,
  };
  return {
    temporalHealth: () => temporal.health(),
    retryNow: (id, afterAttempt) => signalRetryNow(context, workflowIds.calloutDelivery(id), afterAttempt),
    giveUp: (id) => signalGiveUp(context, workflowIds.calloutDelivery(id)),
    registerSearchAttributes: () => registerSearchAttributes(temporal),
    claimNamespace: async () => {
      const installation = await selectInstallation(store);
      const found = await temporal.describeNamespace();
      await claimNamespace(temporal, found, {
        rulesQueue: context.queues.rules,
        installation,
        wants: "to begin",
      });
    },
    startRelay: (onTaken) => startRelay({ store, context, logger, onTaken }),
    reconcile: () => reconcile(context, { withWindows: true }),
    close: () => temporal.close(),
  };
}
