/** Rules in their own words and a desk that says when time has come: what the tests of time share. */
import { emptyDesk } from "../../src/decision/index.ts";
import type { ClockKind } from "../../src/domain/index.ts";
import type { DeskEvent, EventResult, MemoryDesk } from "../../src/decision/index.ts";
import { rulesFromText } from "./compiled-rules.ts";
import { storyOf, type Story } from "./desk-story.ts";

/** A Monday, 09:00 UTC. */
export const NINE = Date.UTC(2026, 0, 5, 9);

export interface TimedStory extends Story {
  readonly one: (event: DeskEvent) => Promise<EventResult>;
  /** Titles of all tickets, in order. */
  readonly titles: () => readonly string[];
  readonly clock: (at: number, rule: string, kind: ClockKind, ticketId?: string) => Promise<EventResult>;
}

export function timedStory(text: string, desk: MemoryDesk = emptyDesk()): TimedStory {
  const story = storyOf(rulesFromText(text), desk);
  const one = async (event: DeskEvent): Promise<EventResult> => (await story.decide(event))[0]!;
  return {
    ...story,
    one,
    titles: () => [...story.desk.tickets.values()].map(({ title }) => title),
    clock: (at, rule, kind, ticketId = "tk_1") => one({ kind: "clock-due", ticketId, rule, clock: kind, at }),
  };
}
