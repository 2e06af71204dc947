/** Alertmanager, PagerDuty and Opsgenie: their payloads, their keys, their answers (contract.md 5). */
import { z } from "zod";
import { JSON_DEPTH_MAX } from "../../domain/index.ts";
import {
  fromAlertmanager,
  fromOpsgenie,
  fromOpsgenieClose,
  fromPagerDuty,
  isWithinDepth,
  readJson,
  tooDeep,
  type EarlierAlert,
  type PagerDutyEvent,
  type WireContext,
} from "../../ingest/index.ts";
import { insertAudit, selectLatestByAlertId } from "../../store/desk/index.ts";
import { route, type Answer, type Call, type Route } from "../route.ts";
import { alertResults } from "../schemas/alert.ts";
import { refuse, take, takeMany } from "./post-alerts.ts";

const query = z.object({
  source: z
    .string()
    .trim()
    .min(1)
    .max(250)
    .optional()
    .meta({ description: "instead of the source that the payload names" }),
  organization_label: z
    .string()
    .min(1)
    .max(250)
    .optional()
    .meta({ description: "which label names the customer" }),
});
type WireCall = Call<z.output<typeof query>>;

const common = {
  method: "POST",
  permission: "ingest",
  tag: "Alerts",
  readsBytes: true,
  query,
  body: z.looseObject({}),
  problems: [],
} as const;

/** The body as JSON within its depth. Throws: Problem, after keeping what was refused. */
async function readWire(call: WireCall): Promise<{ readonly body: unknown; readonly context: WireContext }> {
  const json = readJson(call.bytes);
  if (json.kind === "refused") return await refuse(call, json);
  if (!isWithinDepth(json.value)) return await refuse(call, tooDeep());
  return { body: json.value, context: wireContext(call, json.oddBytes) };
}

function wireContext(call: WireCall, oddBytes: boolean): WireContext {
  return {
    receivedAt: call.receivedAt,
    oddBytes,
    levels: JSON_DEPTH_MAX,
    source: call.query.source,
    organizationLabel: call.query.organization_label,
  };
}

const alertmanager = route({
  ...common,
  path: "/api/v1/alerts/alertmanager",
  summary: "Prometheus Alertmanager's webhook, version 4",
  problems: [...common.problems, "too_many_items"],
  answers: { 200: { description: "one result an alert, in order", schema: alertResults } },
  run: async (call) => {
    const { body, context } = await readWire(call);
    const payload = fromAlertmanager(body, context);
    if (payload.kind === "refused") return await refuse(call, payload);
    const { alerts } = payload;
    const readOne = (index: number): ReturnType<(typeof alerts)[number]> => {
      const read = alerts[index];
      if (read === undefined) throw new RangeError("an alert beyond the payload was asked for");
      return read();
    };
    return await takeMany(
      call,
      alerts.length,
      readOne,
      (index) => (body as { alerts: unknown[] }).alerts[index],
    );
  },
});

const pagerDutyAnswer = z.object({
  status: z.literal("success"),
  message: z.string(),
  dedup_key: z.string(),
});

const pagerDuty = (path: string): Route =>
  route({
    ...common,
    path,
    keyInBody: true,
    summary: "PagerDuty's Events API v2; the key is `routing_key` or Bearer",
    answers: { 202: { description: "stored and decided", schema: pagerDutyAnswer } },
    run: async (call) => {
      const { body, context } = await readWire(call);
      const event = fromPagerDuty(body, context);
      if (event.kind === "refused") return await refuse(call, event);
      return await takeEvent(call, event);
    },
  });

async function takeEvent(call: WireCall, event: PagerDutyEvent): Promise<Answer> {
  const earlier =
    event.action === "trigger" ? undefined : await earlierAlert(call, event.dedupKey, event.source);
  const read = event.read(earlier);
  if (read.kind === "refused") return await refuse(call, read);
  // Nothing started and nothing ended: who acknowledged is recorded, the desk does not change.
  if (event.action === "acknowledge") {
    const { source, alertId } = read.alert;
    await insertAudit(call.deps.store, call.by, "alert acknowledged", alertId, { source });
  } else await take(call, read);
  return { status: 202, body: { status: "success", message: "Event processed", dedup_key: event.dedupKey } };
}

const opsgenieAnswer = z.object({ result: z.string(), took: z.number(), requestId: z.string() });
const opsgenieAnswers = { 202: { description: "stored and decided", schema: opsgenieAnswer } };

const opsgenie = (path: string): Route =>
  route({
    ...common,
    path,
    summary: "Opsgenie's alert API: create; the key is `GenieKey` or Bearer",
    answers: opsgenieAnswers,
    run: async (call) => {
      const { body, context } = await readWire(call);
      const read = fromOpsgenie(body, context);
      if (read.kind === "refused") return await refuse(call, read);
      return opsgenieResult(call, (await take(call, read)).id);
    },
  });

const opsgenieClose = route({
  ...common,
  path: "/api/v1/alerts/opsgenie/v2/alerts/{id}/close",
  query: query.extend({ identifierType: z.enum(["id", "tiny", "alias"]).optional() }),
  bodyIsOptional: true,
  summary: "Opsgenie's alert API: close; `{id}` is the alias",
  answers: opsgenieAnswers,
  run: async (call) => {
    const identifier = call.params["id"] ?? "";
    const isEmpty = call.bytes.length === 0;
    const { body, context } = isEmpty
      ? { body: undefined, context: wireContext(call, false) }
      : await readWire(call);
    const read = fromOpsgenieClose(
      identifier,
      body,
      await earlierAlert(call, identifier, call.query.source),
      context,
    );
    if (read.kind === "refused") return await refuse(call, read);
    return opsgenieResult(call, (await take(call, read)).id);
  },
});

function opsgenieResult(call: Call, requestId: string): Answer {
  const took = (call.deps.now() - call.receivedAt) / 1000;
  return { status: 202, body: { result: "Request will be processed", took, requestId } };
}

/** A key that sends for one integration finds that one's alerts only. */
async function earlierAlert(
  call: WireCall,
  alertId: string,
  source: string | undefined,
): Promise<EarlierAlert | undefined> {
  const row = await selectLatestByAlertId(
    call.deps.store,
    alertId,
    source ?? call.key.integration ?? undefined,
  );
  if (row === undefined) return undefined;
  const { organization, device, customerId, deviceId } = row.members;
  return {
    source: row.source,
    title: row.title,
    organization: organization.asked,
    customerId,
    device: device.asked,
    deviceId,
  };
}

export const otherProducts: readonly Route[] = [
  alertmanager,
  pagerDuty("/api/v1/alerts/pagerduty"),
  pagerDuty("/api/v1/alerts/pagerduty/v2/enqueue"),
  opsgenie("/api/v1/alerts/opsgenie"),
  opsgenie("/api/v1/alerts/opsgenie/v2/alerts"),
  opsgenieClose,
];
