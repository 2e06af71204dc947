/** What every expectation looks at, and how it tells what happened instead. Knows no single expectation. */
import type { RuleIr } from "../../compiler/index.ts";
import type { ActionOutcome, Effect, Firing } from "../../decision/index.ts";
import type { FieldValue } from "../../domain/index.ts";
import { helping, missing, readRule, type RuleReading } from "../condition-tree.ts";
import { decisionsOf, type Journal } from "../journal.ts";
import type { SimulatedDesk } from "../simulated-desk.ts";
import type { TestRecords } from "../test-records.ts";
import { clockWords, type TestTime } from "../test-time.ts";
import type { RulePlace, SimulatedSet, TestFailure } from "../types.ts";

export interface Observed {
  readonly desk: SimulatedDesk;
  readonly journal: Journal;
  readonly set: SimulatedSet;
  readonly records: TestRecords;
  readonly time: TestTime;
}

export type Found = Omit<TestFailure, "line" | "expected">;
export type Judged = Found | undefined;

/** Since the last step that moved the clock or received something. */
export function firingsOf({ journal }: Observed): readonly Firing[] {
  return decisionsOf(journal.window).flatMap(({ result }) => result.firings);
}

export function effectsOf<K extends Effect["kind"]>(
  { journal }: Observed,
  kind: K,
): readonly Extract<Effect, { kind: K }>[] {
  return decisionsOf(journal.window)
    .flatMap(({ effects }) => effects)
    .filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
}

/** How every rule stood to every event of the window that it is about. */
export function readingsOf(
  { journal, set }: Observed,
  about: (rule: RuleIr) => boolean,
): readonly RuleReading[] {
  const { ir } = set.rules;
  const rules = ir.rules.filter(about);
  return decisionsOf(journal.window).flatMap(({ snapshots }) =>
    snapshots.flatMap((snapshot) => {
      const asked = rules.filter((rule) => rule.triggers.some(({ kind }) => kind === snapshot.kind));
      return asked.map((rule) => readRule(rule, snapshot, ir.zone)).filter(({ triggered }) => triggered);
    }),
  );
}

/** The rule that would have needed the least to be different; of equal ones the one of which most held. */
export function nearestOf(readings: readonly RuleReading[]): RuleReading | undefined {
  const near = readings
    .filter(({ holds, active }) => !holds && active)
    .map((reading) => ({
      reading,
      distance: missing(reading).length,
      held: helping(reading.condition, true).length,
    }))
    .toSorted(
      (a, b) => a.distance - b.distance || b.held - a.held || a.reading.rule.index - b.reading.rule.index,
    );
  return near[0]?.reading;
}

/** Why a rule did not fire, as part of a failure. */
export function whyNot(reading: RuleReading): Pick<Found, "rule" | "conditions"> {
  const { rule } = reading;
  return {
    rule: placeOf(rule, false),
    conditions: missing(reading).map(({ result }) => result),
  };
}

export function placeOf({ name, file, line }: RuleIr, fired: boolean): RulePlace {
  return { name, file, line, fired };
}

/** Nothing of what was wanted happened: how near it came. */
export function nearestTo(
  observed: Observed,
  about: (rule: RuleIr) => boolean,
  what: string,
): Partial<Found> {
  const unable = firingsOf(observed).flatMap(({ rule, file, line, outcomes }) =>
    outcomes.flatMap((outcome) =>
      outcome.kind === "skipped"
        ? [`rule "${rule}" (${file}:${line}) fired, but skipped \`${outcome.action}\`: ${outcome.reason}`]
        : [],
    ),
  );
  const mails = mailsOf(observed);
  const readings = readingsOf(observed, about);
  const nearest = nearestOf(readings);
  if (nearest !== undefined) return { details: [...mails, ...unable], ...whyNot(nearest) };
  if (mails.length > 0 || unable.length > 0 || readings.length > 0) return { details: [...mails, ...unable] };
  const inactive = observed.set.rules.ir.rules.some(about);
  return { details: [inactive ? `no rule that ${what} was asked` : `no rule ${what}`] };
}

/** What became of mails that came to nothing: rules are asked only of what a mail makes. */
function mailsOf({ journal }: Observed): readonly string[] {
  return decisionsOf(journal.window).flatMap(({ result: { mail, why } }) =>
    mail === undefined || mail.state === "processed" ? [] : [`the mail is ${mail.state}: ${why}`],
  );
}

export function firedBy(firing: Firing): Pick<Found, "rule" | "conditions"> {
  const { rule, file, line, conditions } = firing;
  return { rule: { name: rule, file, line, fired: true }, conditions };
}

/** Behind "the alert": `ticket_created` is no word of a sentence. */
export function becameWords(outcome: string): string {
  if (outcome === "ticket_created") return "opened a ticket";
  return outcome === "note_added" ? "became a note" : `was ${outcome.replace("_", " ")}`;
}

/** Everything that happened in the window, a sentence each. */
export function sentencesOf(observed: Observed): readonly string[] {
  return observed.journal.window.flatMap((one): readonly string[] => {
    switch (one.kind) {
      case "alert":
        return [`the alert "${one.alert.title}" ${becameWords(one.outcome)}: ${one.why}`];
      case "request":
        return [`callout "${one.callout}" was sent and answered ${one.answer}`];
      case "callout-ended":
        return [
          one.succeeded
            ? `callout "${one.callout}" succeeded`
            : `callout "${one.callout}" failed: ${one.lastError ?? ""}`,
        ];
      case "decided":
        return [
          ...one.result.firings.map((firing) => firingSentence(firing)),
          ...one.result.warnings.map((warning) => `warning: ${warning}`),
        ];
    }
  });
}

function firingSentence({ rule, file, line, on, outcomes }: Firing): string {
  return `rule "${rule}" (${file}:${line}) fired on ${on}: ${outcomes.map(outcomeWords).join(", ")}`;
}

function outcomeWords(outcome: ActionOutcome): string {
  switch (outcome.kind) {
    case "ticket-created":
      return `opened ${outcome.number}`;
    case "repeat-noted":
      return `noted repeat ${outcome.repeat} on ${outcome.number}`;
    case "done":
      return `\`${outcome.action}\``;
    case "skipped":
      return `skipped \`${outcome.action}\` (${outcome.reason})`;
  }
}

/** A value as a person writes it. */
export function valueWords(value: FieldValue, isTime: boolean, { zone }: TestTime): string {
  if (value === undefined || value === "") return "empty";
  if (isTime && typeof value === "number") return clockWords(value, zone);
  if (typeof value === "object") return value.length === 0 ? "empty" : JSON.stringify(value);
  return typeof value === "string" ? `"${value}"` : String(value);
}

export function plural(n: number, noun: string): string {
  return `${n === 0 ? "no" : n} ${noun}${n === 1 ? "" : "s"}`;
}
