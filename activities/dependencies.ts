/** What the activities work with; given by the worker and by tests. */
import type { CalloutSender, HostTurns } from "../src/callouts/index.ts";
import type { NoticeSender } from "../src/notify/index.ts";
import type { AlertTimes, Engine, TicketTimes } from "../src/engine/index.ts";
import type { Store } from "../src/store/index.ts";

export interface ActivityDependencies {
  readonly db: Pick<Store, "query" | "transaction">;
  readonly engine: Pick<
    Engine,
    "calloutFinished" | "settleCallout" | "calloutStanding" | keyof AlertTimes | keyof TicketTimes
  >;
  readonly callouts: CalloutSender;
  readonly notices: NoticeSender;
  readonly hosts: HostTurns;
  readonly now: () => number;
}
