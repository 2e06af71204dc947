/**
 * A tree as JSON without its places, as bytes to be hashed: byte for byte what `JSON.stringify` writes with a function that
 * leaves places out. Knows no declaration.
 *
 * Strings that are joined part by part cost twice as much (an object a part, and then a copy), `JSON.stringify` with its
 * function as well: two kilobytes a rule in 17 us here, 30 us there, ten thousand times at each publishing.
 */
const FIRST_BYTES = 16 * 1024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
/** UTF-8 needs at most so many for a unit of UTF-16. */
const BYTES_A_UNIT_MAX = 3;

export class CanonicalBytes {
  #bytes = Buffer.alloc(FIRST_BYTES);
  #at = 0;

  /** A view that holds until the next writing. */
  write(tree: object): Buffer {
    this.#at = 0;
    this.#value(tree);
    return this.#bytes.subarray(0, this.#at);
  }

  #value(value: unknown): void {
    if (typeof value === "string") this.#quoted(value);
    else if (typeof value !== "object" || value === null) this.#ascii(JSON.stringify(value) ?? "null");
    else if (Array.isArray(value)) this.#list(value);
    else this.#object(value as Readonly<Record<string, unknown>>);
  }

  #list(values: readonly unknown[]): void {
    this.#sign(OPEN_BRACKET);
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.#sign(COMMA);
      this.#value(values[i]);
    }
    this.#sign(CLOSE_BRACKET);
  }

  #object(record: Readonly<Record<string, unknown>>): void {
    let before = OPEN_BRACE;
    for (const key in record) {
      if (isPlace(key)) continue;
      const value = record[key];
      if (value === undefined) continue;
      this.#sign(before);
      before = COMMA;
      this.#quoted(key);
      this.#sign(COLON);
      this.#value(value);
    }
    if (before === OPEN_BRACE) this.#sign(OPEN_BRACE);
    this.#sign(CLOSE_BRACE);
  }

  #quoted(text: string): void {
    this.#reserve(text.length + 2);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === BACKSLASH) return this.#escaped(text);
      bytes[at++] = unit;
    }
    bytes[at++] = QUOTE;
    this.#at = at;
  }

  #escaped(text: string): void {
    const json = JSON.stringify(text);
    this.#reserve(json.length * BYTES_A_UNIT_MAX);
    this.#at += this.#bytes.write(json, this.#at, "utf8");
  }

  #ascii(text: string): void {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.#at = at;
  }

  #sign(unit: number): void {
    if (this.#at === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#at++] = unit;
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#at + more));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function isPlace(key: string): boolean {
  switch (key) {
    case "span":
    case "keywordSpan":
    case "operatorSpan":
    case "doc":
    case "source":
      return true;
    default:
      return false;
  }
}
