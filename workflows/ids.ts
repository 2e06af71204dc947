/** Workflow ids: deterministic, so that a second start finds the first. They carry ticket numbers and our own ids, never customers' text. */

export const workflowIds = {
  calloutDelivery: (deliveryId: string): string => `callout:${deliveryId}`,
  replayDeliveries: (replayId: string): string => `replay:${replayId}`,
  notificationDelivery: (notificationId: string): string => `notify:${notificationId}`,
  heldAlert: (holdId: string): string => `held:${holdId}`,
  absenceWatch: (absenceId: string): string => `absence:${absenceId}`,
  maintenanceEnd: (endId: string): string => `maintenance:${endId}`,
  dedupWindow: (ticketNumber: string): string => `dedup:${ticketNumber}`,
  ticketClock: (ticketNumber: string): string => `ticket:${ticketNumber}`,
  rearmTickets: (activation: number): string => `rearm:${activation}`,
  /** Of a Temporal Schedule, and what its workflows' ids begin with; the key is a hash of the rule's name. */
  schedule: (key: string): string => `schedule:${key}`,
} as const;

/** `callout:dl_1` -> `dl_1`: what the workflow is about. */
export function subjectOf(workflowId: string): string {
  return workflowId.slice(workflowId.indexOf(":") + 1);
}

/**
 * Two task queues of one product: workflows with their short database activities, and slow HTTP and SMTP, so that a
 * hung endpoint never holds up a decision. The second is told from the first, so a workflow needs no setting.
 */
export interface TaskQueues {
  readonly rules: string;
  readonly callouts: string;
}

export const TASK_QUEUE_PREFIX = "tocsin";

export function taskQueues(prefix: string = TASK_QUEUE_PREFIX): TaskQueues {
  return { rules: `${prefix}-rules`, callouts: `${prefix}-callouts` };
}

export function calloutsQueueBeside(rulesQueue: string): string {
  return rulesQueue.replace(/-rules$/u, "-callouts");
}
