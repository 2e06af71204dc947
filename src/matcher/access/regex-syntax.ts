/** Where the parts of a pattern in RE2 syntax end. Knows nothing of what they mean. */

/** The place of the bracket that closes a class; one that stands first in it is a member. */
export function classEnd(pattern: string, open: number): number {
  let i = open + 1;
  if (pattern[i] === "^") i++;
  if (pattern[i] === "]") i++;
  for (; i < pattern.length && pattern[i] !== "]"; i++) {
    if (pattern[i] === "\\") i++;
    else if (pattern.startsWith("[:", i)) i = Math.max(i, pattern.indexOf(":]", i) + 1);
  }
  return i;
}

/** `\d`, `\b`, `\x41`, `\x{41}`, `\pL`, `\p{Greek}`: the last place that belongs to it. */
export function escapeEnd(branch: string, open: number): number {
  const rest = branch.slice(open);
  const long = /^\\(?:[pPx]\{[^}]*\}|x[0-9A-Fa-f]{2}|[pP].|[0-7]{1,3}|.)/su.exec(rest);
  return open + (long?.[0].length ?? 2) - 1;
}

/** The place of the bracket that closes a group. */
export function groupEnd(branch: string, open: number): number {
  for (let i = open, depth = 0; i < branch.length; i++) {
    if (branch[i] === "\\") i++;
    else if (branch[i] === "[") i = classEnd(branch, i);
    else if (branch[i] === "(") depth++;
    else if (branch[i] === ")" && --depth === 0) return i;
  }
  return branch.length;
}
