/**
 * Reads the ATES token of a mail's text (ATES-1 to 3, 14; domain.md 4): an XML block that people paste, wrap and escape. Tolerant in form,
 * strict in what could hurt: no DTD, no entities of its own, bounded in size and depth. Never throws. Linear.
 *
 *   text above  <Autotask> <ID name="..."/> ... <TicketNumber>T2026...</TicketNumber> </Autotask>  footer of some gateway
 *   ^ description                                                                      ^ dropped
 */
import {
  IDENTIFIER_CHARACTERS_MAX,
  TOKEN_CHARACTERS_MAX,
  TOKEN_DEPTH_MAX,
  TOKEN_ELEMENTS_MAX,
} from "../domain/index.ts";
import { cleanText } from "./decode-text.ts";
import { decodeHtmlEntities, decodeXmlEntities } from "./entities.ts";
import { closesQuote, isQuote, isTypographicQuote } from "./token-quotes.ts";
import type { AtesToken, TokenElement, TokenReading } from "./types.ts";

export const TOKEN_ELEMENTS: readonly TokenElement[] = [
  "ID",
  "PW",
  "Customer",
  "Email",
  "Contact",
  "SubIssue",
  "TicketNumber",
  "CustomerID",
  "DeviceID",
  "AlertID",
  "TicketID",
];
const WITH_SOURCE: ReadonlySet<TokenElement> = new Set(["CustomerID", "DeviceID", "AlertID", "TicketID"]);
const elementByName = new Map(TOKEN_ELEMENTS.map((name) => [name.toLowerCase(), name]));

/** At a `<`. */
const OPENING = /<[ \t]{0,9}autotask(?=[\s>/])/iuy;
const CLOSING = /<[ \t]{0,9}\/[ \t]{0,9}autotask\s{0,9}>/giu;
const ESCAPED_OPENING = /&lt;[ \t]{0,9}autotask/iu;

/** Where a token stands: `end` is behind it. */
export interface TokenPlace {
  readonly start: number;
  readonly end: number;
}

/** The last token decides. One in quoted lines (`> <Autotask>`) belongs to the mail that is answered, and is none. */
export function readToken(
  text: string,
): TokenReading & { readonly place?: TokenPlace; readonly in?: string } {
  const isEscaped = text.includes("&") && ESCAPED_OPENING.test(text) && openingsOf(text).next().done === true;
  const source = isEscaped ? decodeHtmlEntities(text) : text;
  const start = lastOpening(source);
  if (start === undefined) return { kind: "none" };
  CLOSING.lastIndex = start;
  const closing = CLOSING.exec(source);
  if (closing === null) return malformed("the token has no </Autotask>");
  const end = closing.index + closing[0].length;
  const place = { start: withoutDeclaration(source, start), end };
  if (end - start > TOKEN_CHARACTERS_MAX) {
    return { ...malformed(`the token is longer than ${TOKEN_CHARACTERS_MAX} characters`), place, in: source };
  }
  const scanned = new TokenScanner(source.slice(start, closing.index)).scan();
  if ("problem" in scanned) return { ...malformed(scanned.problem), place, in: source };
  return {
    kind: "token",
    token: toToken(scanned),
    textAbove: source.slice(0, place.start).trim(),
    place,
    in: source,
  };
}

function malformed(reason: string): { readonly kind: "malformed"; readonly reason: string } {
  return { kind: "malformed", reason };
}

/** Every `<` is looked at, and nothing else: most texts have few. */
function* openingsOf(text: string): Generator<number> {
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at + 1)) {
    OPENING.lastIndex = at;
    if (OPENING.test(text)) yield at;
  }
}

function lastOpening(text: string): number | undefined {
  let last: number | undefined;
  for (const at of openingsOf(text)) {
    const above = text.slice(Math.max(0, at - LINE_START_CHARACTERS_MAX), at);
    const line = above.slice(above.lastIndexOf("\n") + 1);
    if (!/^[ \t]{0,9}>/u.test(line)) last = at;
  }
  return last;
}

/** How far back the `>` of a quoted line is looked for. */
const LINE_START_CHARACTERS_MAX = 500;

/** `<?xml version="1.0"?>` right above belongs to it. */
function withoutDeclaration(text: string, start: number): number {
  const above = text.slice(Math.max(0, start - 200), start);
  const match = /<\?xml[^>]{0,150}>\s*$/iu.exec(above);
  return match === null ? start : start - (above.length - match.index);
}

interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  text: string;
}

interface Scanned {
  readonly elements: readonly Element[];
  readonly notes: ReadonlySet<string>;
}

type Problem = { readonly problem: string };

/** Elements below `<Autotask>`, with their attributes and text. Anything else in between is passed over and told. */
class TokenScanner {
  readonly #source: string;
  readonly #notes = new Set<string>();
  readonly #elements: Element[] = [];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  scan(): Scanned | Problem {
    this.#at = this.#source.indexOf(">") + 1;
    if (this.#at === 0) return { problem: "the <Autotask> element does not end" };
    const open: Element[] = [];
    while (this.#at < this.#source.length) {
      const text = this.#readText();
      const current = open.at(-1);
      if (current !== undefined) current.text += text;
      else if (text.trim() !== "") this.#notes.add("Text between the elements of the token was ignored.");
      if (this.#at >= this.#source.length) break;
      const problem = this.#readMarkup(open);
      if (problem !== undefined) return { problem };
    }
    return { elements: this.#elements, notes: this.#notes };
  }

  #readText(): string {
    const next = this.#source.indexOf("<", this.#at);
    const end = next < 0 ? this.#source.length : next;
    const text = this.#source.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  #readMarkup(open: Element[]): string | undefined {
    if (this.#source.startsWith("<!--", this.#at)) {
      const end = this.#source.indexOf("-->", this.#at);
      this.#at = end < 0 ? this.#source.length : end + 3;
      return undefined;
    }
    const start = this.#source.slice(this.#at, this.#at + 100);
    if (start.startsWith("<!")) return "the token has a DTD, an entity or a CDATA section";
    if (start.startsWith("<?")) return "the token has a processing instruction";
    const closing = /^<[ \t]{0,9}\/[ \t]{0,9}[\w:.-]{1,60}\s{0,9}>/u.exec(start);
    if (closing !== null) {
      open.pop();
      this.#at += closing[0].length;
      return undefined;
    }
    const opening = /^<[ \t]{0,9}([A-Za-z][\w:.-]{0,60})/u.exec(start);
    if (opening === null) return "the token has a < that begins no element";
    this.#at += opening[0].length;
    return this.#readElement(opening[1] ?? "", open);
  }

  #readElement(name: string, open: Element[]): string | undefined {
    const attributes = new Map<string, string>();
    for (;;) {
      this.#skipBlanks();
      const character = this.#source.charAt(this.#at);
      if (character === "") return `the element ${name} of the token does not end`;
      if (
        character === ">" ||
        (character === "/" && /^\/\s{0,9}>/u.test(this.#source.slice(this.#at, this.#at + 11)))
      ) {
        const element = { name, attributes, text: "" };
        if (open.length === 0) this.#elements.push(element);
        if (this.#elements.length > TOKEN_ELEMENTS_MAX)
          return `the token has more than ${TOKEN_ELEMENTS_MAX} elements`;
        if (character === ">") open.push(element);
        if (open.length > TOKEN_DEPTH_MAX)
          return `elements of the token lie more than ${TOKEN_DEPTH_MAX} deep`;
        this.#at = this.#source.indexOf(">", this.#at) + 1;
        return undefined;
      }
      const problem = this.#readAttribute(name, attributes);
      if (problem !== undefined) return problem;
    }
  }

  #readAttribute(element: string, attributes: Map<string, string>): string | undefined {
    const match = /^([A-Za-z][\w:.-]{0,60})\s{0,9}=\s{0,9}/u.exec(
      this.#source.slice(this.#at, this.#at + 90),
    );
    if (match === null) return `the element ${element} of the token has something that is no attribute`;
    this.#at += match[0].length;
    if (/^3D["'\u201c\u201d]/u.test(this.#source.slice(this.#at, this.#at + 3))) {
      this.#notes.add("Leftovers of quoted-printable in the token were passed over.");
      this.#at += 2;
    }
    const opener = this.#source.charAt(this.#at);
    if (!isQuote(opener)) return `the element ${element} of the token has a value without quotes`;
    let end = this.#at + 1;
    while (end < this.#source.length && !closesQuote(opener, this.#source.charAt(end))) end += 1;
    if (end >= this.#source.length)
      return `the element ${element} of the token has a value without its closing quote`;
    if (isTypographicQuote(opener))
      this.#notes.add("Typographic quotes in the token were read as straight ones.");
    const name = (match[1] ?? "").toLowerCase();
    if (!attributes.has(name)) attributes.set(name, this.#source.slice(this.#at + 1, end));
    this.#at = end + 1;
    return undefined;
  }

  #skipBlanks(): void {
    while (/\s/u.test(this.#source.charAt(this.#at)) && this.#at < this.#source.length) this.#at += 1;
  }
}

function toToken(scanned: Scanned): AtesToken {
  const values: Partial<Record<TokenElement, string>> = {};
  const sources: Partial<Record<TokenElement, string>> = {};
  const messages = new Set(scanned.notes);
  for (const element of scanned.elements) {
    const name = elementByName.get(element.name.toLowerCase());
    if (name === undefined) {
      messages.add(`The token's element ${element.name} is not known and was ignored.`);
      continue;
    }
    const value = valueOf(element, name);
    const source = plainValue(element.attributes.get("source") ?? "");
    if (value === "") continue;
    if (value.length > IDENTIFIER_CHARACTERS_MAX || source.length > IDENTIFIER_CHARACTERS_MAX) {
      messages.add(`The token's element ${name} is too long and was ignored.`);
    } else if (WITH_SOURCE.has(name) && source === "") {
      messages.add(`The token's element ${name} names no source and was ignored.`);
    } else if (values[name] !== undefined) {
      messages.add(`The token has the element ${name} more than once: the first one counts.`);
    } else {
      values[name] = value;
      if (WITH_SOURCE.has(name)) sources[name] = source;
    }
  }
  return {
    values,
    sources,
    contact: values.Contact === undefined ? undefined : splitContact(values.Contact),
    messages: [...messages],
  };
}

/** `TicketNumber` has its value as text; others as `name`, but text is taken where `name` is missing. */
function valueOf(element: Element, name: TokenElement): string {
  const attribute = plainValue(element.attributes.get("name") ?? "", name === "PW");
  return attribute === "" ? plainValue(element.text, name === "PW") : attribute;
}

/** A line end in a value is where somebody's program wrapped it: a blank in a name, nothing in a password. */
function plainValue(raw: string, isPassword = false): string {
  const unwrapped = raw.replace(/[ \t]*[\r\n]\s*/gu, isPassword ? "" : " ");
  return cleanText(decodeXmlEntities(unwrapped)).replaceAll("\n", " ").trim();
}

/** `First Last`; `Last, First` as address books write it. One word is a last name. */
function splitContact(text: string): AtesToken["contact"] {
  const comma = text.indexOf(",");
  const [first, last] =
    comma > 0
      ? [text.slice(comma + 1), text.slice(0, comma)]
      : [text.includes(" ") ? text.slice(0, text.indexOf(" ")) : "", text.slice(text.indexOf(" ") + 1)];
  const orMissing = (part: string): string | undefined => (part.trim() === "" ? undefined : part.trim());
  return { firstName: orMissing(first), lastName: orMissing(last) };
}
