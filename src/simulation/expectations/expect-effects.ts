/** `note on ticket`, `notify`, `nothing`: what rules did since the last step. What the test's own steps wrote is not told. */
import { exactText, foldText } from "../../domain/index.ts";
import type { Note } from "../../domain/index.ts";
import type { Effect, NewNotification } from "../../decision/index.ts";
import type { RuleIr } from "../../compiler/index.ts";
import type { Expectation } from "../../../grammar/ast.ts";
import { decisionsOf, type Decided } from "../journal.ts";
import { effectsOf, firedBy, firingsOf, nearestTo, plural, sentencesOf } from "./observed.ts";
import type { Judged, Observed } from "./observed.ts";

type Kind<K extends Expectation["kind"]> = Extract<Expectation, { kind: K }>;

const notes = (rule: RuleIr): boolean =>
  rule.actions.some(({ kind }) => kind === "add-note" || kind === "create-ticket");

export function expectNote({ number, negated, containing }: Kind<"note">, observed: Observed): Judged {
  const ticket = observed.desk.ticket(number.value);
  const written = notesOfRules(observed).filter(({ ticketId }) => ticketId === ticket?.id);
  const wanted = containing === undefined ? undefined : foldText(containing.value);
  const found = written.find(({ note }) => wanted === undefined || foldText(note.text).includes(wanted));
  if ((found === undefined) === negated) return undefined;
  if (found !== undefined) {
    return { got: `a note was added: "${found.note.text}"`, details: sentencesOf(observed) };
  }
  if (written.length > 0) {
    const texts = written.map(({ note }) => `"${note.text}"`);
    return { got: `${plural(written.length, "note")} without these words: ${texts.join(", ")}`, details: [] };
  }
  const near = nearestTo(observed, notes, "adds a note");
  return {
    got: ticket === undefined ? `there is no ticket ${number.value}` : "no note was added",
    ...near,
    details: [...sentencesOf(observed), ...(near.details ?? [])],
  };
}

function notesOfRules(observed: Observed): readonly { readonly ticketId: string; readonly note: Note }[] {
  return decisionsOf(observed.journal.window).flatMap((decided) =>
    ownEffects(decided).flatMap((effect) => (effect.kind === "add-note" ? [effect] : [])),
  );
}

/** Without the change or note that the step itself is. */
function ownEffects({ event, effects }: Decided): readonly Effect[] {
  const first = effects.findIndex(
    (effect) =>
      (event.kind === "note-added" && effect.kind === "add-note" && effect.note.by === event.note.by) ||
      (event.kind === "ticket-changed" && effect.kind === "change-ticket" && effect.by === event.by),
  );
  return first < 0 ? effects : effects.filter((_, index) => index !== first);
}

/* ---------- notices ---------- */

export function expectNotify({ recipient, negated, times }: Kind<"notify">, observed: Observed): Judged {
  const name = exactText(recipient.text);
  const tells = (rule: RuleIr): boolean =>
    rule.actions.some((action) => action.kind === "notify" && action.recipients.includes(name));
  if (times !== undefined && !negated) {
    const all = decisionsOf(observed.journal.all).flatMap(({ effects }) =>
      noticesTo(observed, name, effects),
    );
    if (all.length === times.value) return undefined;
    const near = all.length < times.value ? nearestTo(observed, tells, `notifies "${name}"`) : {};
    return {
      got:
        all.length === 0 ? `"${name}" was not notified` : `"${name}" was notified ${timesWords(all.length)}`,
      ...near,
      details: [...all.map(noticeWords), ...(near.details ?? [])],
    };
  }
  const sent = noticesTo(observed, name, effectsOf(observed, "notify"));
  if ((sent.length === 0) === negated) return undefined;
  const [first] = sent;
  if (first === undefined) {
    const near = nearestTo(observed, tells, `notifies "${name}"`);
    const others = effectsOf(observed, "notify").map(({ notification }) => noticeWords(notification));
    return { got: `"${name}" was not notified`, ...near, details: [...others, ...(near.details ?? [])] };
  }
  const firing = firingsOf(observed).find(({ rule }) => rule === first.rule);
  return {
    got: `"${name}" was notified ${timesWords(sent.length)}`,
    details: sent.map(noticeWords),
    ...(firing === undefined ? {} : firedBy(firing)),
  };
}

/** A recipient with several ways is told once: its first way counts. */
function noticesTo({ set }: Observed, name: string, effects: readonly Effect[]): readonly NewNotification[] {
  const recipient = set.rules.ir.recipients.get(name);
  const first = recipient === undefined ? undefined : [...recipient.emails, ...recipient.webhooks][0];
  return effects.flatMap((effect) => {
    if (effect.kind !== "notify" || exactText(effect.notification.recipient) !== name) return [];
    return first === undefined || effect.notification.to === first ? [effect.notification] : [];
  });
}

function noticeWords({ recipient, subject, rule }: NewNotification): string {
  return `"${recipient}" was told "${subject}"${rule === undefined ? "" : ` by rule "${rule}"`}`;
}

function timesWords(n: number): string {
  return n === 1 ? "once" : `${n} times`;
}

/* ---------- nothing ---------- */

/** No ticket, note, change, notice or callout. */
export function expectNothing(observed: Observed): Judged {
  const done = decisionsOf(observed.journal.window).flatMap((decided) =>
    ownEffects(decided).flatMap((effect) => {
      const words = effectWords(effect, observed);
      return words === undefined ? [] : [words];
    }),
  );
  const sent = observed.journal.window.flatMap((one) =>
    one.kind === "request" ? [`callout "${one.callout}" was sent`] : [],
  );
  const [first, ...more] = [...done, ...sent];
  if (first === undefined) return undefined;
  const firing = firingsOf(observed)[0];
  return { got: first, details: more, ...(firing === undefined ? {} : firedBy(firing)) };
}

function effectWords(effect: Effect, { desk }: Observed): string | undefined {
  switch (effect.kind) {
    case "open-ticket":
      return `ticket ${desk.ticketNumber(effect.ticket.id)} was created: "${effect.ticket.title}"`;
    case "change-ticket":
      return `ticket ${desk.ticketNumber(effect.ticket.id)} was changed: ${effect.changes.map(({ field }) => field).join(", ")}`;
    case "add-note":
      return `a note was added to ticket ${desk.ticketNumber(effect.ticketId)}: "${effect.note.text}"`;
    case "notify":
      return noticeWords(effect.notification);
    case "start-delivery":
      return effect.delivery.state === "skipped"
        ? undefined
        : `callout "${effect.delivery.callout}" was started`;
    default:
      return undefined;
  }
}
