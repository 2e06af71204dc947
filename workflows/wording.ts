/** The words that an admin reads in the Temporal UI. Pure text; knows no SDK. */
import { DAY, HOUR, MINUTE, SECOND } from "../src/domain/index.ts";

const UNITS = [
  [DAY, "d"],
  [HOUR, "h"],
  [MINUTE, "min"],
  [SECOND, "s"],
] as const;

/** `60 s`, `5 min`, `2 h`, `4 min 58 s`: seconds below two minutes, at most two units above. */
export function describeDuration(ms: number): string {
  if (ms < SECOND) return `${ms} ms`;
  if (ms < 2 * MINUTE) return `${Number((ms / SECOND).toFixed(1))} s`;
  const parts: string[] = [];
  let rest = Math.round(ms / SECOND) * SECOND;
  for (const [size, name] of UNITS) {
    // `90 min` and not `1 h 30 min`: the first unit counts two at least.
    if (rest < size * (parts.length === 0 ? 2 : 1) || parts.length === 2) continue;
    parts.push(`${Math.floor(rest / size)} ${name}`);
    rest %= size;
  }
  return parts.join(" ");
}

export function describeWait(ms: number, nextAttempt: number): string {
  return `waits ${describeDuration(ms)} before attempt ${nextAttempt}`;
}

/** `at most 11 requests, 60 s after a failed one`, `one request, no resend` */
export function describeAttempts(
  resends: number,
  retryEveryMs: number,
  noun: "request" | "attempt" = "request",
): string {
  if (resends === 0) return `one ${noun}, no resend`;
  return `at most ${resends + 1} ${noun}s, ${describeDuration(retryEveryMs)} after a failed one`;
}

/** Markdown of the moment, replaced at every step. */
export function progressDetails(facts: {
  readonly state: { readonly attempt: number; readonly lastError: string | undefined };
  readonly attemptsMax: number;
  readonly now: string;
  /** The end of a wait. Units: milliseconds since 1970 UTC. */
  readonly until?: number;
}): string {
  const { state, attemptsMax, now, until } = facts;
  const lines = [
    `**${now}**`,
    "",
    ...(until === undefined ? [] : [`- until ${utcText(until)}, or a signal retryNow`]),
    `- attempts begun: ${state.attempt} of ${attemptsMax}`,
  ];
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

/** `ticket idle of rule "Nobody cares" at 2026-11-22 08:00:00 UTC` */
export function describeClock(next: {
  readonly at: number;
  readonly rule: string;
  readonly clock: string;
}): string {
  return `${clockWords[next.clock] ?? next.clock} of rule "${next.rule}" at ${utcText(next.at)}`;
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
