/** The when-part's events become triggers. Knows nothing of conditions. */
import { unreachable, type TriggerKind } from "../domain/index.ts";
import { exactText } from "../domain/index.ts";
import type { EventNode } from "../../grammar/ast.ts";
import { lowerChange } from "./lower-condition.ts";
import { fieldOf } from "./lower-expression.ts";
import { calendarOf, lowerSchedule } from "./lower-times.ts";
import { present, type Lowering } from "./lowering.ts";
import type { TriggerIr } from "./rule-ir.ts";

const plain = { by: [], change: undefined, callout: undefined } as const;

export function lowerTrigger(lowering: Lowering, event: EventNode): TriggerIr {
  switch (event.kind) {
    case "alert received":
    case "alert repeats":
    case "alert resolved":
      return { kind: kindOf(event.kind), ...plain };
    case "ticket created":
    case "ticket edited":
    case "ticket completed":
    case "ticket reopened":
    case "note added":
    case "time entry added":
      return { kind: kindOf(event.kind), ...plain, by: event.by };
    case "field changes":
      return {
        kind: "ticket-changed",
        by: event.by,
        change: lowerChange(lowering, { left: event.path, from: event.from, to: event.to }),
        callout: undefined,
      };
    case "callout succeeded":
    case "callout failed": {
      const callout = event.callout === undefined ? undefined : exactText(event.callout.text);
      return { kind: kindOf(event.kind), ...plain, callout };
    }
    case "alert still firing": {
      const { ms } = present(event.after, "the wait");
      return { kind: kindOf(event.kind), ...plain, timer: { kind: "hold", ms } };
    }
    case "no alert": {
      const { ms } = present(event.for, "the silence");
      const per = event.per.map((path) => fieldOf(lowering, path));
      return { kind: kindOf(event.kind), ...plain, timer: { kind: "silence", ms, per } };
    }
    case "ticket idle":
    case "ticket open":
    case "ticket due":
    case "ticket overdue": {
      const calendar = event.during === undefined ? undefined : calendarOf(lowering, event.during);
      const ms = event.duration?.ms ?? 0;
      return { kind: kindOf(event.kind), ...plain, timer: { kind: "clock", ms, calendar } };
    }
    case "every": {
      const schedule = lowerSchedule(lowering, event.schedule);
      return { kind: "every", ...plain, timer: { kind: "schedule", schedule } };
    }
    default:
      return unreachable(event);
  }
}

/** `time entry added` is `time-entry-added`. */
type Dashed<T extends string> = T extends `${infer A} ${infer B}` ? `${A}-${Dashed<B>}` : T;

function kindOf<T extends string>(words: T): Extract<TriggerKind, Dashed<T>> {
  return words.replaceAll(" ", "-") as Extract<TriggerKind, Dashed<T>>;
}
