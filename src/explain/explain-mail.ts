/**
 * Which rules nearly fired for a mail that became a ticket: what was read of it and its ticket as it stands now, against the rules on the
 * ticket's creation. A mail raises no event of its own; what refused it came before all rules. Pure.
 */
import type { RuleSetIr } from "../compiler/index.ts";
import { bareSnapshot } from "../domain/index.ts";
import type { MailFacts, Ticket } from "../domain/index.ts";
import type { ExplainOptions } from "./explain-alert.ts";
import { missesAmong, toMiss } from "./explained-rules.ts";
import type { ExplainedRule, HandledFiring } from "./types.ts";
import { stoppedBy } from "./why.ts";

export interface HandledMail {
  readonly facts: MailFacts;
  /** That it made. */
  readonly ticket: Ticket;
  readonly firings: readonly Pick<HandledFiring, "rule" | "file" | "line">[];
}

/** Nearest first. */
export function missesOfMail(
  { facts, ticket, firings }: HandledMail,
  ir: RuleSetIr,
  { limit }: ExplainOptions,
): readonly ExplainedRule[] {
  const created = {
    ...bareSnapshot("ticket-created", ticket.createdAt),
    ticket,
    mail: facts,
    actor: ticket.createdBy,
  };
  return missesAmong([created], firings, ir)
    .slice(0, limit)
    .map(({ reading }) =>
      toMiss(
        reading,
        ({ rule }) =>
          stoppedBy(rule, firings, ir) ??
          "it holds for the ticket as it is now, and did not fire: the ticket or its records have changed since",
      ),
    );
}
