/**
 * One server's share of bench/counts.bench.ts, in a process of its own: an engine on the given database takes arrays of 100
 * alerts, eight under way, for so many seconds. Prints one JSON document. No HTTP: what a count costs is in engine and Postgres.
 */
import { compileRuleSet, type RuleSetIr } from "../src/compiler/index.ts";
import type { RunnableRules } from "../src/decision/index.ts";
import { createEngine, type IncomingAlert } from "../src/engine/index.ts";
import { buildRunnableRules } from "../src/matcher/index.ts";
import { createIdSource, ensureOwnOrganization, openStore } from "../src/store/index.ts";

export interface CountsOrder {
  readonly databaseUrl: string;
  readonly seconds: number;
  /** How many ids the alerts have, which the rule counts by; each alert's title is one of 100,000. */
  readonly keys: number;
  /** `more than N alerts in 5 minutes per alert.alert_id`; left out: no rule counts. */
  readonly threshold?: number;
  /** Tells the keys of one run from those of another. */
  readonly run: string;
  /** Wall clock: several processes begin together. */
  readonly startAt: number;
}

export interface CountsResult {
  readonly alerts: number;
  readonly seconds: number;
  /** Processor time of this process while it was measured. */
  readonly cpuSeconds: number;
  readonly alertsPerBatch: number;
  /** Arrays that were turned away, as on a machine that others keep busy: a sender would send them again. */
  readonly turnedAway: number;
}

const ARRAY = 100;
const UNDER_WAY = 8;
const WARM_UP_MS = 700;

function rules(threshold: number | undefined): RunnableRules {
  const others = Array.from(
    { length: 99 },
    (_, n) => `rule "Other ${n}" when alert received if alert.source is "Product ${n}"
      then create ticket title = "x" dedup within 5 minutes by alert.title end`,
  );
  const one = `rule "Ticket for a new alert" when alert received if alert.severity is "critical"
    then create ticket title = alert.title dedup within 5 minutes by alert.title end`;
  const storm = `rule "Storm" when alert received
    if more than ${threshold ?? 1} alerts in 5 minutes per alert.alert_id and alert.title is "no such title" then stop end`;
  const text = [one, ...others, ...(threshold === undefined ? [] : [storm])].join("\n");
  const { ir, diagnostics } = compileRuleSet([{ path: "counts.rules", text }]);
  if (ir === undefined) throw new Error(JSON.stringify(diagnostics));
  return buildRunnableRules(ir satisfies RuleSetIr);
}

const order = JSON.parse(process.argv[2] ?? "{}") as CountsOrder;
let made = 0;
function alert(): IncomingAlert {
  const n = made++;
  return {
    receivedAt: Date.now(),
    source: "Datto RMM",
    title: `Unit ${n % 100_000} lost power: both supplies report no input voltage ${order.run}`,
    description: "The uninterruptible power supply of this rack went to battery and then off. Monitor 4711.",
    severity: "critical",
    status: "firing",
    alertId: `${order.run}-${n % order.keys}`,
    deliveryId: undefined,
    ticketId: undefined,
    organization: "Acme",
    customerId: undefined,
    device: undefined,
    deviceId: undefined,
    tags: ["power"],
    fields: { monitor: 4711 },
    occurredAt: undefined,
    warnings: [],
  };
}

const store = openStore({ databaseUrl: order.databaseUrl });
const ownOrganization = await ensureOwnOrganization(store, "My Own MSP", createIdSource(), Date.now());
const active = { number: 1, rules: rules(order.threshold) };
const engine = createEngine({ store, rules: () => active, ownOrganization, notesPerWindow: 100 });

let turnedAway = 0;
async function sendUntil(until: number): Promise<number> {
  let alerts = 0;
  await Promise.all(
    Array.from({ length: UNDER_WAY }, async () => {
      while (performance.now() < until) {
        const answers = await Promise.allSettled(Array.from({ length: ARRAY }, () => engine.ingest(alert())));
        if (answers.every(({ status }) => status === "fulfilled")) alerts += ARRAY;
        else turnedAway += 1;
      }
    }),
  );
  return alerts;
}

await sendUntil(performance.now() + WARM_UP_MS);
await new Promise((resolve) => setTimeout(resolve, order.startAt - Date.now()));
const before = engine.counters();
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const alerts = await sendUntil(startedAt + order.seconds * 1000);
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const after = engine.counters();
const result: CountsResult = {
  alerts,
  seconds,
  cpuSeconds: (user + system) / 1e6,
  alertsPerBatch: (after.batchedAlerts - before.batchedAlerts) / (after.batches - before.batches),
  turnedAway,
};
console.log(JSON.stringify(result));
await engine.close();
await store.close();
