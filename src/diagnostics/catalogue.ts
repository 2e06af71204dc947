/**
 * Every code that a user can read, with its severity and title, and the one builder of diagnostics.
 * Knows nothing of how a mistake is found.
 *
 * Format: one line a code, `R1203: ["error", "unknown field"]`, sorted, in the block of its family:
 *   R10xx text and tokens, R11xx syntax, R12xx names, R13xx types, R14xx not in this version (none at present), R20xx analysis.
 * The title says the kind of mistake without the user's own words (those are in the summary), lower case, no full stop.
 * A code once published keeps its meaning; a retired one is never used again.
 */
import type { Diagnostic, Fix, Label, Severity } from "./diagnostic.ts";
import type { Span } from "./source-text.ts";

/** What is wrong with the text itself: found before any sentence is read. */
const textCodes = {
  R1001: ["error", "text without its closing quote"],
  R1002: ["error", "text block without its end"],
  R1003: ["error", "unknown escape in a text"],
  R1004: ["error", "character that does not belong in a rule file"],
  R1005: ["error", "typographic quotes"],
  R1006: ["error", "number in a form that is not read"],
  R1007: ["error", "clock time in a form that is not read"],
  R1008: ["error", "date in a form that is not read"],
  R1009: ["error", "short duration in a rule"],
  R1010: ["error", "time or date that does not exist"],
  R1011: ["error", "file, line or list beyond a limit"],
  R1012: ["error", "unknown language version"],
} as const;

/** What is wrong with the sentence. */
const syntaxCodes = {
  R1101: ["error", "something that is not expected here"],
  R1102: ["error", "missing `end`"],
  R1103: ["error", "something is missing"],
  R1104: ["error", "misspelt word"],
  R1105: ["error", "word or sign of another language"],
  R1106: ["error", "`and` and `or` without brackets"],
  R1107: ["error", "value without quotes"],
  R1108: ["error", "`end` that is not needed"],
  R1109: ["error", "clauses out of order"],
  R1110: ["error", "clause or line written twice"],
  R1111: ["error", "several values after one comparison"],
  R1112: ["error", "declaration in the wrong kind of file"],
  R1113: ["error", "nested too deeply"],
  R1114: ["error", "reserved word as a name"],
} as const;

/** Names: the checker's. */
const nameCodes = {
  R1201: ["error", "unknown name"],
  R1202: ["error", "name declared twice"],
  R1203: ["error", "unknown field"],
  R1204: ["error", "value that the set's list does not hold"],
  R1205: ["error", "path that is not at hand here"],
  R1206: ["error", "name that `like` has not surely taken"],
  R1207: ["error", "definition that uses itself"],
  R1208: ["error", "field that a rule cannot write"],
} as const;

/** Types: the checker's. */
const typeCodes = {
  R1301: ["error", "values of different kinds"],
  R1302: ["error", "values without an order"],
  R1303: ["error", "test that does not fit the value"],
  R1304: ["error", "action without its ticket or alert"],
  R1305: ["error", "`category default` outside `create ticket`"],
  R1306: ["error", "secret in the wrong place"],
  R1307: ["error", "password that everybody can read"],
  R1308: ["error", "address that cannot be used"],
  R1309: ["error", "braces without a path"],
  R1310: ["error", "regular expression that cannot be read"],
  R1311: ["error", "amount out of its range"],
  R1312: ["error", "status list without `Complete`"],
  R1313: ["error", "same value twice"],
  R1314: ["error", "rule that cannot have this clause"],
  R1315: ["error", "`allow` that says too little"],
  R1316: ["error", "somebody who cannot be told"],
  R1317: ["error", "header that cannot be sent"],
} as const;

/** Analysis (contract.md 2). */
const analysisCodes = {
  R2001: ["warning", "rule never fires"],
  R2002: ["warning", "rule never gets its turn"],
  R2003: ["warning", "condition is always true"],
  R2004: ["warning", "duplicate rule"],
  R2005: ["warning", "rule is covered by another"],
  R2006: ["warning", "conflicting values"],
  R2007: ["warning", "rules that trigger each other"],
  R2008: ["warning", "dedup key can be empty"],
  R2009: ["warning", "failure is told to nobody"],
  R2010: ["warning", "declaration is never used"],
  R2011: ["warning", "lookup misses a value"],
  R2012: ["warning", "regular expression is only a plain test"],
  R2013: ["warning", "regular expression matches everything"],
  R2014: ["warning", "text may lack a value"],
  R2015: ["warning", "negation holds for a missing value"],
  R2016: ["warning", "rule catches everything and stops"],
  R2017: ["warning", "secret is not given"],
  R2018: ["warning", "address that the server refuses to call"],
  R2019: ["warning", "braces in a compared text"],
  R2020: ["warning", "`like` pattern without a wildcard, or with two adjoining"],
  R2021: ["warning", "`suppress` after a rule that can open a ticket"],
  R2022: ["warning", "count joined with a path outside its `per`"],
  R2023: ["warning", "every alert rule needs `at least`"],
  R2024: ["warning", "time that never comes, or never ends"],
} as const;

const entries = {
  ...textCodes,
  ...syntaxCodes,
  ...nameCodes,
  ...typeCodes,
  ...analysisCodes,
} as const satisfies Record<string, readonly [Severity, string]>;

export type DiagnosticCode = keyof typeof entries;

export interface CatalogueEntry {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly title: string;
}

/** Sorted by code. */
export const catalogue: readonly CatalogueEntry[] = Object.entries(entries)
  .map(([code, [severity, title]]) => ({ code: code as DiagnosticCode, severity, title }))
  .sort((a, b) => (a.code < b.code ? -1 : 1));

export interface DiagnosticParts {
  readonly detail?: string | undefined;
  readonly note?: string | undefined;
  readonly labels?: readonly Label[] | undefined;
  readonly help?: string | undefined;
  readonly fixes?: readonly Fix[] | undefined;
}

/** The only way to make a diagnostic, so that no code exists outside the catalogue. */
export function diagnostic(
  code: DiagnosticCode,
  span: Span,
  summary: string,
  parts: DiagnosticParts = {},
): Diagnostic {
  const { detail, note, labels = [], help, fixes = [] } = parts;
  return {
    code,
    severity: entries[code][0],
    summary,
    ...(detail === undefined ? {} : { detail }),
    span,
    ...(note === undefined ? {} : { note }),
    labels,
    ...(help === undefined ? {} : { help }),
    fixes,
  };
}
