/** The words that an admin reads in the Temporal UI. Pure text; knows no SDK. */
import { DAY, HOUR, MINUTE, SECOND } from "../src/domain/index.ts";

/** `60 s`, `5 min`, `2 h`: the largest unit that fits evenly, seconds below two minutes. */
export function describeDuration(ms: number): string {
  if (ms < SECOND) return `${ms} ms`;
  const units = [
    [DAY, "d"],
    [HOUR, "h"],
    [MINUTE, "min"],
  ] as const;
  for (const [size, name] of units) {
    if (ms >= 2 * size && ms % size === 0) return `${ms / size} ${name}`;
  }
  return `${Number((ms / SECOND).toFixed(1))} s`;
}

export function describeWait(ms: number, nextAttempt: number): string {
  return `waits ${describeDuration(ms)} before attempt ${nextAttempt}`;
}

/** Markdown of the moment, replaced at every step. */
export function progressDetails(facts: {
  readonly title: string;
  readonly state: { readonly attempt: number; readonly lastError: string | undefined };
  readonly attemptsMax: number;
  readonly now: string;
}): string {
  const { title, state, attemptsMax, now } = facts;
  const lines = [`**${title}**: ${now}`, "", `- attempts begun: ${state.attempt} of ${attemptsMax}`];
  if (state.lastError !== undefined) lines.push(`- last error: \`${state.lastError.replaceAll("`", "'")}\``);
  return lines.join("\n");
}

/** `2026-11-22 23:10:00 UTC` */
export function utcText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

const clockWords: Readonly<Record<string, string>> = {
  "ticket-idle": "ticket idle",
  "ticket-open": "ticket open",
  "ticket-due": "ticket due",
  "ticket-overdue": "ticket overdue",
};

/** `ticket idle of rule "Nobody cares" at 2026-11-22T08:00:00.000Z` */
export function describeClock(next: {
  readonly at: number;
  readonly rule: string;
  readonly clock: string;
}): string {
  return `${clockWords[next.clock] ?? next.clock} of rule "${next.rule}" at ${new Date(next.at).toISOString()}`;
}

/** Temporal keeps 400 bytes of a summary; a character has four at most. */
const SUMMARY_CHARACTERS_MAX = 95;

export function cutSummary(text: string): string {
  const characters = [...text];
  return characters.length <= SUMMARY_CHARACTERS_MAX
    ? text
    : `${characters.slice(0, SUMMARY_CHARACTERS_MAX - 1).join("")}…`;
}

/** Text in Markdown, whatever it looks like. */
export function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|]/gu, String.raw`\$&`).replaceAll(/\s+/gu, " ");
}
