/** Workflow code that must not pass: it waits before its first attempt, which no recorded history did. */
import { proxyActivities, sleep } from "@temporalio/workflow";
import type { CalloutActivities } from "../../workflows/activity-types.ts";

const { attemptCallout } = proxyActivities<CalloutActivities>({ startToCloseTimeout: 1000 });

export async function calloutDelivery(input: { readonly deliveryId: string }): Promise<void> {
  await sleep(1000);
  await attemptCallout({ deliveryId: input.deliveryId, attempt: 1, attemptsMax: 1 });
}
