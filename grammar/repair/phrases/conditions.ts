/** How people compare and count. Knows only words. */
import { DURATION, FIELD, form, PATH, TEXT, type Phrase } from "./phrase.ts";

const more = "(?:greater|higher|bigger|larger|more|above|over|worse)";
const less = "(?:less|smaller|lower|fewer|below|under)";
const orEqual = "(?:or )?(?:equals?|the same|same)(?: (?:to|as))?";

/** Where a value stands, in conditions and in actions. */
export const valuePhrases: readonly Phrase[] = [
  {
    form: form(`(alert|ticket) (${FIELD})`),
    write: "$1.$2",
    summary: "a field stands behind a dot",
    safe: true,
  },
  { form: form(`(${FIELD}) of (?:the )?(alert|ticket)`), write: "$2.$1" },
  { form: form(`the (?=alert|ticket|note|actor)(\\S+)`), write: "$1" },
  {
    form: form(`([\\p{L}_]\\w*) \\( (${PATH}) \\)`),
    write: "$1[$2]",
    summary: "what is looked up stands in square brackets",
  },
];

export const conditionPhrases: readonly Phrase[] = [
  ...valuePhrases,
  { form: form(`${more} than ${orEqual}`), write: "at least" },
  { form: form(`${less} than ${orEqual}`), write: "at most" },
  {
    form: form(
      `(?:is )?(?:not )?(?:greater|higher|bigger|larger|above|over|worse|exceeds|exceeding)(?: than)?(?= [\\d"'])`,
    ),
    write: "more than",
  },
  { form: form(`(?:is )?(?:smaller|lower|fewer|below|under)(?: than)?(?= [\\d"'])`), write: "less than" },
  { form: form(`(?:minimum|min|minimal|no less than)(?= [\\d"'])`), write: "at least" },
  { form: form(`(?:maximum|max|maximal|no more than)(?= [\\d"'])`), write: "at most" },
  { form: form(`is not (?:set|defined|present|given|known|filled|available|there)`), write: "is empty" },
  {
    form: form(`is (?:set|defined|present|given|known|filled|available|there|not blank)`),
    write: "is not empty",
  },
  { form: form(`(?:is )?(?:unset|undefined|blank|unknown)`), write: "is empty" },
  { form: form(`either (${TEXT}) or (${TEXT})`), write: "any of ($1, $2)" },
  {
    form: form(`matches (?:the )?(?:regex|regexp|pattern|expression|regular expression)(?= ${TEXT})`),
    write: "matches",
  },
  { form: form(`(?:has|with) (?:the )?(?:text|word|string)(?= ${TEXT})`), write: "contains" },
  { form: form(`contains (?:the )?(?:text|word|words|string|phrase)(?= ${TEXT})`), write: "contains" },
  { form: form(`(?:includes|containing|contain|having)(?= ${TEXT})`), write: "contains" },
  {
    form: form(`(?:starting|begins|beginning|startswith|begin)(?: with)?(?= ${TEXT})`),
    write: "starts with",
  },
  { form: form(`(?:ending|endswith|finishes)(?: with)?(?= ${TEXT})`), write: "ends with" },
  { form: form(`like (?:the )?(?:pattern)(?= ${TEXT})`), write: "like" },
  {
    form: form(
      `(?:more than|over|at least|>|>=) (\\d+) (?:times|x|occurrences?|events?|repeats?)(?: (?:of the )?alerts?)? (?:in|within|per|during)(?: the last)?(?= \\d)`,
    ),
    write: "more than $1 alerts in",
  },
  {
    form: form(
      `(?:the )?(?:count|number of alerts|alert count|alerts) (?:is )?(?:>|more than|over|greater than|exceeds|>=|at least) (\\d+)(?: alerts)? (?:in|within|per)(?: the last)?(?= \\d)`,
    ),
    write: "more than $1 alerts in",
  },
  {
    form: form(`(\\d+)(?: or more)? (?:alerts?|times) (?:in|within)(?: the last)?(?= \\d)`),
    write: ["at least $1 alerts in", "more than $1 alerts in"],
    summary: "a count says whether it is at least or more than",
    help: "write `at least $1 alerts in ...`",
  },
  {
    form: form(
      `(more than|at least) (\\d+) alerts (?:per|every|over|during|in the last|within the last)(?= ${DURATION})`,
    ),
    write: "$1 $2 alerts in",
  },
  {
    form: form(
      `((?:more than|at least) \\d+ alerts (?:in|within) ${DURATION}) (?:for each|for|by|from(?: the)?(?: same)?|on(?: the)?(?: same)?|of(?: the)? same)(?: the same)? (${PATH})`,
    ),
    write: "$1 per $2",
  },
];

/** `5 m`, `1h 30m`: lengths that are cut short; other forms of speech are told by duration-guesses.ts. */
export const durationPhrases: readonly Phrase[] = [
  {
    form: form(`(\\d+) ?h(?:rs?|ours?)? (\\d+) ?m(?:ins?|inutes?)?`),
    write: "$1 hours $2 minutes",
    safe: true,
  },
  { form: form(`(\\d+) s`), write: "$1 seconds", safe: true },
  { form: form(`(\\d+) m`), write: "$1 minutes", safe: true },
  { form: form(`(\\d+) h`), write: "$1 hours", safe: true },
  { form: form(`(\\d+) d`), write: "$1 days", safe: true },
  { form: form(`(\\d+) w`), write: "$1 weeks", safe: true },
];
