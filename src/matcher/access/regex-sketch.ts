/**
 * A pattern drawn coarsely: whatever the pattern finds, its sketch accepts, so most texts are refused at a few
 * nanoseconds a character and the real engine is asked about the rest. Reads folded text. Knows no rules.
 *
 *   pattern   \bdisk\s+(c|d):\w*full       \b is left out, the group is any text, classes are their ASCII part
 *   items     d i s k \s+ .* : \w* f u l l         at most 32, a longer pattern is cut: its beginning must be found too
 *
 * Shift-And (Baeza-Yates, Gonnet; extended by Navarro): bit i of `state` is set when items 0 to i have just been read.
 *
 *   next     = ((state << 1) | 1) & fits[unit]         one item further, or the first one anywhere
 *            | state & repeats & fits[unit]            the same item once more
 *   skipped  : where item i may be left out, bit i - 1 sets bit i
 */
import { classEnd, escapeEnd, groupEnd } from "./regex-syntax.ts";

const ITEMS_MAX = 32;
/** `x{20}` is twenty items up to here, `xx*` above. */
const COPIES_MAX = 6;

interface Item {
  /** By ASCII unit; `undefined` is any. */
  readonly units: ReadonlySet<number> | undefined;
  /** Also every unit outside ASCII. Only a plain character does not. */
  readonly isWide: boolean;
  readonly isOptional: boolean;
  readonly isRepeated: boolean;
}

export class RegexSketch {
  /** By class of unit. */
  readonly #fits: Int32Array;
  /** Class of each ASCII unit; class 0 is everything outside. */
  readonly #classOf: Uint8Array;
  readonly #repeats: number;
  readonly #optional: number;
  /** Bits that are set before anything was read. */
  readonly #start: number;
  readonly #accept: number;
  readonly #wide: number;

  private constructor(items: readonly Item[]) {
    const mask = (has: (item: Item) => boolean): number =>
      items.reduce((bits, item, at) => (has(item) ? bits | (1 << at) : bits), 0);
    this.#repeats = mask(({ isRepeated }) => isRepeated);
    this.#optional = mask(({ isOptional }) => isOptional);
    this.#wide = mask(({ isWide }) => isWide);
    this.#accept = 1 << (items.length - 1);
    const leading = items.findIndex(({ isOptional }) => !isOptional);
    this.#start = leading === 0 ? 0 : (1 << leading) - 1;
    const classes = new Map<number, number>([[this.#wide, 0]]);
    this.#classOf = Uint8Array.from({ length: 128 }, (_, unit) => {
      const fits = mask(({ units }) => units === undefined || units.has(unit));
      const known = classes.get(fits);
      if (known === undefined) classes.set(fits, classes.size);
      return known ?? classes.size - 1;
    });
    this.#fits = Int32Array.from(classes.keys());
  }

  /** Undefined when the sketch would say nothing: the pattern has branches at the top, or may find the empty text. */
  static of(pattern: string): RegexSketch | undefined {
    const items = itemsOf(pattern.normalize("NFC"));
    if (items === undefined || items.every(({ isOptional }) => isOptional)) return undefined;
    return new RegexSketch(items);
  }

  /** False: the pattern finds nothing in the text of which this is the folded form. */
  mayFind(folded: string): boolean {
    const fits = this.#fits;
    const classOf = this.#classOf;
    const optional = this.#optional;
    let state = this.#start;
    for (let i = 0; i < folded.length; i++) {
      const unit = folded.charCodeAt(i);
      // A character outside ASCII may be two units: it is read again in its place.
      const repeats = unit < 128 ? this.#repeats : -1;
      const fit = fits[unit < 128 ? (classOf[unit] as number) : 0] as number;
      state = (((state << 1) | 1) & fit) | (state & repeats & fit) | this.#start;
      if (optional !== 0) {
        for (
          let more = (state << 1) & optional & ~state;
          more !== 0;
          more = (more << 1) & optional & ~state
        ) {
          state |= more;
        }
      }
      if ((state & this.#accept) !== 0) return true;
    }
    return false;
  }
}

/* ---------- reading the pattern ---------- */

const any: Omit<Item, "isOptional" | "isRepeated"> = { units: undefined, isWide: true };

function itemsOf(pattern: string): readonly Item[] | undefined {
  if (/\\[QE]/.test(pattern)) return undefined;
  const items: Item[] = [];
  let at = 0;
  while (at < pattern.length && items.length < ITEMS_MAX) {
    const unit = pattern[at] ?? "";
    if (unit === "|" || unit === ")") return undefined;
    const atom = readAtom(pattern, at);
    const quantifier = readQuantifier(pattern, atom.end);
    at = quantifier.end;
    if (atom.kind === "nothing") continue;
    if (atom.kind === "open") items.push({ ...any, isOptional: true, isRepeated: true });
    else items.push(...repeat(atom, quantifier));
  }
  const isWhole = at >= pattern.length;
  // Behind the last branch that was not read may stand another one.
  if (!isWhole && hasBranch(pattern, at)) return undefined;
  items.length = Math.min(items.length, ITEMS_MAX);
  while (items.at(-1)?.isOptional === true) items.pop();
  return items;
}

function hasBranch(pattern: string, from: number): boolean {
  for (let i = from; i < pattern.length; i++) {
    const unit = pattern[i];
    if (unit === "|" || unit === ")") return true;
    if (unit === "\\") i = escapeEnd(pattern, i);
    else if (unit === "[") i = classEnd(pattern, i);
    else if (unit === "(") i = groupEnd(pattern, i);
  }
  return false;
}

type AtomShape =
  /** An assertion. */
  | { readonly kind: "nothing"; readonly end: number }
  /** Any text. */
  | { readonly kind: "open"; readonly end: number }
  | { readonly kind: "one"; readonly end: number; readonly units: Item["units"]; readonly isWide: boolean };

function readAtom(pattern: string, at: number): AtomShape {
  const unit = pattern[at] ?? "";
  switch (unit) {
    case "^":
    case "$":
      return { kind: "nothing", end: at + 1 };
    case "(":
      return { kind: "open", end: groupEnd(pattern, at) + 1 };
    case "[":
      return {
        kind: "one",
        end: classEnd(pattern, at) + 1,
        ...readClass(pattern.slice(at + 1, classEnd(pattern, at))),
      };
    case ".":
      return { kind: "one", end: at + 1, ...any };
    case "\\":
      return readEscape(pattern, at);
    default: {
      const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
      const end = at + character.length;
      return { kind: "one", end, ...plain(character) };
    }
  }
}

function plain(character: string): Pick<Item, "units" | "isWide"> {
  const code = character.charCodeAt(0);
  if (code > 127) return any;
  return { units: new Set([character.toLowerCase().charCodeAt(0)]), isWide: false };
}

const classes: Readonly<Record<string, string>> = {
  d: "0123456789",
  w: "abcdefghijklmnopqrstuvwxyz0123456789_",
  s: "\t\n\v\f\r ",
};

function unitsOf(text: string): ReadonlySet<number> {
  return new Set(Array.from(text, (character) => character.charCodeAt(0)));
}

function readEscape(pattern: string, at: number): AtomShape {
  const letter = pattern[at + 1] ?? "";
  const end = escapeEnd(pattern, at) + 1;
  if (/[bBAz]/.test(letter)) return { kind: "nothing", end };
  const known = classes[letter];
  if (known !== undefined) return { kind: "one", end, units: unitsOf(known), isWide: true };
  if (/[\u0000-\u007f]/.test(letter) && !/[A-Za-z0-9]/.test(letter))
    return { kind: "one", end, ...plain(letter) };
  return { kind: "one", end, ...any };
}

/** Letters, digits and plain ranges of them; whatever else stands in a class makes it any character. */
function readClass(inner: string): Pick<Item, "units" | "isWide"> {
  if (!/^[A-Za-z0-9 _.,:;/-]+$/.test(inner)) return any;
  const units = new Set<number>();
  for (let i = 0; i < inner.length; i++) {
    const isRange = inner[i + 1] === "-" && i + 2 < inner.length;
    const from = inner.charCodeAt(i);
    const to = isRange ? inner.charCodeAt(i + 2) : from;
    for (let unit = from; unit <= to; unit++) {
      units.add(String.fromCharCode(unit).toLowerCase().charCodeAt(0));
    }
    if (isRange) i += 2;
  }
  return { units, isWide: true };
}

interface Quantifier {
  readonly end: number;
  readonly least: number;
  readonly most: number;
}

function readQuantifier(pattern: string, at: number): Quantifier {
  let end = at;
  let least = 1;
  let most = 1;
  // `a**` is refused by some readers and read by others: any number of quantifiers is read here.
  for (;;) {
    const rest = pattern.slice(end, end + 24);
    const sign = /^(?:[?*+]|\{(\d+)(,(\d*))?\})/.exec(rest);
    if (sign === null) return { end, least, most };
    end += sign[0].length;
    const [, low, comma, high] = sign;
    if (sign[0] === "?" || sign[0] === "*") least = 0;
    else if (low !== undefined) least *= Number(low);
    if (sign[0] === "*" || sign[0] === "+" || (comma !== undefined && high === "")) most = Infinity;
    else if (low !== undefined) most *= Number(high ?? low);
  }
}

function repeat(atom: Extract<AtomShape, { kind: "one" }>, { least, most }: Quantifier): readonly Item[] {
  const { units, isWide } = atom;
  const item = (isOptional: boolean, isRepeated: boolean): Item => ({
    units,
    isWide,
    isOptional,
    isRepeated,
  });
  if (most === 0) return [];
  const copies = Math.min(least, COPIES_MAX);
  const items = Array.from({ length: copies }, () => item(false, false));
  if (most === least && copies === least) return items;
  if (copies > 0 && most === Infinity) return [...items.slice(1), item(false, true)];
  return [...items, item(true, most !== 1)];
}
