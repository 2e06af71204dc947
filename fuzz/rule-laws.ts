/**
 * What holds for any rule text whatever: reading, checking, compiling and formatting never throw, spans lie in the text,
 * and a file without syntax errors keeps its meaning when formatted, once and for all.
 */
import { formatChecked, parseRuleFile } from "../grammar/index.ts";
import { compileAndAnalyze } from "../src/analysis/index.ts";
import { RuleSetChecker } from "../src/checker/index.ts";
import { renderDiagnostics, SourceText, type Diagnostic } from "../src/diagnostics/index.ts";
import { DIAGNOSTICS_PER_FILE_MAX } from "../src/domain/index.ts";

export interface RuleInput {
  readonly path: string;
  readonly text: string;
}

/** Throws an Error that says which law does not hold. */
export function holdRuleLaws({ path, text }: RuleInput): void {
  const parsed = parseRuleFile(new SourceText(path, text));
  const { file, diagnostics } = parsed;
  judgeDiagnostics(diagnostics, text);
  for (const { span } of file.declarations)
    if (span.start > span.end || span.end > text.length)
      throw new Error("a declaration lies outside the text");
  // What has errors goes no further than the checker: to read it again would take half of a run.
  const checked = new RuleSetChecker().check([parsed], {});
  judgeDiagnostics(checked.diagnostics, text);
  if (checked.checked !== undefined) judgeDiagnostics(compileAndAnalyze([{ path, text }]).diagnostics, text);
  if (!diagnostics.some(({ severity }) => severity === "error")) holdFormattingLaws(path, text);
}

function judgeDiagnostics(diagnostics: readonly Diagnostic[], text: string): void {
  if (diagnostics.length > DIAGNOSTICS_PER_FILE_MAX) throw new Error("more diagnostics than a file may have");
  for (const { code, span, labels } of diagnostics)
    for (const { start, end } of [span, ...labels.map((label) => label.span)])
      if (!(start >= 0 && start <= end && end <= text.length))
        throw new Error(`${code} lies outside the text`);
  if (
    /\bundefined\b|\[object /.test(renderDiagnostics(diagnostics).replaceAll(/^.*\|.*$/gm, "")) &&
    !/undefined|object/.test(text)
  )
    throw new Error("a message with `undefined` in it");
}

function holdFormattingLaws(path: string, text: string): void {
  const once = formatChecked(path, text);
  if (once.kind === "refused") throw new Error("the formatter would change what the file says");
  if (once.kind === "broken") throw new Error("a file without syntax errors was not formatted");
  const twice = formatChecked(path, once.text);
  if (twice.kind !== "formatted" || twice.text !== once.text)
    throw new Error("formatting twice is not formatting once");
}
