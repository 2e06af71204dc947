/** What the api room is given by the server. */
import type { Logger } from "pino";
import type { Config } from "../config/index.ts";
import type { Dispatch } from "../dispatch/index.ts";
import type { Instant } from "../domain/index.ts";
import type { RunningEngine } from "../engine/index.ts";
import type { Store } from "../store/index.ts";
import type { KeyRing } from "./key-ring.ts";
import type { Measures } from "./measures.ts";
import type { RuleSets } from "./rule-sets.ts";

export interface ApiDependencies {
  readonly config: Config;
  readonly store: Store;
  readonly engine: RunningEngine;
  readonly keys: KeyRing;
  readonly ruleSets: RuleSets;
  readonly measures: Measures;
  readonly logger: Logger;
  readonly now: () => Instant;
  /** What of Temporal the API asks for. */
  readonly temporal: Pick<Dispatch, "temporalHealth" | "retryNow" | "giveUp">;
}
