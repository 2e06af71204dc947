/** domain.md 2.1 run through the decision: one decision per alert, and all alerts in one batch. */
import { describe, expect, it } from "vitest";
import type { DeskEvent, EventResult } from "../../src/decision/index.ts";
import { dedupVectors, type DedupVector, type Step } from "../corpus/decision/dedup-vectors.ts";
import { rulesFromText } from "./compiled-rules.ts";
import { STAFF, alertEvent, storyOf } from "./desk-story.ts";

/** Dedup as it is when nobody writes a dedup line: within five minutes by the title. */
const rules = rulesFromText(`rule "Every alert"
  when alert received
  then
    create ticket
end`);

function instantOf(at: string): number {
  const day = at.startsWith("+") ? "2026-11-23" : "2026-11-22";
  const clock = at.replace("+", "");
  return Date.parse(`${day}T${clock}${clock.includes(".") ? "" : ".000"}Z`);
}

function eventOf(step: Step): DeskEvent {
  const at = instantOf(step.at);
  if (step.kind === "status") {
    return {
      kind: "ticket-changed",
      ticketId: `tk_${step.ticket}`,
      fields: { status: step.status },
      by: STAFF,
      at,
    };
  }
  const name = step.organization ?? "Acme";
  return alertEvent(at, {
    title: "Das Gerät SRV-B hat die Stromversorgung verloren",
    deliveryId: step.deliveryId,
    organization: { asked: name, id: `or_${name}`, name, tags: [] },
  });
}

/** What the engine does before it decides: a delivery id that it has seen is answered with the first answer. */
function withoutDuplicateDeliveries(events: readonly DeskEvent[]): readonly DeskEvent[] {
  const seen = new Set<string>();
  return events.filter((event) => {
    const id = event.kind === "alert" ? event.alert.deliveryId : undefined;
    if (id === undefined) return true;
    return seen.has(id) ? false : seen.add(id);
  });
}

function words(result: EventResult): readonly string[] {
  const ticket = result.ticketId?.replace("tk_", "T");
  if (result.outcome === "ticket_created") return [`${ticket}`];
  return result.outcome === "note_added" ? [`note ${ticket}`] : [];
}

async function play(vector: DedupVector, inOneBatch: boolean): Promise<readonly string[]> {
  const story = storyOf(rules);
  const events = withoutDuplicateDeliveries(vector.steps.map(eventOf));
  if (inOneBatch) return (await story.decide(...events)).flatMap(words);
  const results: EventResult[] = [];
  for (const event of events) results.push(...(await story.decide(event)));
  const notes = story.desk.repeats.length;
  expect([...story.desk.notes.values()].flat()).toHaveLength(notes);
  return results.flatMap(words);
}

describe("a repeat inside the window of its ticket", () => {
  for (const vector of dedupVectors) {
    it(`${vector.number}: ${vector.behaviour}`, async () => {
      if (vector.parallel !== true) expect(await play(vector, false)).toEqual(vector.expected);
      expect(await play(vector, true)).toEqual(vector.expected);
    });
  }
});
