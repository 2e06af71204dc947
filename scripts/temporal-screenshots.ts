/**
 * Makes the pictures of docs/temporal-ui.md: a whole Tocsin on free ports, something of each kind that waits, and a
 * headless Chromium on Temporal's UI, where a signal is sent as a person sends it. Look at them before they are committed.
 *
 *   node_modules/.bin/node scripts/temporal-screenshots.ts [FOLDER]
 *
 * CHROMIUM_PATH names the browser where it is at no usual place. Takes about five minutes.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findChromium, TemporalUi } from "./screenshots/browser.ts";
import { fill, openScene, pauseBilling, type Scene } from "./screenshots/scene.ts";

const folder = process.argv[2] ?? fileURLToPath(new URL("../docs/images/temporal", import.meta.url));
mkdirSync(folder, { recursive: true });
const chromium = findChromium(process.env["CHROMIUM_PATH"]);

await withScene({}, whatWaits);
await withScene({ TOCSIN_TEMPORAL_CODEC_KEY: randomBytes(32).toString("base64") }, whatIsSealed);

async function withScene(
  environment: Record<string, string>,
  show: (scene: Scene, ui: TemporalUi) => Promise<void>,
): Promise<void> {
  const scene = await openScene(environment);
  const ui = await TemporalUi.open(chromium, `http://127.0.0.1:${scene.tocsin.ports.temporalUi}`, folder);
  try {
    await show(scene, ui);
  } finally {
    await ui.close();
    await scene.close();
  }
}

async function whatWaits(scene: Scene, ui: TemporalUi): Promise<void> {
  const [first, second] = await fill(scene);
  const paused = await pauseBilling(scene);
  await waiting(scene, ui, second, paused);
  const delivery = await scene.complete(first);
  await scene.becomes(delivery, { attempts: 3 });
  await ui.signal(`callout:${delivery}`, "retryNow", "signal");
  await scene.becomes(delivery, { attempts: 4 });
  await ui.workflow(`callout:${delivery}`, "Timeline");
  await ui.picture("callout-attempt-4", 880);
  await ui.workflow(`callout:${delivery}`, "User Metadata");
  await ui.picture("callout-details");
  await ui.list("ExecutionStatus = 'Running'", "heldAlert");
  await ui.picture("list", 700);
  await ui.signal(`callout:${delivery}`, "giveUp", undefined);
  await scene.becomes(delivery, { state: "given_up" });
  await ui.workflow(`callout:${delivery}`, "User Metadata");
  await ui.picture("callout-given-up");
  await replays(scene, ui, delivery, first);
}

async function waiting(scene: Scene, ui: TemporalUi, ticket: string, paused: string): Promise<void> {
  const { items } = await scene.api("GET", "/waiting");
  const idOf = (kind: string): string =>
    items.find((one: { kind: string }) => one.kind === kind).workflow_id as string;
  const pages = [
    ["dedup-window", `dedup:${ticket}`],
    ["ticket-clock", `ticket:${ticket}`],
    ["held-alert", idOf("hold")],
    ["absence", idOf("absence")],
    ["maintenance", idOf("maintenance")],
    ["callout-paused", `callout:${paused}`],
  ] as const;
  for (const [name, id] of pages) {
    await ui.workflow(id, "User Metadata");
    await ui.picture(name);
  }
  await ui.schedules("schedule:");
  await ui.picture("schedule", 620);
}

async function replays(scene: Scene, ui: TemporalUi, delivery: string, ticket: string): Promise<void> {
  scene.answer(200);
  const replay = await scene.api("POST", `/deliveries/${delivery}/replay`);
  await scene.becomes(replay.id, { state: "succeeded" });
  await ui.list(`TocsinTicket = '${ticket}'`, "calloutDelivery");
  await ui.picture("ticket", 440);
  await scene.api("POST", "/callouts/Tell%20the%20billing/activate");
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const bulk = await scene.api("POST", "/deliveries/replay", {
    callout: "Tell the billing",
    since,
    per_second: 1,
  });
  await ui.workflow(bulk.workflow_id, "User Metadata");
  await ui.picture("bulk-replay");
}

async function whatIsSealed(scene: Scene, ui: TemporalUi): Promise<void> {
  const [first] = await fill(scene);
  const delivery = await scene.complete(first);
  await scene.becomes(delivery, { attempts: 1 });
  await ui.workflow(`callout:${delivery}`, "Timeline");
  await ui.picture("sealed-opened", 620);
  await ui.withoutCodec();
  await ui.workflow(`callout:${delivery}`, "Timeline");
  await ui.picture("sealed", 620);
}
