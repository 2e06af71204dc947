/** The types of the concrete tree as text, from the grammar itself; scripts/generate-cst-types.ts writes them, a test compares. */
import { generateCstDts } from "chevrotain";
import { DeclarationParser } from "./parser.ts";

const header = "/** Generated from the grammar by scripts/generate-cst-types.ts; not to be edited. */\n";

export function generateCstTypes(): string {
  return header + generateCstDts(new DeclarationParser(false).getGAstProductions());
}
