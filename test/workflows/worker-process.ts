/** A worker in a process of its own, to be killed. */
import pino from "pino";
import {
  buildCalloutSender,
  buildEgressPolicy,
  buildGuardedDispatcher,
  buildHostTurns,
  buildSecrets,
} from "../../src/callouts/index.ts";
import { loadConfig } from "../../src/config/index.ts";
import { openStore } from "../../src/store/index.ts";
import { runWorkers } from "../../src/worker/run-workers.ts";
import { taskQueues } from "../../workflows/ids.ts";
import { SENDS, timesNotAsked } from "./desk.ts";

const env = process.env;
const store = openStore({ databaseUrl: env["WORKER_DATABASE_URL"] ?? "" });
const secrets = buildSecrets(new Map());
runWorkers({
  temporal: loadConfig({ env: { TEMPORAL_ADDRESS: env["WORKER_TEMPORAL_ADDRESS"] } }).temporal,
  queues: taskQueues(env["WORKER_QUEUE_PREFIX"]),
  logger: pino({ level: "silent" }),
  activities: {
    db: store,
    engine: {
      ...timesNotAsked(),
      calloutFinished: () => Promise.resolve(),
      settleCallout: () => Promise.resolve(),
      calloutStanding: () => Promise.resolve(SENDS),
    },
    callouts: buildCalloutSender(
      { dispatcher: buildGuardedDispatcher({ policy: buildEgressPolicy(["127.0.0.1"]) }) },
      secrets,
    ),
    notices: { send: () => Promise.resolve({ kind: "no-transport" }) },
    hosts: buildHostTurns(),
    now: Date.now,
  },
});
// Ends with the test that made it.
process.on("disconnect", () => process.exit(1));
