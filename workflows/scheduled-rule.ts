/** One run of a rule on `every ...`: started by its Temporal Schedule, for the time that the schedule says. */
import { defineSearchAttributeKey, SearchAttributeType } from "@temporalio/common";
import { log, proxyLocalActivities, setCurrentDetails, workflowInfo } from "@temporalio/workflow";
import { SECOND } from "../src/domain/index.ts";
import type { ClockActivities } from "./activity-types.ts";
import type { ScheduledRuleInput } from "./messages.ts";

const desk = proxyLocalActivities<Pick<ClockActivities, "runSchedule">>({
  startToCloseTimeout: 30 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 5 * SECOND },
});

/** Temporal's own: the time for which the schedule started it. */
const SCHEDULED_FOR = defineSearchAttributeKey("TemporalScheduledStartTime", SearchAttributeType.DATETIME);

const why = {
  "too-late": "more than an hour late",
  "left-out": "a holiday or a clock change takes this time out",
  "ran-before": "this time has run before",
  gone: "the rule set in force has no such rule on a schedule",
} as const;

interface ScheduledResult {
  readonly time: string;
  readonly outcome: string;
  readonly tickets?: readonly string[];
  readonly missed?: readonly string[];
}

export async function scheduledRule({ rule }: ScheduledRuleInput): Promise<ScheduledResult> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const at = typedSearchAttributes.get(SCHEDULED_FOR) ?? startTime;
  const time = at.toISOString();
  const run = await desk.runSchedule.executeWithOptions({ summary: `run the rule for ${time}` }, [
    { rule, time: at.getTime() },
  ]);
  if (run.kind === "skipped") {
    log.warn("a time of a schedule was skipped", { time, why: why[run.why] });
    setCurrentDetails(`**skipped** ${time}: ${why[run.why]}`);
    return { time, outcome: `skipped: ${why[run.why]}` };
  }
  const outcome = run.acted ? "ran" : "ran, and its conditions did not hold";
  if (run.missed.length > 0)
    log.warn("times of a schedule were missed", { missed: run.missed.length, first: run.missed[0] });
  setCurrentDetails(
    `**${outcome}** for ${time}${run.tickets.length === 0 ? "" : `: ${run.tickets.join(", ")}`}`,
  );
  return {
    time,
    outcome,
    ...(run.tickets.length === 0 ? {} : { tickets: run.tickets }),
    ...(run.missed.length === 0 ? {} : { missed: run.missed }),
  };
}
