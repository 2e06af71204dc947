/**
 * The first body line of a mail to a ticket or task: `#T=1.5 #R=Support #S=In Progress` (IEP-4). Only indicators, set
 * apart by blanks; anything else on the line makes it text. Pure text in, values out.
 */
import { TIME_ENTRY_HOURS_MAX } from "../../domain/index.ts";

export interface Indicators {
  /** `#T=` */
  readonly hours: number | undefined;
  /** `#R=`: as written. */
  readonly role: string | undefined;
  /** `#S=`: as written. */
  readonly status: string | undefined;
}

export interface FirstLine {
  readonly indicators: Indicators;
  /** What follows the line. */
  readonly rest: string;
}

const INDICATOR = /#([TRS])\s*=\s*([^#]*)/giu;
const LINE = /^\s*(?:#[TRS]\s*=\s*[^#]*)+$/iu;
/** 1.5, 1,5 or 1:30. */
const DECIMAL = /^\d{1,4}(?:[.,]\d{1,4})?$/u;
const CLOCK = /^(\d{1,4}):([0-5]\d)$/u;

/** Undefined: the first line is text. */
export function readFirstLine(text: string): FirstLine | undefined {
  const trimmed = text.replace(/^\s+/u, "");
  const end = trimmed.search(/\r?\n/u);
  const line = end === -1 ? trimmed : trimmed.slice(0, end);
  if (!LINE.test(line)) return undefined;
  const values = new Map<string, string>();
  for (const [, letter, value] of line.matchAll(INDICATOR)) {
    const name = (letter ?? "").toUpperCase();
    const written = (value ?? "").trim();
    // An indicator that says nothing, or says it twice, is not understood.
    if (written === "" || values.has(name)) return undefined;
    values.set(name, written);
  }
  const time = values.get("T");
  const hours = time === undefined ? undefined : readHours(time);
  if (time !== undefined && hours === undefined) return undefined;
  return {
    indicators: { hours, role: values.get("R"), status: values.get("S") },
    rest: end === -1 ? "" : trimmed.slice(end).replace(/^\s+/u, ""),
  };
}

function readHours(text: string): number | undefined {
  const clock = CLOCK.exec(text);
  const hours =
    clock === null
      ? DECIMAL.test(text)
        ? Number(text.replace(",", "."))
        : Number.NaN
      : Number(clock[1]) + Number(clock[2]) / 60;
  return hours > 0 && hours <= TIME_ENTRY_HOURS_MAX ? hours : undefined;
}
