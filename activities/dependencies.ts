/** What the activities work with; given by the worker and by tests. */
import type { CalloutSender, HostTurns } from "../src/callouts/index.ts";
import type { NoticeSender } from "../src/notify/index.ts";
import type { AlertTimes, Engine, TicketTimes } from "../src/engine/index.ts";
import type { Queryable } from "../src/store/index.ts";

export interface ActivityDependencies {
  readonly db: Queryable;
  readonly engine: Pick<Engine, "calloutFinished" | "settleCallout" | keyof AlertTimes | keyof TicketTimes>;
  readonly callouts: CalloutSender;
  readonly notices: NoticeSender;
  /** False: pending attempts of the callout stop (CO-14). */
  readonly isCalloutActive: (name: string) => Promise<boolean> | boolean;
  /** `pause after N failed deliveries` of the callout in force; undefined: never. */
  readonly pauseAfter: (callout: string) => number | undefined;
  readonly hosts: HostTurns;
  readonly now: () => number;
}
