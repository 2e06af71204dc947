/** Where in the sources a rule, a test or a declaration stands. Knows no analysis. */
import type { Span } from "../diagnostics/index.ts";
import type { Origin, RuleIr } from "../compiler/index.ts";
import { exactText } from "../domain/index.ts";
import type { Declaration, RuleFile, RuleNode } from "../../grammar/ast.ts";

export class Places {
  readonly #rules = new Map<string, RuleNode>();
  readonly #files = new Map<string, RuleFile>();
  readonly #lookups = new Map<string, Declaration>();

  constructor(files: readonly RuleFile[]) {
    for (const file of files) {
      this.#files.set(file.source.path, file);
      for (const declaration of file.declarations) {
        if (declaration.kind === "lookup" && declaration.name !== undefined)
          this.#lookups.set(exactText(declaration.name.text), declaration);
        if (declaration.kind !== "rule") continue;
        const { line } = file.source.position(declaration.keywordSpan.start);
        this.#rules.set(`${file.source.path}:${line}`, declaration);
      }
    }
  }

  /** The rule's name, which is what a person looks for. */
  nameOf(rule: RuleIr): Span {
    const node = this.#rules.get(`${rule.file}:${rule.line}`);
    const span = node?.name?.span ?? node?.keywordSpan;
    if (span === undefined) throw new Error(`no rule at ${rule.file}:${rule.line}`);
    return span;
  }

  lookup(name: string): Span | undefined {
    const declaration = this.#lookups.get(name);
    return declaration?.kind === "lookup" ? declaration.name?.span : undefined;
  }

  /** An origin keeps its text folded; one written over several lines is underlined to the end of its first. */
  of({ file, line, column, text }: Origin): Span {
    const source = this.#files.get(file)?.source;
    if (source === undefined) throw new Error(`no file ${file}`);
    const whole = source.line(line);
    const before = [...whole].slice(0, column - 1).join("").length;
    const start = (source.lineStarts[line - 1] ?? 0) + before;
    const rest = whole.slice(before);
    const length = rest.startsWith(text) ? text.length : rest.trimEnd().length;
    return source.span(start, start + length);
  }
}
