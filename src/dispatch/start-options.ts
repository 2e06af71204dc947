/** With what each workflow is started: its id, its numbers, and the words and attributes that an admin finds it by. Calls nobody. */
import type { WorkflowStartOptions } from "@temporalio/client";
import type { Workflow } from "@temporalio/common";
import {
  NOTIFICATION_RESENDS_MAX,
  NOTIFICATION_RETRY_INTERVAL_MS,
  NOTIFICATION_TIMEOUT_MS,
} from "../domain/index.ts";
import type { StartableDelivery, StartableNotification, WindowFacts } from "../store/index.ts";
import { workflowIds } from "../../workflows/ids.ts";
import type {
  calloutDelivery,
  dedupWindow,
  notificationDelivery,
  replayDeliveries,
} from "../../workflows/index.ts";
import type { ReplayDeliveriesInput, RetrySchedule } from "../../workflows/messages.ts";
import { searchAttributes, toKeyword } from "../../workflows/search-attributes.ts";
import {
  cutSummary as cut,
  describeAttempts,
  describeDuration,
  plain,
  utcText,
} from "../../workflows/wording.ts";

export type Start<W extends Workflow> = Pick<
  WorkflowStartOptions<W>,
  | "workflowId"
  | "taskQueue"
  | "args"
  | "staticSummary"
  | "staticDetails"
  | "typedSearchAttributes"
  | "priority"
  | "workflowIdReusePolicy"
>;

/** Within a task queue too a storm of windows stands behind callouts. */
export const PRIORITY = { callout: 1, notice: 2, waiting: 3, clock: 4, window: 5 } as const;

export function calloutStart(
  delivery: StartableDelivery,
  taskQueue: string,
  now: number,
): Start<typeof calloutDelivery> {
  const { schedule, rule, ticket } = delivery;
  const { resends, retryEveryMs, timeoutMs } = schedule;
  return {
    workflowId: workflowIds.calloutDelivery(delivery.id),
    taskQueue,
    args: [{ deliveryId: delivery.id, schedule: deliverySchedule(delivery, now) }],
    staticSummary: cut(`${delivery.callout} for ${ticket?.number ?? "a ticket"}`),
    staticDetails: [
      `Callout **${plain(delivery.callout)}**${delivery.method === undefined ? "" : ` (${delivery.method})`}`,
      "",
      ...(ticket === undefined ? [] : [`- ticket: ${ticket.number} ${plain(ticket.title)}`]),
      `- rule: ${plain(rule.name)}, ${plain(rule.file)}:${rule.line}`,
      `- ${describeAttempts(resends, retryEveryMs)}; time-out ${describeDuration(timeoutMs)}`,
      `- delivery: ${delivery.id}, the \`webhook-id\` of every attempt`,
    ].join("\n"),
    typedSearchAttributes: [
      ...(ticket === undefined ? [] : ticketAttributes(ticket)),
      { key: searchAttributes.rule, value: toKeyword(rule.name) },
      { key: searchAttributes.callout, value: toKeyword(delivery.callout) },
      { key: searchAttributes.attempt, value: delivery.attemptsBegun + 1 },
    ],
    priority: { priorityKey: PRIORITY.callout },
  };
}

/** With what Postgres remembers: attempts begun, and what is left of the wait. */
function deliverySchedule(delivery: StartableDelivery, now: number): RetrySchedule {
  const { schedule, attemptsBegun, nextAttemptAt, openAttemptAt } = delivery;
  const resumesAt =
    nextAttemptAt ??
    // Nobody will hear of the open attempt again: one interval after its time-out.
    (openAttemptAt === undefined ? now : openAttemptAt + schedule.timeoutMs + schedule.retryEveryMs);
  return {
    attemptsMax: schedule.resends + 1,
    retryEveryMs: schedule.retryEveryMs,
    timeoutMs: schedule.timeoutMs,
    attemptsBegun,
    firstWaitMs: delivery.isFinished ? 0 : Math.max(resumesAt - now, 0),
  };
}

/** How notices are resent; tests shorten it. */
export interface NoticeSchedule {
  readonly retryEveryMs: number;
  readonly resends: number;
}

export const NOTICE_SCHEDULE: NoticeSchedule = {
  retryEveryMs: NOTIFICATION_RETRY_INTERVAL_MS,
  resends: NOTIFICATION_RESENDS_MAX,
};

export function notificationStart(
  notice: StartableNotification,
  taskQueue: string,
  options: { readonly now: number; readonly schedule: NoticeSchedule },
): Start<typeof notificationDelivery> {
  const { retryEveryMs, resends } = options.schedule;
  const resumesAt =
    notice.lastAttemptAt === undefined
      ? options.now
      : notice.lastAttemptAt + NOTIFICATION_TIMEOUT_MS + retryEveryMs;
  return {
    workflowId: workflowIds.notificationDelivery(notice.id),
    taskQueue,
    args: [
      {
        notificationId: notice.id,
        schedule: {
          attemptsMax: resends + 1,
          retryEveryMs,
          timeoutMs: NOTIFICATION_TIMEOUT_MS,
          attemptsBegun: notice.attemptsBegun,
          firstWaitMs: Math.max(resumesAt - options.now, 0),
        },
      },
    ],
    staticSummary: cut(
      `${notice.channel === "email" ? "e-mail" : "webhook"} to ${notice.recipient}${notice.ticket === undefined ? "" : ` about ${notice.ticket.number}`}`,
    ),
    staticDetails: [
      `Notice **${plain(notice.subject)}**`,
      "",
      `- recipient: ${plain(notice.recipient)}, by ${notice.channel}`,
      `- ${describeAttempts(resends, retryEveryMs, "attempt")}`,
    ].join("\n"),
    typedSearchAttributes: [
      ...(notice.ticket === undefined ? [] : ticketAttributes(notice.ticket)),
      ...(notice.rule === undefined ? [] : [{ key: searchAttributes.rule, value: toKeyword(notice.rule) }]),
      ...(notice.callout === undefined
        ? []
        : [{ key: searchAttributes.callout, value: toKeyword(notice.callout) }]),
      { key: searchAttributes.attempt, value: notice.attemptsBegun + 1 },
    ],
    priority: { priorityKey: PRIORITY.notice },
  };
}

export function replayStart(
  workflowId: string,
  input: ReplayDeliveriesInput,
  taskQueue: string,
): Start<typeof replayDeliveries> {
  const { callout, since, matching, perSecond, by } = input;
  return {
    workflowId,
    taskQueue,
    args: [input],
    staticSummary: cut(`replays ${matching} failed deliveries of ${callout}`),
    staticDetails: [
      `Callout **${plain(callout)}**: what failed since ${utcText(since)}, ${perSecond} a second`,
      "",
      `- asked for by ${plain(by.name)}`,
      "- each replay is a new delivery with its own workflow; what was replayed before is left out",
    ].join("\n"),
    typedSearchAttributes: [{ key: searchAttributes.callout, value: toKeyword(callout) }],
    priority: { priorityKey: PRIORITY.window },
  };
}

export function windowStart(window: WindowFacts, taskQueue: string): Start<typeof dedupWindow> {
  const number = window.ticketNumber;
  return {
    workflowId: workflowIds.dedupWindow(number),
    taskQueue,
    args: [{ ticketNumber: number, endsAt: window.endsAt }],
    staticSummary: cut(`repeats become notes on ${number} until ${utcText(window.endsAt)}`),
    staticDetails: `Equal alerts until ${utcText(window.endsAt)} become notes on ${number} **${plain(window.title)}**, unless it is completed before.`,
    typedSearchAttributes: ticketAttributes({ number, organizationId: window.organizationId }),
    priority: { priorityKey: PRIORITY.window },
  };
}

export function ticketAttributes(ticket: {
  readonly number: string;
  readonly organizationId: string;
}): { key: typeof searchAttributes.ticket; value: string }[] {
  return [
    { key: searchAttributes.ticket, value: ticket.number },
    { key: searchAttributes.organization, value: ticket.organizationId },
  ];
}
