/** The nearest misses of a mail that became a ticket: which rules on its creation nearly fired, and by which value. */
import { describe, expect, it } from "vitest";
import { compileRuleSet } from "../../src/compiler/index.ts";
import { missesOfMail } from "../../src/explain/index.ts";
import { ticketOf } from "../matcher/build-ir.ts";

const RULES = `
mailbox "support@msp.example"
end

rule "Stop"
  order 1
  when ticket created
  if mail.subject contains "down"
  then
    stop
end

rule "From the boss"
  when ticket created
  if mail.from is "boss@acme.example" and mail.subject contains "down"
  then
    set ticket.priority to "High"
end

rule "Vouched for"
  when ticket created
  if mail.authenticated is true
  then
    set ticket.priority to "High"
end

rule "Completed"
  when ticket completed
  if mail.authenticated is true
  then
    set ticket.priority to "High"
end
`;

const facts = {
  from: "anna@acme.example",
  to: ["support@msp.example"],
  subject: "The line is down",
  mailbox: "support@msp.example",
  authenticated: true,
  headers: {},
};

function misses(mail: Partial<typeof facts>, firings: Parameters<typeof missesOfMail>[0]["firings"] = []) {
  const { ir, diagnostics } = compileRuleSet([{ path: "mail.rules", text: RULES }]);
  if (ir === undefined) throw new Error(JSON.stringify(diagnostics.map(({ summary }) => summary)));
  return missesOfMail({ facts: { ...facts, ...mail }, ticket: ticketOf(), firings }, ir, { limit: 20 });
}

describe("the nearest misses of a mail", () => {
  it("are told with the values that they had and the change for which they would have fired", () => {
    const [first] = misses({ authenticated: false, subject: "Hello" });
    expect(first).toMatchObject({
      rule: "Stop",
      result: "not_fired",
      conditions: [{ result: false, actual: "Hello", decides: true }],
      nearest: { changes: [{ path: "mail.subject", from: "Hello" }] },
    });
    const vouched = misses({ authenticated: false }).find(({ rule }) => rule === "Vouched for");
    expect(vouched).toMatchObject({
      result: "not_fired",
      nearest: { changes: [{ path: "mail.authenticated", from: false, to: true }] },
    });
  });

  it("come with the fewest failed conditions first, and only on events that a mail brings about", () => {
    expect(misses({ subject: "Hello", authenticated: false }).map(({ rule }) => rule)).toEqual([
      "Stop",
      "Vouched for",
      "From the boss",
    ]);
    const boss = misses({ authenticated: false }).find(({ rule }) => rule === "From the boss");
    expect(boss?.conditions.map(({ result, decides }) => [result, decides])).toEqual([
      [false, true],
      [true, undefined],
    ]);
  });

  it("name the rule that stopped those that hold, and leave out what fired", () => {
    const line = RULES.split("\n").findIndex((text) => text.includes('rule "Stop"')) + 1;
    const told = misses({}, [{ rule: "Stop", file: "mail.rules", line }]);
    expect(told.map(({ rule, result }) => [rule, result])).toEqual([
      ["Vouched for", "stopped"],
      ["From the boss", "not_fired"],
    ]);
    expect(told[0]?.why).toBe(`rule "Stop" (mail.rules:${line}) ran before it and stopped later rules`);
  });
});
