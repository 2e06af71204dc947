/** Starts and tells the workflows of what waits because of alerts. What ended meanwhile is not started. */
import {
  selectAbsence,
  selectHold,
  selectMaintenanceEnd,
  type AbsenceFacts,
  type HoldFacts,
  type MaintenanceEndFacts,
} from "../store/index.ts";
import { subjectOf, workflowIds } from "../../workflows/ids.ts";
import type { absenceWatch, heldAlert, maintenanceEnd } from "../../workflows/index.ts";
import { changedSignal } from "../../workflows/messages.ts";
import { searchAttributes, toKeyword } from "../../workflows/search-attributes.ts";
import { cutSummary as cut, plain, utcText } from "../../workflows/wording.ts";
import { PRIORITY, type Start } from "./start-options.ts";
import { unlessGone, unlessStarted, type StartContext } from "./start-workflows.ts";

export async function startHold(context: StartContext, workflowId: string): Promise<void> {
  const hold = await selectHold(context.db, subjectOf(workflowId));
  if (hold?.state !== "waiting") return;
  const { client } = context.temporal;
  const start = holdStart(hold, context.queues.rules);
  await unlessStarted(context.temporal, () => client.workflow.start("heldAlert", start));
}

export async function startAbsence(context: StartContext, workflowId: string): Promise<void> {
  const absence = await selectAbsence(context.db, subjectOf(workflowId));
  if (absence?.state !== "waiting") return;
  const { client } = context.temporal;
  const start = absenceStart(absence, context.queues.rules);
  await unlessStarted(context.temporal, () => client.workflow.start("absenceWatch", start));
}

export async function startMaintenance(context: StartContext, workflowId: string): Promise<void> {
  const end = await selectMaintenanceEnd(context.db, subjectOf(workflowId));
  if (end === undefined) return;
  const { client } = context.temporal;
  const start = maintenanceStart(end, context.queues.rules);
  await unlessStarted(context.temporal, () => client.workflow.start("maintenanceEnd", start));
}

export async function signalChanged(context: StartContext, workflowId: string): Promise<void> {
  await unlessGone(context.temporal, (handle) => handle.signal(changedSignal), workflowId);
}

function holdStart(hold: HoldFacts, taskQueue: string): Start<typeof heldAlert> {
  const until = utcText(hold.dueAt);
  return {
    workflowId: workflowIds.heldAlert(hold.id),
    taskQueue,
    args: [{ holdId: hold.id, dueAt: hold.dueAt }],
    staticSummary: cut(`held until ${until}, rule ${hold.rule}`),
    staticDetails: [
      `Alert **${plain(hold.title ?? "?")}** of ${plain(hold.source ?? "?")} waits whether it stays`,
      "",
      `- rule: ${plain(hold.rule)}`,
      `- held since ${utcText(hold.startedAt)}, until ${utcText(hold.dueAt)}; repeats do not move this`,
      "- cleared before: it comes to nothing",
      `- alert: ${hold.alertId}`,
    ].join("\n"),
    typedSearchAttributes: attributesOf(hold),
    priority: { priorityKey: PRIORITY.waiting },
  };
}

function absenceStart(absence: AbsenceFacts, taskQueue: string): Start<typeof absenceWatch> {
  return {
    workflowId: workflowIds.absenceWatch(absence.id),
    taskQueue,
    args: [{ absenceId: absence.id, dueAt: absence.dueAt }],
    staticSummary: cut(`watches for silence, rule ${absence.rule}`),
    staticDetails: [
      `Told when no further alert like **${plain(absence.title ?? "?")}** of ${plain(absence.source ?? "?")} comes in time`,
      "",
      `- rule: ${plain(absence.rule)}`,
      `- first seen at ${utcText(absence.lastSeenAt)}; each further one moves the end, without telling this workflow`,
    ].join("\n"),
    typedSearchAttributes: attributesOf(absence),
    priority: { priorityKey: PRIORITY.waiting },
  };
}

function maintenanceStart(end: MaintenanceEndFacts, taskQueue: string): Start<typeof maintenanceEnd> {
  const dueAt = end.isClosing ? 0 : end.untilAt;
  return {
    workflowId: workflowIds.maintenanceEnd(end.id),
    taskQueue,
    args: [{ endId: end.id, dueAt }],
    staticSummary: cut(`maintenance ${end.name} until ${utcText(end.untilAt)}`),
    staticDetails: `Alerts that came in maintenance **${plain(end.name)}** and have not cleared are decided at its end, ${utcText(end.untilAt)}, once.`,
    priority: { priorityKey: PRIORITY.waiting },
  };
}

function attributesOf({ rule, organizationId }: HoldFacts | AbsenceFacts) {
  return [
    { key: searchAttributes.rule, value: toKeyword(rule) },
    ...(organizationId === undefined ? [] : [{ key: searchAttributes.organization, value: organizationId }]),
  ];
}
