/**
 * The events of one alert that rules could have fired on: those that its handling raised, and the times that rules wait
 * for because of it. Knows no rule's condition.
 */
import type { RuleSetIr } from "../compiler/index.ts";
import type { Alert, Instant, Snapshot, TriggerKind } from "../domain/index.ts";
import { bareSnapshot } from "../domain/index.ts";
import type { HandledAlert } from "./types.ts";

/** `dueRule` names the one rule whose time has come. */
export function eventsOf(handled: HandledAlert, ir: RuleSetIr): readonly Snapshot[] {
  const { alert, snapshots } = handled;
  const own = ownEvent(alert);
  // In maintenance no rule saw it: what they would have done is the question.
  const isRaised = snapshots?.some(({ kind }) => kind === own.kind) ?? false;
  const raised = isRaised ? (snapshots ?? []) : [own, ...(snapshots ?? [])];
  if (alert.status === "resolved") return raised;
  return [...raised, ...timedEvents(alert, ir, raised[0]?.counts)];
}

/** The event from outside: an alert that came resolved is another event. */
function ownEvent(alert: Alert): Snapshot {
  return eventOf(alert, alert.status === "resolved" ? "alert-resolved" : "alert-received", alert.receivedAt);
}

/** As rules will see it once its time has come: a hold at its release, a silence at its end. */
function timedEvents(alert: Alert, { rules }: RuleSetIr, counts: Snapshot["counts"]): readonly Snapshot[] {
  const kept = counts === undefined ? {} : { counts };
  return rules.flatMap((rule) =>
    rule.triggers.flatMap(({ kind, timer }): readonly Snapshot[] => {
      if (timer?.kind !== "hold" && timer?.kind !== "silence") return [];
      return [{ ...eventOf(alert, kind, alert.receivedAt + timer.ms), dueRule: rule.name, ...kept }];
    }),
  );
}

function eventOf(alert: Alert, kind: TriggerKind, at: Instant): Snapshot {
  return { ...bareSnapshot(kind, at), alert };
}
