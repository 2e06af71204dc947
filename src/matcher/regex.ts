/** Regular expressions in linear time (RE2): compiled once, searched without case unless exactly. Knows nothing of rules. */
import { RE2JS } from "re2js";

/** Patterns kept compiled; above it all are dropped. Patterns come from rule files, so this is never met in earnest. */
const COMPILED_MAX = 20_000;

const compiled = new Map<string, RE2JS | undefined>();

/** True when the pattern is found anywhere in the text; false too for a pattern that does not compile. */
export function searchRegex(pattern: string, text: string, exactly: boolean): boolean {
  return compiledRegex(pattern, exactly)?.test(text.normalize("NFC")) ?? false;
}

export function compiledRegex(pattern: string, exactly: boolean): RE2JS | undefined {
  const key = (exactly ? "=" : "~") + pattern;
  const known = compiled.get(key);
  if (known !== undefined || compiled.has(key)) return known;
  if (compiled.size >= COMPILED_MAX) compiled.clear();
  const regex = compileOrNothing(pattern, exactly);
  compiled.set(key, regex);
  return regex;
}

/** The checker refuses a bad pattern with its place; here only patterns that are read from fields can be bad. */
function compileOrNothing(pattern: string, exactly: boolean): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern.normalize("NFC"), exactly ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch {
    return undefined;
  }
}
