/** Tags that exist, for `tag from`: asked rarely, since a list of a minute ago is as good. */
import type { RuleSetIr } from "../../compiler/index.ts";
import { MINUTE } from "../../domain/index.ts";
import type { Instant } from "../../domain/index.ts";
import { selectTags } from "../../store/index.ts";
import type { EngineParts } from "../engine-parts.ts";

export class TagList {
  readonly #parts: Pick<EngineParts, "store" | "now">;
  #tags: readonly string[] = [];
  #asked: Instant | undefined;

  constructor(parts: Pick<EngineParts, "store" | "now">) {
    this.#parts = parts;
  }

  /** Those of records and tickets, and those that rules add. */
  async tags(ir: RuleSetIr): Promise<readonly string[]> {
    const now = this.#parts.now();
    if (this.#asked === undefined || now - this.#asked >= MINUTE) {
      this.#tags = await selectTags(this.#parts.store);
      this.#asked = now;
    }
    const ofRules = ir.rules.flatMap(({ actions }) =>
      actions.flatMap((action) => (action.kind === "add-tags" ? action.tags : [])),
    );
    return [...new Set([...this.#tags, ...ofRules])];
  }
}
