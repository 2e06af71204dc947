/** What the activities work with; given by the worker and by tests. */
import type { CalloutSender } from "../src/callouts/index.ts";
import type { NoticeSender } from "../src/notify/index.ts";
import type { Engine } from "../src/engine/index.ts";
import type { Queryable } from "../src/store/index.ts";

export interface ActivityDependencies {
  readonly db: Queryable;
  readonly engine: Pick<Engine, "calloutFinished">;
  readonly callouts: CalloutSender;
  readonly notices: NoticeSender;
  /** False: pending attempts of the callout stop (CO-14). */
  readonly isCalloutActive: (name: string) => Promise<boolean> | boolean;
  readonly now: () => number;
}
