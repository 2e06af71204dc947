/** Rule tests: every given, step and expectation of the page. */
import { describe, expect, it } from "vitest";
import { declarationOf, shape } from "./reading.ts";

const stepsOf = (text: string) => shape(declarationOf("test", `test "t"\n ${text}\nend`).steps);
const at = (time: unknown) => ({ kind: "at", time });

describe("steps", () => {
  it.each([
    [
      'given organization "A" tags "vip", "x"',
      { kind: "given organization", name: '"A"', mapped: true, tags: ['"vip"', '"x"'] },
    ],
    ['given unmapped organization "X"', { kind: "given organization", name: '"X"' }],
    ['given device "D" of "A" tags "lab"', { kind: "given device", name: '"D"', of: '"A"', tags: ['"lab"'] }],
    ['given contact "a@x" of "A"', { kind: "given contact", email: '"a@x"', of: '"A"' }],
    ['given secret "x" is "y"', { kind: "given secret", name: '"x"', value: '"y"' }],
    [
      'given callout "X" answers 503, timeout, 200',
      { kind: "given callout", callout: '"X"', answers: [503, { kind: "timeout" }, 200] },
    ],
    ["given ticket 1 created at 09:00", { kind: "given ticket", number: 1, created: "09:00:00" }],
    [
      'given ticket 1 created at 2026-11-20 17:50\n priority = "High"\n end',
      {
        kind: "given ticket",
        number: 1,
        created: { kind: "date", year: 2026, month: 11, day: 20, time: "17:50:00" },
        fields: [{ path: "priority", value: '"High"' }],
      },
    ],
    ["at 09:33", { kind: "wait", when: at("09:33:00") }],
    ["after 4m59s", { kind: "wait", when: { kind: "after", duration: "299000 ms" } }],
    [
      'at 23:05:30 receive alert\n title = "x", status = "firing"\n end = "y"\n end',
      {
        kind: "receive alert",
        when: at("23:05:30"),
        fields: [
          { path: "title", value: '"x"' },
          { path: "status", value: '"firing"' },
          { path: "end", value: '"y"' },
        ],
      },
    ],
    ["receive alert end", { kind: "receive alert" }],
    [
      "after 4 minutes receive same alert",
      { kind: "receive same alert", when: { kind: "after", duration: "240000 ms" } },
    ],
    [
      'receive same alert with organization = "U", title = "x"',
      {
        kind: "receive same alert",
        with: [
          { path: "organization", value: '"U"' },
          { path: "title", value: '"x"' },
        ],
      },
    ],
    [
      'at 09:30 set ticket 1 status = "C"',
      { kind: "set ticket", when: at("09:30:00"), number: 1, fields: [{ path: "status", value: '"C"' }] },
    ],
    ['add note "n" to ticket 2 by contact', { kind: "add note", text: '"n"', number: 2, by: "contact" }],
    ["add note to ticket 2", { kind: "add note", number: 2 }],
  ])("reads %s", (text, step) => {
    expect(stepsOf(text)).toEqual([step]);
  });

  it("tells a block's end from the step that follows", () => {
    const text = `given ticket 1 created at 09:00
      after 5 minutes receive same alert with title = "x"
      after 1 hour set ticket 1 status = "C"
      after 1 hour
      expect nothing`;
    expect((stepsOf(text) as readonly { kind: string }[]).map((step) => step.kind)).toEqual([
      ...["given ticket", "receive same alert", "set ticket", "wait", "expect"],
    ]);
  });

  it("takes a zone first", () => {
    expect(
      shape(declarationOf("test", 'test "t"\n zone "Europe/Berlin"\n expect nothing\nend')),
    ).toMatchObject({
      zone: '"Europe/Berlin"',
    });
  });
});

describe("expectations", () => {
  it.each([
    ["ticket 1 created", { kind: "ticket created", number: 1 }],
    ["ticket 1 not created", { kind: "ticket created", number: 1, negated: true }],
    ["ticket 1 completed", { kind: "ticket completed", number: 1 }],
    [
      'ticket 1 udf."S" is "x"',
      { kind: "ticket field", number: 1, path: 'udf."S"', test: "is", value: '"x"' },
    ],
    [
      'ticket 1 title is not "x"',
      { kind: "ticket field", number: 1, path: "title", test: "is not", value: '"x"' },
    ],
    [
      'ticket 1 tags contains "x"',
      { kind: "ticket field", number: 1, path: "tags", test: "contains", value: '"x"' },
    ],
    ["ticket 1 queue is empty", { kind: "ticket field", number: 1, path: "queue", test: "is empty" }],
    ["ticket 1 queue is not empty", { kind: "ticket field", number: 1, path: "queue", test: "is not empty" }],
    ["no ticket", { kind: "ticket count", count: 0 }],
    ["2 tickets", { kind: "ticket count", count: 2 }],
    ['note on ticket 1 containing "x"', { kind: "note", number: 1, containing: '"x"' }],
    ["no note on ticket 1", { kind: "note", number: 1, negated: true }],
    ['notify "n" 2 times', { kind: "notify", recipient: '"n"', times: 2 }],
    ['no notify "n"', { kind: "notify", recipient: '"n"', negated: true }],
    ['callout "c" sent 3 times', { kind: "callout", callout: '"c"', outcome: { kind: "sent", times: 3 } }],
    ['callout "c" succeeded', { kind: "callout", callout: '"c"', outcome: { kind: "succeeded" } }],
    ['callout "c" failed', { kind: "callout", callout: '"c"', outcome: { kind: "failed" } }],
    ['callout "c" not sent', { kind: "callout", callout: '"c"', outcome: { kind: "not sent" } }],
    ["alert suppressed", { kind: "alert", outcome: "suppressed" }],
    ["alert unmatched", { kind: "alert", outcome: "unmatched" }],
    ["alert held", { kind: "alert", outcome: "held" }],
    ["alert handled", { kind: "alert", outcome: "handled" }],
    ["alert resolved", { kind: "alert", outcome: "resolved" }],
    ['rule "r" fired', { kind: "rule", rule: '"r"', fired: true }],
    ['rule "r" not fired because alert.title', { kind: "rule", rule: '"r"', because: "alert.title" }],
    ["nothing", { kind: "nothing" }],
  ])("reads expect %s", (text, expectation) => {
    expect(stepsOf(`expect ${text}`)).toEqual([{ kind: "expect", expectation }]);
  });
});
