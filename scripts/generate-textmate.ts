/** `node scripts/generate-textmate.ts`: writes the TextMate grammar after a change of the vocabulary. */
import { writeFileSync } from "node:fs";
import { textMateGrammar } from "../grammar/textmate.ts";

writeFileSync(
  new URL("../editors/tocsin.tmLanguage.json", import.meta.url),
  `${JSON.stringify(textMateGrammar(), undefined, 2)}\n`,
);
