/**
 * The hot path: `POST /api/v1/alerts`, and the same alerts in the words of other products (contract.md 5). Every alert
 * goes to the engine by itself; the engine gathers those that wait into one transaction.
 */
import {
  foldName,
  JSON_DEPTH_MAX,
  REFUSED_BODY_CHARACTERS_MAX,
  ALERTS_PER_ARRAY_MAX,
  BATCH_ALERTS_MAX,
} from "../../domain/index.ts";
import type { AlertAnswer } from "../../engine/index.ts";
import {
  isWithinDepth,
  mendText,
  readJson,
  refused,
  toIncomingAlert,
  tooDeep,
  type NormalisedAlert,
  type Refusal,
} from "../../ingest/index.ts";
import { isStoreUnavailable } from "../../store/index.ts";
import { insertRefusedAlerts, newId } from "../../store/desk/index.ts";
import { fromRefusal, Problem, type ProblemDocument } from "../problem.ts";
import { route, type Answer, type Call } from "../route.ts";
import { alertAnswer, alertResults, alertsIn } from "../schemas/alert.ts";
import { z } from "zod";

export const postAlerts = route({
  method: "POST",
  path: "/api/v1/alerts",
  permission: "ingest",
  tag: "Alerts",
  summary: "Send one alert, or an array of up to 1,000",
  description:
    "The answer comes when the alert is stored and decided. An array is answered in its order; a bad element is `{error}` and harmless to the others.",
  body: alertsIn,
  readsBytes: true,
  answers: { 200: { description: "stored and decided", schema: z.union([alertAnswer, alertResults]) } },
  problems: ["too_many_items"],
  run: async (call) => {
    const json = readJson(call.bytes);
    if (json.kind === "refused") return await refuse(call, json);
    const context = { receivedAt: call.receivedAt, oddBytes: json.oddBytes, levels: JSON_DEPTH_MAX };
    if (!Array.isArray(json.value)) return await takeOne(call, toIncomingAlert(json.value, context));
    const elements: readonly unknown[] = json.value;
    // An array inside is never an alert: it is judged with the whole body, an object with its own element.
    const isBomb = elements.some(
      (element) => Array.isArray(element) && !isWithinDepth(element, JSON_DEPTH_MAX - 1),
    );
    if (isBomb) return await refuse(call, tooDeep());
    const inner = { ...context, levels: JSON_DEPTH_MAX - 1 };
    return await takeMany(
      call,
      elements.length,
      (index) => toIncomingAlert(elements[index], inner),
      (index) => elements[index],
    );
  },
});

/** One alert: 200 with its answer, or the problem. */
export async function takeOne(call: Call, read: NormalisedAlert): Promise<Answer> {
  if (read.kind === "refused") return await refuse(call, read);
  return { status: 200, body: await take(call, read) };
}

/** The engine answers an alert in its batch; only the problem of the key's integration is found before. */
export async function take(
  call: Call,
  read: Extract<NormalisedAlert, { kind: "alert" }>,
  group?: symbol,
): Promise<AlertAnswer> {
  const { integration } = call.key;
  if (integration !== null && foldName(integration) !== foldName(read.alert.source))
    throw new Problem(
      "forbidden",
      `this key sends for \`${integration}\` only, not for \`${read.alert.source}\``,
    );
  return await call.deps.engine.ingest(read.alert, group);
}

export type ElementResult = AlertAnswer | { readonly error: ProblemDocument };

/** `raw` gives the element as it came, for the refused list. */
export async function takeMany(
  call: Call,
  count: number,
  read: (index: number) => NormalisedAlert,
  raw: (index: number) => unknown,
): Promise<Answer> {
  if (count > ALERTS_PER_ARRAY_MAX)
    throw fromRefusal(
      refused("too_many_items", `at most ${ALERTS_PER_ARRAY_MAX} alerts at once, not ${count}`),
    );
  const bad: { refusal: Refusal; body: string }[] = [];
  const group = Symbol("alerts of one array");
  const takeElement = async (index: number): Promise<ElementResult> => {
    const element = read(index);
    if (element.kind === "alert") return await takeInArray(call, element, group);
    bad.push({ refusal: element, body: JSON.stringify(raw(index)) ?? "" });
    return { error: fromRefusal(element).toDocument() };
  };
  // What does not fit into one batch waits for the batch before it: two batches at once would not keep the order.
  const results: ElementResult[] = [];
  while (results.length < count) {
    const length = Math.min(count - results.length, BATCH_ALERTS_MAX);
    const from = results.length;
    results.push(...(await Promise.all(Array.from({ length }, async (_, n) => await takeElement(from + n)))));
  }
  await keepRefused(call, bad);
  return { status: 200, body: { results } };
}

async function takeInArray(
  call: Call,
  read: Extract<NormalisedAlert, { kind: "alert" }>,
  group: symbol,
): Promise<ElementResult> {
  try {
    return await take(call, read, group);
  } catch (error) {
    if (error instanceof Problem) return { error: error.toDocument() };
    // With Postgres away the sender keeps the whole array and sends it again.
    if (isStoreUnavailable(error)) throw error;
    call.deps.logger.error({ err: error }, "an alert of an array failed by a mistake of ours");
    return { error: new Problem("internal", "a mistake of ours: it is in the server's log").toDocument() };
  }
}

/** Kept in the refused list, then answered as a problem. Throws: Problem. */
export async function refuse(call: Call, refusal: Refusal): Promise<never> {
  await keepRefused(call, [
    { refusal, body: call.bytes.subarray(0, 4 * REFUSED_BODY_CHARACTERS_MAX).toString("utf8") },
  ]);
  throw fromRefusal(refusal);
}

async function keepRefused(call: Call, bad: readonly { refusal: Refusal; body: string }[]): Promise<void> {
  if (bad.length === 0) return;
  for (const { refusal } of bad) call.deps.measures.alertRefused(refusal.code);
  await insertRefusedAlerts(
    call.deps.store,
    bad.map(({ refusal, body }) => ({
      id: newId("rf", call.receivedAt),
      at: call.receivedAt,
      keyName: call.key.name,
      code: refusal.code,
      reason: refusal.detail,
      errors: refusal.errors,
      bodyStart: mendText(body).slice(0, REFUSED_BODY_CHARACTERS_MAX).toWellFormed(),
    })),
  );
}
