/** `node scripts/generate-cst-types.ts`: writes the types of the concrete tree after a change of the grammar. */
import { writeFileSync } from "node:fs";
import { generateCstTypes } from "../grammar/cst-types.ts";

writeFileSync(new URL("../grammar/gen/cst.d.ts", import.meta.url), generateCstTypes());
