/** What stands above a rule: how many tests name it, how often it fired. Pure; the counts of firings come from outside. */
import type { CodeLens } from "vscode-languageserver";
import { exactText } from "../domain/index.ts";
import type { Look } from "./look.ts";
import { locate, type Location } from "./look.ts";
import { occurrencesIn } from "./occurrences.ts";
import { toRange } from "./positions.ts";
import type { SetState } from "./rule-set.ts";

export interface Firings {
  readonly days: number;
  /** By the rule's exact name; a rule that is not in it did not fire. */
  readonly byRule: ReadonlyMap<string, number>;
}

/** `showReferences`: the client runs `editor.action.showReferences`; else the lens is text only. */
export function codeLenses(
  look: Look,
  firings: Firings | undefined,
  showReferences: boolean,
): readonly CodeLens[] {
  const tests = testsByRule(look.state);
  const lenses: CodeLens[] = [];
  for (const declaration of look.file.tree.declarations) {
    if (declaration.kind !== "rule" || declaration.name === undefined) continue;
    const name = exactText(declaration.name.text);
    const range = toRange(declaration.keywordSpan, look.encoding);
    const places = tests.get(name) ?? [];
    const command = showReferences && places.length > 0 ? "editor.action.showReferences" : "";
    const locations = places.flatMap((span) => locate(look, span) ?? []) satisfies Location[];
    lenses.push({
      range,
      command: {
        title: `${places.length} ${places.length === 1 ? "test" : "tests"}`,
        command,
        ...(command === "" ? {} : { arguments: [look.file.uri, range.start, locations] }),
      },
    });
    if (firings === undefined) continue;
    const count = firings.byRule.get(name) ?? 0;
    const title = `${count} ${count === 1 ? "firing" : "firings"} in ${firings.days} days`;
    lenses.push({ range, command: { title, command: "" } });
  }
  return lenses;
}

/** Where tests name a rule, one place a test. */
function testsByRule({
  files,
}: SetState): ReadonlyMap<string, Look["file"]["tree"]["declarations"][number]["span"][]> {
  const found = new Map<string, Look["file"]["tree"]["declarations"][number]["span"][]>();
  for (const declaration of files.flatMap(({ tree }) => tree.declarations)) {
    if (declaration.kind !== "test") continue;
    const named = new Map(
      occurrencesIn(declaration)
        .filter(({ kind }) => kind === "rule")
        .map(({ name, span }) => [name, span]),
    );
    for (const [name, span] of named) found.set(name, [...(found.get(name) ?? []), span]);
  }
  return found;
}
