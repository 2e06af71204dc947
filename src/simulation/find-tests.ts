/** Which tests of the files are run, and in which order. Knows no file system. */
import { exactText, foldText } from "../domain/index.ts";
import type { RuleFile } from "../../grammar/ast.ts";
import type { RunnableTest } from "./types.ts";

/** In the order of files and lines; `filter` is a part of the name, without case. */
export function findTests(files: readonly RuleFile[], filter: string | undefined): readonly RunnableTest[] {
  const wanted = foldText(filter ?? "");
  return files.flatMap((file) =>
    file.declarations.flatMap((test): readonly RunnableTest[] => {
      if (test.kind !== "test" || test.name === undefined) return [];
      const name = exactText(test.name.text);
      if (!foldText(name).includes(wanted)) return [];
      const { source, start } = test.span;
      return [{ test, name, file: source.path, line: source.position(start).line }];
    }),
  );
}

/** The same seed gives the same order: tests that lean on each other show. */
export function inRandomOrder<T>(items: readonly T[], seed: number): readonly T[] {
  const shuffled = [...items];
  let state = seed >>> 0;
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    // mulberry32: small, and the same on every machine.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const other = ((mixed ^ (mixed >>> 14)) >>> 0) % (last + 1);
    const [a, b] = [shuffled[last], shuffled[other]];
    if (a === undefined || b === undefined) continue;
    shuffled[last] = b;
    shuffled[other] = a;
  }
  return shuffled;
}
