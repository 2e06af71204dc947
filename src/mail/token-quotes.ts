/** Quotes that word processors make of straight ones (domain.md 4): which may close which. */

const DOUBLE = new Set("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb");
const SINGLE = new Set("\u2018\u2019\u201a\u201b\u2032");

export function isQuote(character: string): boolean {
  return character === '"' || character === "'" || DOUBLE.has(character) || SINGLE.has(character);
}

export function isTypographicQuote(character: string): boolean {
  return DOUBLE.has(character) || SINGLE.has(character);
}

/** A straight quote ends at its like only: `name="5” disk"` has an inch in it. */
export function closesQuote(opener: string, character: string): boolean {
  if (opener === '"' || opener === "'") return character === opener;
  return DOUBLE.has(opener)
    ? DOUBLE.has(character) || character === '"'
    : SINGLE.has(character) || character === "'";
}
