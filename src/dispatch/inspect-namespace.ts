/** Whose a namespace of Temporal is, for `tocsin doctor`. Reads only. */
import type { Config } from "../config/index.ts";
import { taskQueues, TASK_QUEUE_PREFIX } from "../../workflows/ids.ts";
import { describeTaken, noteOf, ownerOf, type NamespaceOwner } from "./claim-namespace.ts";
import { openTemporal } from "./temporal.ts";

export type InspectedNamespace = NamespaceOwner & {
  readonly namespace: string;
  /** Where it is noted. */
  readonly note: string;
  /** What a worker says that is refused; undefined where it is not. */
  readonly refusal: string | undefined;
};

/** Throws: TemporalAway (`temporal_away`). */
export async function inspectNamespace(
  config: Config["temporal"],
  installation: string,
  taskQueuePrefix: string = TASK_QUEUE_PREFIX,
): Promise<InspectedNamespace> {
  const temporal = await openTemporal(config);
  const queue = taskQueues(taskQueuePrefix).rules;
  try {
    const owner = ownerOf(await temporal.describeNamespace(), queue, installation);
    const { namespace } = temporal;
    const refusal =
      owner.kind === "another" ? describeTaken(namespace, queue, owner, installation) : undefined;
    return { ...owner, namespace, note: noteOf(queue), refusal };
  } finally {
    await temporal.close();
  }
}
