/** How texts compare: folding for conditions and names, exact form for dedup keys. Knows nothing of fields. */

/**
 * NFC, then Unicode simple case folding, as `is`, `in`, lookups and `values` compare (language.md 3.2).
 *
 * JavaScript has no case-folding function. Simple folding maps each code point by itself; `toUpperCase` then
 * `toLowerCase` per code point agrees with CaseFolding.txt (C + S) but for a few characters whose upper case is longer
 * than one code point (ß, ŉ, ligatures), which fold to themselves, and for those listed in `irregularFolds`.
 */
export function foldText(text: string): string {
  if (isPlainLower(text)) return text;
  const normal = isAscii(text) ? text : text.normalize("NFC");
  if (isAscii(normal)) return normal.toLowerCase();
  let folded = "";
  for (const character of normal) folded += foldCharacter(character);
  return folded;
}

/** Trimmed and NFC, otherwise exact: names and the title in a dedup key (contract.md 4). */
export function exactText(text: string): string {
  const trimmed = text.trim();
  return isAscii(trimmed) ? trimmed : trimmed.normalize("NFC");
}

/** Names of organizations, rules, recipients: without case after trimming and NFC (contract.md 4). */
export function foldName(name: string): string {
  return foldText(exactText(name));
}

const irregularFolds: ReadonlyMap<string, string> = new Map([
  ["\u1e9e", "\u00df"],
  ["\u0130", "\u0130"],
  ["\u0131", "\u0131"],
]);

function foldCharacter(character: string): string {
  const irregular = irregularFolds.get(character);
  if (irregular !== undefined) return irregular;
  const upper = character.toUpperCase();
  const single = [...upper].length === 1 ? upper : character;
  const lower = single.toLowerCase();
  return [...lower].length === 1 ? lower : single;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** ASCII without capitals folds to itself: the common case on the hot path allocates nothing. */
function isPlainLower(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127 || (unit >= 65 && unit <= 90)) return false;
  }
  return true;
}
