/** Collects what lexer, parser and tree builder have to say about one file; bounded, sorted by place at the end. */
import {
  diagnostic,
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticParts,
  type Span,
} from "../src/diagnostics/index.ts";
import { DIAGNOSTICS_COLLECTED_MAX, DIAGNOSTICS_PER_FILE_MAX } from "../src/domain/index.ts";

export class DiagnosticSink {
  #found: Diagnostic[] = [];

  add(found: Diagnostic): void {
    if (this.#found.length < DIAGNOSTICS_COLLECTED_MAX) this.#found.push(found);
  }

  report(code: DiagnosticCode, span: Span, summary: string, parts: DiagnosticParts = {}): void {
    if (this.#found.length < DIAGNOSTICS_COLLECTED_MAX) this.add(diagnostic(code, span, summary, parts));
  }

  /** Forgets what was said about the text from an offset on: the lexer reads it anew. */
  dropFrom(offset: number): void {
    this.#found = this.#found.filter((one) => one.span.start < offset);
  }

  get isFull(): boolean {
    return this.#found.length >= DIAGNOSTICS_COLLECTED_MAX;
  }

  /** As collected; for a part of a file, whose whole is sorted later. */
  all(): readonly Diagnostic[] {
    return this.#found;
  }

  /** By place, then severity; one per place and code; at most 50, the last of which tells how many more there are. */
  sorted(): readonly Diagnostic[] {
    const sorted = this.#found.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
    const distinct = sorted.filter(
      (one, i) => i === 0 || sorted[i - 1]?.span.start !== one.span.start || sorted[i - 1]?.code !== one.code,
    );
    const shown = distinct.slice(0, DIAGNOSTICS_PER_FILE_MAX);
    const last = shown.pop();
    const hidden = { count: distinct.length - DIAGNOSTICS_PER_FILE_MAX, atLeast: this.isFull };
    return last === undefined ? shown : [...shown, hidden.count > 0 ? { ...last, hidden } : last];
  }
}
