/**
 * Which code the running workflows were last worked on with, and which the workers of now have: what `tocsin doctor` tells
 * after an upgrade. Reads only. Source: workers tell their Build ID (src/worker/bundle.ts); Temporal keeps those that
 * worked on a workflow in the search attribute BuildIds, as `unversioned:<deployment or id>`.
 */
import type { Config } from "../config/index.ts";
import { taskQueues, TASK_QUEUE_PREFIX } from "../../workflows/ids.ts";
import { openTemporal, type Temporal } from "./temporal.ts";

export interface WorkflowCode {
  /** Build IDs of the workers that poll now, one each version. */
  readonly current: readonly string[];
  /** Workflows that were begun and not ended. */
  readonly running: number;
  /** Of these, those that no code of now has worked on yet: they sleep since before the upgrade. */
  readonly older: number;
  /** Of these, those whose next step fails again and again: the code of now does not fit their history, or has a mistake. */
  readonly stuck: number;
}

const POLL_SECONDS_MAX = 70;
const RUNNING = "ExecutionStatus = 'Running'";

/** Throws: TemporalAway (`temporal_away`). */
export async function inspectWorkflowCode(
  config: Config["temporal"],
  taskQueuePrefix: string = TASK_QUEUE_PREFIX,
): Promise<WorkflowCode> {
  const temporal = await openTemporal(config);
  try {
    const queue = taskQueues(taskQueuePrefix).rules;
    const current = await pollingBuilds(temporal, queue);
    const ours = `${RUNNING} and TaskQueue = ${quoted(queue)}`;
    const begun = `${ours} and BuildIds is not null`;
    const count = async (query: string): Promise<number> =>
      await temporal.call(async () => (await temporal.client.workflow.count(query)).count);
    const known = current.map((id) => `BuildIds = ${quoted(`unversioned:${id}`)}`).join(" or ");
    const running = await count(ours);
    const all = await count(begun);
    const met = known === "" ? 0 : await count(`${begun} and (${known})`);
    // A server that does not tell of problems yet refuses the query.
    const stuck = await count(`${ours} and TemporalReportedProblems is not null`).catch(() => 0);
    return { current, running, older: all - met, stuck };
  } finally {
    await temporal.close();
  }
}

async function pollingBuilds(
  { client, namespace, call }: Temporal,
  queue: string,
): Promise<readonly string[]> {
  const { pollers } = await call(() =>
    // 1: workflow tasks.
    client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType: 1 }),
  );
  const seen = (pollers ?? []).map((one) => ({ ...one, at: Number(one.lastAccessTime?.seconds ?? 0) }));
  const newest = Math.max(0, ...seen.map(({ at }) => at));
  // Temporal names those that are gone for some minutes more; one poll lasts a minute.
  const ids = seen
    .filter(({ at }) => at >= newest - POLL_SECONDS_MAX)
    .map(
      ({ deploymentOptions, workerVersionCapabilities }) =>
        deploymentOptions?.buildId ?? workerVersionCapabilities?.buildId ?? "",
    );
  return [...new Set(ids)].filter((id) => id !== "").toSorted();
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
