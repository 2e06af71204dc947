/**
 * An HTML part as plain text: blocks become lines, quotes get `> `, links keep their address, scripts and styles vanish, an ATES token
 * that somebody wrote as markup stays readable. One pass, linear, no tree: nesting a million deep costs nothing. Nothing is ever run or fetched.
 */
import { MAIL_HTML_CHARACTERS_MAX } from "../domain/index.ts";
import { decodeHtmlEntities } from "./entities.ts";

const SKIPPED = new Set(["script", "style", "title", "template", "svg", "noframes", "xml"]);
const BLOCKS = new Set(
  "address article aside body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul".split(
    " ",
  ),
);
/** Blocks with an empty line around them. */
const SPACED = new Set("p h1 h2 h3 h4 h5 h6 ul ol dl pre table blockquote".split(" "));
const TOKEN_TAG =
  /^(?:autotask|id|pw|customer|email|contact|subissue|ticketnumber|customerid|deviceid|alertid|ticketid)$/u;
const QUOTE_DEPTH_MAX = 20;
const LINK_CHARACTERS_MAX = 2000;

interface Tag {
  readonly name: string;
  readonly isClosing: boolean;
  readonly source: string;
  readonly end: number;
}

export function htmlToText(html: string): string {
  const source = html.length > MAIL_HTML_CHARACTERS_MAX ? html.slice(0, MAIL_HTML_CHARACTERS_MAX) : html;
  const writer = new TextWriter();
  const tags = new TagReader(source);
  let at = 0;
  let isInToken = false;
  while (at < source.length) {
    const open = source.indexOf("<", at);
    if (open !== at) {
      const end = open < 0 ? source.length : open;
      writer.text(decodeHtmlEntities(source.slice(at, end)));
      at = end;
      continue;
    }
    const tag = tags.read(open);
    if (tag === undefined) {
      writer.text("<");
      at = open + 1;
      continue;
    }
    at = tag.end;
    if (tag.name === "autotask") isInToken = !tag.isClosing;
    if (tag.name === "autotask" || (isInToken && TOKEN_TAG.test(tag.name))) writer.text(tag.source);
    else if (SKIPPED.has(tag.name) && !tag.isClosing) at = tags.skipTo(tag.name, at);
    else writeTag(writer, tag);
  }
  return writer.end();
}

function writeTag(writer: TextWriter, tag: Tag): void {
  if (tag.name === "br") writer.lineBreak();
  else if (tag.name === "hr") writer.block(1);
  else if (tag.name === "td" || tag.name === "th") writer.gap();
  else if (tag.name === "blockquote") writer.quote(tag.isClosing ? -1 : 1);
  else if (tag.name === "pre") writer.preformatted(!tag.isClosing);
  else if (tag.name === "a") writer.link(tag.isClosing ? undefined : attributeOf(tag.source, "href"));
  else if (tag.name === "img") writer.image(attributeOf(tag.source, "alt"));
  else if (BLOCKS.has(tag.name)) {
    writer.block(SPACED.has(tag.name) ? 2 : 1);
    if (tag.name === "li" && !tag.isClosing) writer.text("- ");
  }
}

/** Tags that are longer are looked at only so far: an attribute is near the name. */
const ATTRIBUTES_CHARACTERS_MAX = 4000;

function attributeOf(source: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}\\s{0,9}=\\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "iu").exec(
    source.slice(0, ATTRIBUTES_CHARACTERS_MAX),
  );
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  return value === undefined ? undefined : decodeHtmlEntities(value).trim();
}

/** Finds ends of tags and of skipped elements; remembers what does not come any more, so that nothing is searched twice in vain. */
class TagReader {
  readonly #source: string;
  readonly #absent = new Set<string>();
  constructor(source: string) {
    this.#source = source;
  }

  read(open: number): Tag | undefined {
    const next = this.#source.charAt(open + 1);
    if (next === "!" || next === "?") return this.#readDeclaration(open);
    const match = /^<(\/?)([a-z][a-z\d:_-]{0,60})/iu.exec(this.#source.slice(open, open + 64));
    if (match === null) return undefined;
    const end = this.#tagEnd(open + match[0].length);
    if (end === undefined) return undefined;
    return {
      name: (match[2] ?? "").toLowerCase(),
      isClosing: match[1] === "/",
      source: this.#source.slice(open, end),
      end,
    };
  }

  skipTo(name: string, from: number): number {
    const found = this.#find(new RegExp(`</${name}[\\s>]`, "giu"), from);
    if (found === undefined) return this.#source.length;
    return this.#tagEnd(found) ?? this.#source.length;
  }

  #readDeclaration(open: number): Tag | undefined {
    const isComment = this.#source.startsWith("<!--", open);
    const found = isComment ? this.#find(/-->/gu, open + 2) : this.#find(/>/gu, open);
    if (found === undefined) return undefined;
    const end = found + (isComment ? 3 : 1);
    return { name: "", isClosing: false, source: "", end };
  }

  /** After the `>` that stands in no quotes; a quote that nobody closes is no quote. */
  #tagEnd(from: number): number | undefined {
    const first = this.#find(/>/gu, from);
    if (first === undefined) return undefined;
    let at = from;
    while (at <= first + ATTRIBUTES_CHARACTERS_MAX) {
      const stop = this.#find(/["'>]/gu, at);
      if (stop === undefined || this.#source.charAt(stop) === ">") return (stop ?? first) + 1;
      const close = this.#source.indexOf(this.#source.charAt(stop), stop + 1);
      if (close < 0 || close - stop > ATTRIBUTES_CHARACTERS_MAX) return first + 1;
      at = close + 1;
    }
    return first + 1;
  }

  #find(pattern: RegExp, from: number): number | undefined {
    if (this.#absent.has(pattern.source)) return undefined;
    pattern.lastIndex = from;
    const found = pattern.exec(this.#source)?.index;
    if (found === undefined) this.#absent.add(pattern.source);
    return found;
  }
}

/** The line is kept in pieces: looking at the end of a string that is still growing would copy it each time. */
class TextWriter {
  readonly #lines: string[] = [];
  #pieces: string[] = [];
  #length = 0;
  /** Of the line; empty at its beginning. */
  #lastCharacter = "";
  #hasWords = false;
  #quoteDepth = 0;
  #isPreformatted = false;
  #emptyLines = 0;
  #link:
    { readonly href: string; readonly line: number; readonly piece: number; readonly at: number } | undefined;

  text(text: string): void {
    const visible = text.replace(/[\u200b-\u200d\u00ad\ufeff]/gu, "").replaceAll("\u00a0", " ");
    if (this.#isPreformatted) {
      const [first = "", ...others] = visible.split(/\r?\n/u);
      this.#add(first);
      for (const line of others) {
        this.lineBreak();
        this.#add(line);
      }
      return;
    }
    const joined = visible.replace(/\s+/gu, " ");
    this.#add(this.#lastCharacter === "" || this.#lastCharacter === " " ? joined.trimStart() : joined);
  }

  lineBreak(): void {
    this.#endLine();
  }

  block(lines: number): void {
    if (this.#hasWords) this.#endLine();
    this.#clearLine();
    if (lines > 1 && this.#lines.length > 0 && this.#emptyLines === 0) this.#endLine();
  }

  gap(): void {
    if (this.#lastCharacter !== "" && this.#lastCharacter !== " ") this.#add(" ");
  }

  quote(change: 1 | -1): void {
    this.block(2);
    this.#quoteDepth = Math.min(QUOTE_DEPTH_MAX, Math.max(0, this.#quoteDepth + change));
  }

  preformatted(isOn: boolean): void {
    this.block(2);
    this.#isPreformatted = isOn;
  }

  link(href: string | undefined): void {
    if (href !== undefined) {
      this.#link = { href, line: this.#lines.length, piece: this.#pieces.length, at: this.#length };
      return;
    }
    const link = this.#link;
    this.#link = undefined;
    if (link === undefined || link.line !== this.#lines.length) return;
    if (!/^https?:/iu.test(link.href) || link.href.length > LINK_CHARACTERS_MAX) return;
    const isLong = this.#length - link.at > LINK_CHARACTERS_MAX;
    const shown = isLong ? undefined : this.#pieces.slice(link.piece).join("").trim();
    if (shown === undefined || (shown !== "" && !link.href.includes(shown))) this.#add(` (${link.href})`);
  }

  image(alt: string | undefined): void {
    if (alt !== undefined && alt !== "") this.text(`[${alt}]`);
  }

  end(): string {
    this.block(1);
    return this.#lines.join("\n").trim();
  }

  #add(text: string): void {
    if (text === "") return;
    this.#pieces.push(text);
    this.#length += text.length;
    this.#lastCharacter = text.charAt(text.length - 1);
    this.#hasWords ||= text.trim() !== "";
  }

  #clearLine(): void {
    this.#pieces = [];
    this.#length = 0;
    this.#lastCharacter = "";
    this.#hasWords = false;
  }

  #endLine(): void {
    const whole = this.#pieces.join("");
    const line = this.#isPreformatted ? whole.trimEnd() : whole.trim();
    this.#clearLine();
    this.#emptyLines = line === "" ? this.#emptyLines + 1 : 0;
    if (this.#emptyLines > 1) return;
    const prefix = "> ".repeat(this.#quoteDepth);
    this.#lines.push(this.#quoteDepth > 0 ? `${prefix}${line}`.trimEnd() : line);
  }
}
