/** A snapshot as a program outside gives it to `toFacts`: the API's members. */
import type { FactInput } from "../../src/matcher/json-rules/published.ts";
import { toRfc3339 } from "../../src/domain/index.ts";
import type { MappedReference, Snapshot } from "../../src/domain/index.ts";

export function factInput(snapshot: Snapshot): FactInput {
  const { kind, at, alert, ticket, actor, changes, callout, counts } = snapshot;
  return {
    event: kind.replaceAll("-", " "),
    at: toRfc3339(at),
    alert:
      alert === undefined
        ? undefined
        : {
            source: alert.source,
            title: alert.title,
            description: alert.description,
            severity: alert.severity ?? null,
            status: alert.status,
            tags: alert.tags,
            fields: alert.fields,
            organization: reference(alert.organization),
            device: alert.device.name === undefined ? undefined : reference(alert.device),
            received_at: alert.receivedAt,
          },
    ticket:
      ticket === undefined
        ? undefined
        : {
            ...ticket,
            created_by: ticket.createdBy,
            note_count: ticket.noteCount,
            due_at: ticket.dueAt === undefined ? null : toRfc3339(ticket.dueAt),
            created_at: toRfc3339(ticket.createdAt),
          },
    actor,
    changes,
    callout:
      callout === undefined
        ? undefined
        : { name: callout.name, attempts: callout.attempts, last_status: 503, last_error: "HTTP 503" },
    counts: counts === undefined ? undefined : Object.fromEntries(counts),
  };
}

function reference({ id, name, tags }: MappedReference): object {
  return { ...(id === undefined ? {} : { id }), name, tags };
}
