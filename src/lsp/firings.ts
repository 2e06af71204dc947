/** How often rules fired, asked of a running server: kept for a while, and silently absent where no server answers. */
import { z } from "zod";
import { EDITOR_FIRINGS_AGE_MS, EDITOR_FIRINGS_TIMEOUT_MS } from "../domain/index.ts";
import type { Firings } from "./code-lens.ts";

const DAYS = 7;

const answerShape = z.object({
  days: z.number(),
  items: z.array(z.object({ rule: z.string(), firings: z.number() })),
});

export interface FiringsServer {
  readonly url: string;
  readonly apiKey: string;
}

export class FiringsSource {
  readonly #server: FiringsServer | undefined;
  readonly #now: () => number;
  #known: Firings | undefined;
  #askedAt = -Infinity;
  #asking: Promise<void> | undefined;

  constructor(server: FiringsServer | undefined, now: () => number) {
    this.#server = server;
    this.#now = now;
  }

  /** What is known now. `later` is called when newer counts came. */
  current(later: () => void): Firings | undefined {
    const isOld = this.#now() - this.#askedAt >= EDITOR_FIRINGS_AGE_MS;
    if (this.#server !== undefined && isOld && this.#asking === undefined) {
      this.#askedAt = this.#now();
      const before = this.#known;
      this.#asking = this.#ask(this.#server).then((firings) => {
        this.#asking = undefined;
        this.#known = firings;
        if (!isSame(before, firings)) later();
      });
    }
    return this.#known;
  }

  /** Undefined where the server is away, knows no such route, or refuses the key: an editor is no place to complain. */
  async #ask({ url, apiKey }: FiringsServer): Promise<Firings | undefined> {
    try {
      const response = await fetch(`${url}/api/v1/rules/firings?days=${DAYS}`, {
        headers: { authorization: `Bearer ${apiKey}` },
        signal: AbortSignal.timeout(EDITOR_FIRINGS_TIMEOUT_MS),
      });
      if (!response.ok) return undefined;
      const { days, items } = answerShape.parse(await response.json());
      return { days, byRule: new Map(items.map(({ rule, firings }) => [rule, firings])) };
    } catch {
      return undefined;
    }
  }
}

function isSame(a: Firings | undefined, b: Firings | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.byRule.size === b.byRule.size && [...a.byRule].every(([rule, count]) => b.byRule.get(rule) === count)
  );
}
