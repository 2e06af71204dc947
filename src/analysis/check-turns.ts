/**
 * R2002 a rule that never gets its turn behind a `stop` or `suppress`, R2016 a rule that catches all and stops. Only of
 * events that a cascade never raises: elsewhere the rule that stops may already have run and does not run again.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/index.ts";
import type { TriggerKind } from "../domain/index.ts";
import { onlyOpensTickets, stops, suppresses } from "./actions-key.ts";
import { CoverIndex, isWiderTrigger } from "./cover-index.ts";
import type { Places } from "./places.ts";
import { neverFires } from "./prepared.ts";
import type { Prepared, PreparedSet } from "./prepared.ts";
import { findWitness, tellEvent } from "./witness.ts";

const raisedOnce: readonly TriggerKind[] = [
  "alert-received",
  "alert-resolved",
  "callout-succeeded",
  "callout-failed",
];

const eventWords: Readonly<Partial<Record<TriggerKind, string>>> = {
  "alert-received": "received alert",
  "alert-resolved": "resolved alert",
  "callout-succeeded": "callout that succeeds",
  "callout-failed": "callout that fails",
};

export function checkTurns(set: PreparedSet, places: Places): readonly Diagnostic[] {
  const rules = set.rules.filter((prepared) => !neverFires(prepared));
  const catchAlls = raisedOnce.flatMap((event) => catchAllOf(rules, event) ?? []);
  const caught = new Set(catchAlls.map(({ prepared }) => prepared));
  const indexes = new Map(
    raisedOnce.map((event) => [
      event,
      indexesOf(
        rules.filter((rule) => !caught.has(rule)),
        event,
      ),
    ]),
  );
  return [
    ...catchAlls.map((found) => tellCatchAll(found, places)),
    ...rules.flatMap((prepared) => {
      const before = blockers(prepared, indexes);
      return before === undefined ? [] : [tellNoTurn(set, prepared, before, places)];
    }),
  ];
}

interface CatchAll {
  readonly prepared: Prepared;
  readonly event: TriggerKind;
  readonly later: Prepared;
}

/** The first rule that takes every such event and stops, if another one stands behind it. */
function catchAllOf(rules: readonly Prepared[], event: TriggerKind): CatchAll | undefined {
  const prepared = rules.find(({ rule, byEvent, exact }) => {
    const everything = (byEvent.get(event) ?? []).some(({ conjunction }) => conjunction.length === 0);
    if (!everything || !exact || !stops(rule) || rule.organizations !== undefined) return false;
    return rule.triggers.some((trigger) => trigger.kind === event && trigger.callout === undefined);
  });
  const later = rules.find(
    (other) =>
      prepared !== undefined &&
      other.rule.index > prepared.rule.index &&
      other.rule.triggers.every(({ kind }) => kind === event),
  );
  return prepared === undefined || later === undefined ? undefined : { prepared, event, later };
}

function tellCatchAll({ prepared: { rule }, event, later }: CatchAll, places: Places): Diagnostic {
  return diagnostic(
    "R2016",
    places.nameOf(rule),
    `\`${rule.name}\` takes every ${eventWords[event] ?? event} and stops`,
    {
      labels: [
        { span: places.nameOf(later.rule), text: "never gets its turn, nor does any other behind it" },
      ],
      help: "give it a higher `order`, so that it runs last, an `if`, or no `stop`",
    },
  );
}

interface Indexes {
  readonly stopping: CoverIndex;
  readonly suppressing: CoverIndex;
}

function indexesOf(rules: readonly Prepared[], event: TriggerKind): Indexes {
  return {
    stopping: new CoverIndex(
      event,
      rules.filter(({ rule }) => stops(rule)),
    ),
    suppressing: new CoverIndex(
      event,
      rules.filter(({ rule }) => suppresses(rule)),
    ),
  };
}

/** Earlier rules that together take every event of this one; undefined when one may be left. */
function blockers(
  prepared: Prepared,
  indexes: ReadonlyMap<TriggerKind, Indexes>,
): ReadonlySet<Prepared> | undefined {
  const found = new Set<Prepared>();
  for (const [event, alternatives] of prepared.byEvent) {
    const index = indexes.get(event);
    if (index === undefined) return undefined;
    const isBefore = (other: Prepared): boolean =>
      other.rule.index < prepared.rule.index && isWiderTrigger(other, prepared, event);
    for (const alternative of alternatives) {
      const [stopping] = index.stopping.covering(alternative, isBefore);
      const suppressing =
        stopping === undefined && event === "alert-received" && onlyOpensTickets(prepared.rule)
          ? index.suppressing.covering(alternative, isBefore).next().value
          : undefined;
      const before = stopping ?? suppressing;
      if (before === undefined) return undefined;
      found.add(before);
    }
  }
  return found.size === 0 ? undefined : found;
}

function tellNoTurn(
  set: PreparedSet,
  prepared: Prepared,
  before: ReadonlySet<Prepared>,
  places: Places,
): Diagnostic {
  const rules = [...before].map(({ rule }) => rule);
  const names = rules.map((rule) => `\`${rule.name}\``);
  const [one, several] = rules.every(stops)
    ? ["stops", "stop"]
    : rules.some(stops)
      ? ["stops or suppresses", "stop or suppress"]
      : ["suppresses", "suppress"];
  const does = rules.length === 1 ? one : several;
  const takes = rules.length === 1 ? "all" : "some";
  const witness = findWitness(set.ir, [prepared, ...(before.size === 1 ? before : [])]);
  return diagnostic(
    "R2002",
    places.nameOf(prepared.rule),
    `\`${prepared.rule.name}\` never gets its turn: ${names.slice(0, 3).join(" and ")} ${does} first`,
    {
      detail: witness === undefined ? undefined : `for example: ${tellEvent(witness)}`,
      labels: rules.map((rule) => ({
        span: places.nameOf(rule),
        text: `runs earlier and takes ${takes} of its events`,
      })),
      help: "give this rule a lower `order`, or narrow the earlier one",
    },
  );
}
