/** Sleeping until a time that may move or be overtaken by somebody's wish. Knows nothing of what is waited for. */
import { condition as waitUntil } from "@temporalio/workflow";
import { DAY } from "../src/domain/index.ts";

/** Set by signals: what waits is looked at now. */
export interface Turn {
  wanted: boolean;
}

export function newTurn(): Turn {
  return { wanted: false };
}

/** One timer at most this long: Temporal takes longer ones, but nobody reads a timer of years. */
const TIMER_MS_MAX = 365 * DAY;

/** Returns when it is time, or when somebody wants it looked at. A wish that came before is not lost. */
export async function waitForTurn(turn: Turn, dueAt: number, summary: string): Promise<void> {
  while (!turn.wanted) {
    const left = dueAt - Date.now();
    if (left <= 0) break;
    await waitUntil(() => turn.wanted, Math.min(left, TIMER_MS_MAX), { summary });
  }
  turn.wanted = false;
}

/** When a new run looks first: at once where somebody wants it and this run did not get to it. */
export function dueAfter(turn: Turn, dueAt: number): number {
  return turn.wanted ? Date.now() : dueAt;
}
