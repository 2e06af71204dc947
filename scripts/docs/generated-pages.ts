/** Every page of docs/ that is made from the sources, by its path from the project's folder. */
import { fieldPage } from "./field-page.ts";
import { railroadPages } from "./railroad.ts";

export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ...[...railroadPages()].map(([name, text]) => [`docs/grammar/${name}`, text] as const),
    ["docs/reference/fields.md", fieldPage()],
  ]);
}
