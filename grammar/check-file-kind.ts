/** Declarations and tests each have their own kind of file (language.md 1). */
import { inWhole } from "../src/diagnostics/index.ts";
import type { Declaration } from "./ast.ts";
import type { DiagnosticSink } from "./diagnostic-sink.ts";

export function checkFileKind(
  declarations: readonly Declaration[],
  isTest: boolean,
  sink: DiagnosticSink,
): void {
  for (const declaration of declarations) {
    if ((declaration.kind === "test") === isTest) continue;
    const { span } = declaration;
    const line = span.source.text.slice(span.start, span.end).search(/[\r\n]/);
    const head = inWhole(line < 0 ? span : { ...span, end: span.start + line });
    if (isTest) {
      sink.report("R1112", head, "only tests stand in a `.test.rules` file", {
        help: "move this declaration to a file whose name ends with `.rules` alone",
      });
    } else {
      sink.report("R1112", head, "a test stands in a file of its own kind", {
        help: "move it to a file whose name ends with `.test.rules`",
      });
    }
  }
}
