/** What stands between the braces of `{path or path or "text"}`. A few lines by hand: the parser is busy with the file. */
import { exactText } from "../../src/domain/index.ts";
import type { Expression, Name, PathNode, StringNode } from "../ast.ts";
import { isLetterAt, wordEnd } from "../scan-text.ts";
import type { TreeContext } from "./context.ts";

/** Undefined when it is neither a path nor a row of them with a text. */
export function parseHole(context: TreeContext, start: number, end: number): Expression | undefined {
  const reader = new HoleReader(context, start, end);
  const parts: Expression[] = [];
  do {
    const part = reader.path() ?? reader.text();
    if (part === undefined) return undefined;
    parts.push(part);
  } while (reader.takeOr());
  const [only] = parts;
  if (!reader.isAtEnd || only === undefined) return undefined;
  return parts.length === 1 ? only : { kind: "fallback", of: parts, span: context.source.span(start, end) };
}

class HoleReader {
  readonly #context: TreeContext;
  readonly #text: string;
  readonly #end: number;
  #at: number;

  constructor(context: TreeContext, start: number, end: number) {
    this.#context = context;
    this.#text = context.source.text;
    this.#at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    this.#skipBlanks();
    return this.#at >= this.#end;
  }

  path(): PathNode | undefined {
    this.#skipBlanks();
    const start = this.#at;
    const segments: Name[] = [];
    let segment = this.#word();
    while (segment !== undefined) {
      segments.push(segment);
      this.#skipBlanks();
      if (this.#text.charAt(this.#at) !== "." || this.#at >= this.#end) break;
      this.#at++;
      this.#skipBlanks();
      segment = this.#word() ?? this.#quotedName();
      if (segment === undefined) return undefined;
    }
    const last = segments.at(-1);
    if (last === undefined) return undefined;
    return { kind: "path", segments, span: this.#context.source.span(start, last.span.end) };
  }

  text(): StringNode | undefined {
    const name = this.#quotedName();
    if (name === undefined) return undefined;
    const { span, text } = name;
    return { kind: "string", form: "plain", value: text, pieces: [{ kind: "chars", text, span }], span };
  }

  takeOr(): boolean {
    this.#skipBlanks();
    const end = wordEnd(this.#text, this.#at);
    if (this.#text.slice(this.#at, end).toLowerCase() !== "or") return false;
    this.#at = end;
    return true;
  }

  #skipBlanks(): void {
    while (this.#at < this.#end && isBlankAt(this.#text, this.#at)) this.#at++;
  }

  #word(): Name | undefined {
    if (this.#at >= this.#end || !isLetterAt(this.#text, this.#at)) return undefined;
    const span = this.#context.source.span(this.#at, wordEnd(this.#text, this.#at));
    this.#at = span.end;
    return { text: exactText(this.#text.slice(span.start, span.end)), quoted: false, span };
  }

  #quotedName(): Name | undefined {
    if (this.#text.charAt(this.#at) !== '"') return undefined;
    const start = this.#at;
    let text = "";
    for (let at = start + 1; at < this.#end; at++) {
      const character = this.#text.charAt(at);
      if (character === '"') {
        this.#at = at + 1;
        return { text: text.normalize("NFC"), quoted: true, span: this.#context.source.span(start, at + 1) };
      }
      if (character === "\\") at++;
      text += this.#text.charAt(at);
    }
    return undefined;
  }
}

function isBlankAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit <= 32 || unit > 127 ? /\s/.test(text.charAt(at)) : false;
}
