/** Every page of docs/ that is made from the sources, by its path from the project's folder. */
import { railroadPages } from "./railroad.ts";

export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([...railroadPages()].map(([name, text]) => [`docs/grammar/${name}`, text]));
}
