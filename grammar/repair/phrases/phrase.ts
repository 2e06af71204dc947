/**
 * What a phrase of other tools or of plain speech is, and where such phrases are looked for. The tables beside this file say
 * which there are; phrase-guesses.ts tries them at a fault. Knows words, not the grammar.
 *
 * A form is matched against the words from a place on, with one blank between each two tokens, signs too:
 *
 *   notify "noc" by email        ->  notify "noc" by email
 *   ticket.priority = "Very high" -> ticket . priority = §3      (a text with blanks, or a long one, by its number)
 */

export interface Phrase {
  /** Anchored at the place; it ends where a word ends. */
  readonly form: RegExp;
  /** What stands for it, `$1` for what a group took. Of several the first is read on with and all are offered; empty: left out. */
  readonly write: string | readonly string[];
  /** Left out: "`x` is written `y` here". */
  readonly summary?: string;
  /** Left out: "write `y`". */
  readonly help?: string;
  /** It can mean nothing else. */
  readonly safe?: boolean;
}

/** A text in quotes, as it looks in a form. */
export const TEXT = String.raw`(?:["'“„«]\S*|§\d+)`;
/** `alert.device.name` */
export const PATH = String.raw`[\p{L}_][\p{L}\p{N}_]*(?: \. (?:[\p{L}_][\p{L}\p{N}_]*|${TEXT}))*`;
export const DURATION = String.raw`(?:\d+(?:\.\d+)? (?:seconds?|minutes?|hours?|days?|weeks?)(?: \d+ (?:seconds?|minutes?|hours?|days?|weeks?))*|\d+[smhdw]\S*)`;
/** What people call fields without saying whose. */
export const FIELD =
  "(?:status|priority|queue|category|type|title|description|resolution|severity|source|contact|device|organization)";
/** Words without a meaning of their own. */
export const ARTICLE = "(?:(?:an?|the|any|every|each|new|this|that|its) )*";

/** The form of a phrase: it begins at the place and ends with a word. */
export function form(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})(?= |$)`, "iu");
}
