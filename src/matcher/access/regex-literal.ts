/**
 * Words of which one must stand in every text that a pattern finds: a cheap test before the regular expression.
 * Reads a careful part of RE2 syntax and gives up on the rest, which costs time, never a match. Knows no rules.
 */

import { classEnd, escapeEnd, groupEnd } from "./regex-syntax.ts";

/** Shorter words stand nearly everywhere and are not worth a test. */
const WORD_UNITS_MIN = 3;
const ALTERNATIVES_MAX = 8;

/** Folded (ASCII only, so that every way of folding agrees), undefined when none are sure. */
export function requiredWords(pattern: string): readonly string[] | undefined {
  const branches = splitAlternatives(pattern.normalize("NFC"));
  if (branches === undefined || branches.length > ALTERNATIVES_MAX) return undefined;
  const words: string[] = [];
  for (const branch of branches) {
    const word = longestWord(branch);
    if (word === undefined || word.length < WORD_UNITS_MIN) return undefined;
    words.push(word);
  }
  return words;
}

/** The branches of the top level; undefined for inline flags and quoting, which change how all that follows reads. */
function splitAlternatives(pattern: string): readonly string[] | undefined {
  if (/\(\?[^:]|\\Q|\\C/.test(pattern)) return undefined;
  const branches: string[] = [];
  let from = 0;
  for (let i = 0, depth = 0; i < pattern.length; i++) {
    const unit = pattern[i];
    if (unit === "\\") i++;
    else if (unit === "[") i = classEnd(pattern, i);
    else if (unit === "(") depth++;
    else if (unit === ")") depth--;
    else if (unit === "|" && depth === 0) {
      branches.push(pattern.slice(from, i));
      from = i + 1;
    }
  }
  return [...branches, pattern.slice(from)];
}

/** Plain characters in a row that no quantifier, class, group or assertion touches. */
function longestWord(branch: string): string | undefined {
  let longest = "";
  let word = "";
  const close = (): void => {
    if (word.length > longest.length) longest = word;
    word = "";
  };
  for (let i = 0; i < branch.length; i++) {
    const unit = branch[i] ?? "";
    if (unit === "(") {
      close();
      i = groupEnd(branch, i);
    } else if (unit === "[") {
      close();
      i = classEnd(branch, i);
    } else if (unit === "*" || unit === "?" || unit === "{") {
      // What may be there no time at all is not required.
      word = word.slice(0, -1);
      close();
      if (unit === "{") i = Math.max(i, branch.indexOf("}", i));
    } else if (unit === "\\" && /[^A-Za-z0-9]/.test(branch[i + 1] ?? "")) {
      word += branch[++i] ?? "";
    } else if (unit === "\\") {
      close();
      i = escapeEnd(branch, i);
    } else if (/[\u0020-\u007e]/.test(unit) && !".^$+)".includes(unit)) {
      word += unit.toLowerCase();
    } else {
      close();
    }
  }
  close();
  return longest === "" ? undefined : longest;
}
