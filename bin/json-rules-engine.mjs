// `tocsin/json-rules-engine` for `import`: the built module of a package, the TypeScript of a checkout.
import { existsSync } from "node:fs";

const inRoom = "src/matcher/json-rules/published";
const built = new URL(`../dist/${inRoom}.js`, import.meta.url);
const { operators, toFacts } = await import(
  existsSync(built) ? built : new URL(`../${inRoom}.ts`, import.meta.url)
);

export { operators, toFacts };
