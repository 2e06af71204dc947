/**
 * Finds rules that match whenever another does, without asking every pair. An alternative that covers stands under one
 * key that each alternative it covers must show. Knows no diagnostic.
 *
 *   [alert.source in (A, B), severity at least major]   stands under  source=a  and  source=b   (its rarest subject)
 *   [alert.title contains "disk"]                       stands under  alert.title
 *   []                                                  stands under  *
 *   asked for [source is A, title contains "disk c"]    looks under   *, alert.source, source=a, alert.title
 */
import type { TriggerIr } from "../compiler/index.ts";
import type { FieldValue, TriggerKind } from "../domain/index.ts";
import { COVER_CANDIDATES_MAX, COVER_KEYS_MAX } from "../domain/index.ts";
import { implies } from "./contradiction.ts";
import { keyOfExpr } from "./literals.ts";
import type { Alternative, Prepared } from "./prepared.ts";

interface Entry {
  readonly prepared: Prepared;
  readonly alternative: Alternative;
}

export class CoverIndex {
  readonly #event: TriggerKind;
  readonly #entries = new Map<string, Entry[]>();

  constructor(event: TriggerKind, rules: readonly Prepared[]) {
    this.#event = event;
    const all = rules
      .filter((prepared) => prepared.exact)
      .flatMap((prepared) =>
        (prepared.byEvent.get(event) ?? []).map((alternative): Entry => ({ prepared, alternative })),
      );
    const frequency = new Map<string, number>();
    for (const { alternative } of all)
      for (const keys of keyChoices(alternative))
        for (const key of keys) frequency.set(key, (frequency.get(key) ?? 0) + 1);
    for (const entry of all) {
      for (const key of rarest(keyChoices(entry.alternative), frequency)) {
        const under = this.#entries.get(key);
        if (under === undefined) this.#entries.set(key, [entry]);
        else under.push(entry);
      }
    }
  }

  /** Rules of which some alternative holds whenever this one does, in firing order as far as it was looked. */
  *covering(alternative: Alternative, accept: (other: Prepared) => boolean): Generator<Prepared> {
    let left = COVER_CANDIDATES_MAX;
    const seen = new Set<Prepared>();
    for (const key of askedKeys(alternative)) {
      for (const entry of this.#entries.get(key) ?? []) {
        if (seen.has(entry.prepared) || !accept(entry.prepared)) continue;
        if (left-- === 0) return;
        if (!coversAlternative(entry.alternative, alternative, this.#event)) continue;
        seen.add(entry.prepared);
        yield entry.prepared;
      }
    }
  }
}

/** Whenever the narrow one matches on the event, so does the wide one. */
export function covers(wide: Prepared, narrow: Prepared, event: TriggerKind): boolean {
  if (!wide.exact || !isWiderTrigger(wide, narrow, event)) return false;
  return (narrow.byEvent.get(event) ?? []).every((alternative) =>
    (wide.byEvent.get(event) ?? []).some((other) => coversAlternative(other, alternative, event)),
  );
}

function coversAlternative(wide: Alternative, narrow: Alternative, event: TriggerKind): boolean {
  for (const subject of wide.groups.keys()) if (!narrow.groups.has(subject)) return false;
  return wide.conjunction.every((literal) => implies(narrow.groups, literal, event));
}

/** Same event, same or fewer restrictions of actor, change, callout and organization. */
export function isWiderTrigger(
  { rule: wide }: Prepared,
  { rule: narrow }: Prepared,
  event: TriggerKind,
): boolean {
  if (wide.organizations !== undefined) {
    if (narrow.organizations === undefined || !narrow.organizations.isSubsetOf(wide.organizations))
      return false;
  }
  return narrow.triggers
    .filter((trigger) => trigger.kind === event)
    .every((trigger) => wide.triggers.some((other) => isWider(other, trigger)));
}

function isWider(wide: TriggerIr, narrow: TriggerIr): boolean {
  if (wide.kind !== narrow.kind || JSON.stringify(wide.timer) !== JSON.stringify(narrow.timer)) return false;
  if (wide.by.length > 0 && (narrow.by.length === 0 || !narrow.by.every((kind) => wide.by.includes(kind))))
    return false;
  if (wide.callout !== undefined && wide.callout !== narrow.callout) return false;
  return wide.change === undefined || changeKey(wide) === changeKey(narrow);
}

function changeKey({ change }: TriggerIr): string {
  if (change === undefined) return "";
  const words = (of: NonNullable<TriggerIr["change"]>["from"]): string =>
    of.map((value) => keyOfExpr(value)).join();
  return `${change.apiName} ${words(change.from)} to ${words(change.to)}`;
}

/* ---------- keys ---------- */

/** Each is a full set of keys under which the alternative would be found. */
function keyChoices({ conjunction, groups, finite }: Alternative): readonly (readonly string[])[] {
  if (conjunction.length === 0) return [["*"]];
  const named = [...finite]
    .filter(([, values]) => values.length <= COVER_KEYS_MAX)
    .map(([subject, values]) => values.map((value) => valueKey(subject, value)));
  return named.length > 0 ? named : [...groups.keys()].map((subject) => [subject]);
}

function rarest(
  choices: readonly (readonly string[])[],
  frequency: ReadonlyMap<string, number>,
): readonly string[] {
  const weight = (keys: readonly string[]): number =>
    keys.reduce((sum, key) => sum + (frequency.get(key) ?? 0), 0);
  return choices.reduce((best, keys) => (weight(keys) < weight(best) ? keys : best), choices[0] ?? []);
}

/** One value is enough: all that the narrow one allows must be among those of the wide one. */
function askedKeys({ groups, finite }: Alternative): readonly string[] {
  const keys = ["*"];
  for (const subject of groups.keys()) {
    keys.push(subject);
    const values = finite.get(subject);
    if (values !== undefined && values.length > 0) keys.push(valueKey(subject, values[0]));
  }
  return keys;
}

function valueKey(subject: string, value: FieldValue): string {
  return `${subject}=${String(value)}`;
}
