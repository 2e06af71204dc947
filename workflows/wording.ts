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
