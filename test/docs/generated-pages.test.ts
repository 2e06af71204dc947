/** The pages that are made from the sources are the ones in the repository: change the sources, run the generator. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { productions } from "../../grammar/productions.ts";
import { generatedPages } from "../../scripts/docs/generated-pages.ts";

const place = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const pages = generatedPages();

describe("the generated pages", () => {
  it("are as `node scripts/generate-docs.ts` writes them", () => {
    const old = [...pages].filter(([path, text]) => readFileSync(place(path), "utf8") !== text);
    expect(old.map(([path]) => path)).toEqual([]);
  });

  it("leave no page behind of a production that went", () => {
    const there = readdirSync(place("docs/grammar")).map((name) => `docs/grammar/${name}`);
    expect(there.filter((path) => !pages.has(path))).toEqual([]);
  });

  it("draw every production, without a word that the parser takes only to refuse it", () => {
    expect(productions().size).toBeGreaterThan(100);
    const drawn = [...pages].filter(([path]) => path.endsWith(".svg")).map(([, text]) => text);
    expect(drawn).toHaveLength(productions().size);
    expect(drawn.filter((text) => />(?:unless|else|exists|!=)</.test(text))).toEqual([]);
  });

  it("open and close every element of a drawing", () => {
    const unbalanced = [...pages].filter(([path, text]) => {
      const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
      return path.endsWith(".svg") && count(/<[a-z]/g) !== count(/<\/[a-z]/g) + count(/\/>/g);
    });
    expect(unbalanced.map(([path]) => path)).toEqual([]);
  });
});
