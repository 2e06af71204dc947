import { expect, test } from "vitest";
import { mailExplanationText } from "../../src/cli/explain-mail-text.ts";

test("a mail is explained by whose it is, what it repeats, what was told, and which rules fired", () => {
  const text = mailExplanationText({
    id: "ml_1",
    outcome: "processed",
    why: "it became a ticket note (T20261122.0001)",
    attributed: {
      how: "contact",
      why: "its sender is the contact Anna Arendt of Acme",
      organization: "Acme",
    },
    duplicate: { by: "number", of: "T20261122.0001", behaviour: "add-note" },
    authenticated: false,
    notice: "success told to anna@acme.example",
    messages: ["The note is internal: the sender of the mail is not authenticated."],
    rules: [
      {
        rule: "From the boss",
        file: "mail.rules",
        line: 3,
        on: "note added",
        result: "fired",
        conditions: [],
      },
    ],
  });
  expect(text).toBe(`processed: it became a ticket note (T20261122.0001)
  whose: its sender is the contact Anna Arendt of Acme
  duplicate of T20261122.0001 by number: add-note
  not authenticated: nobody vouches for its sender
  notice: success told to anna@acme.example
  The note is internal: the sender of the mail is not authenticated.

rule "From the boss" (mail.rules:3): fired`);
});
