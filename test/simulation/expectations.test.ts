/** Expectations of rule tests: what they count, and what is told when they fail (language.md 4). */
import { describe, expect, it } from "vitest";
import { failuresOf, runRuleTests } from "./run-rule-tests.ts";

const rules = `
define lab_device as alert.device.tags contains "lab"
recipient "noc"
  email "noc@msp.example", "duty@msp.example"
  webhook "https://chat.msp.example/hooks/noc"
end
callout "close"
  post "https://rmm.example.com/{ticket.external_id or "none"}"
  only when ticket.external_id is not empty
  notify "noc" on failure
end
rule "Ticket"
  for organization "Acme", "Globex"
  when alert received
  if alert.severity at least "minor"
     and not (alert.title starts with "TEST" or lab_device)
     and (alert.title contains "disk" or alert.source is "Nagios")
  except when alert.source is "Lab"
  then
    create ticket
    notify "noc" text "{ticket.title}"
end
rule "Quiet"
  order 1
  when alert received
  if alert.title contains "quiet"
  then
    suppress alert
end
rule "Last word"
  order 2
  when alert received
  if alert.title contains "stop"
  then stop
end
rule "Done"
  when ticket.status changes to "Complete"
  then run callout "close"
end
rule "Called"
  when callout failed
  if callout.name is "close"
  then add note "failed after {callout.attempts}: {callout.last_error}"
end
inactive rule "Never"
  when alert received
  then suppress alert
end
`;

const alert = (more = ""): string =>
  `receive alert\n title = "disk full", organization = "Acme", severity = "major" ${more}\n end`;

describe("expectations", () => {
  it("hold for what happened since the last step that moved the clock or received something", async () => {
    const lines = `at 10:00 ${alert()}
      expect rule "Ticket" fired
      expect notify "noc"
      set ticket 1 priority = "Low"
      expect rule "Ticket" fired
      after 1s
      expect rule "Ticket" not fired
      expect no notify "noc"
      expect ticket 1 created
      expect nothing`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("count notices and requests over the whole test, a recipient with three ways once", async () => {
    const lines = `at 10:00 ${alert()}
      after 6m receive same alert
      expect notify "noc" 2 times
      expect 2 tickets
      expect ticket 2 created
      expect ticket 3 not created`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("tell an outcome apart from every other", async () => {
    const lines = `at 10:00 ${alert('title2 = ""')}`;
    await expect(failuresOf(rules, lines)).rejects.toThrow("R1203");
    const outcomes = `at 10:00 receive alert
      title = "quiet disk"
      end
      expect alert suppressed
      at 10:01 receive same alert with title = "stop"
      expect alert handled
      at 10:02 receive same alert with title = "x"
      expect alert unmatched
      at 10:03 receive same alert with status = "resolved"
      expect alert resolved
      expect alert held`;
    expect(await failuresOf(rules, outcomes)).toEqual([
      "expect alert held -> the alert was resolved: Test says that it has cleared; no open ticket belongs to it",
    ]);
  });

  it("tell by which path a rule fired, and did not", async () => {
    const lines = `at 10:00 ${alert()}
      expect rule "Ticket" fired because alert.severity
      expect rule "Ticket" fired because alert.title
      expect rule "Ticket" fired because alert.organization.name
      expect rule "Ticket" fired because alert.organization
      expect rule "Ticket" fired because alert.device
      expect rule "Quiet" not fired because alert.title
      at 10:10 receive same alert with severity = "info"
      expect rule "Ticket" not fired because alert.severity
      at 10:11 receive same alert with severity = "major", source = "Lab"
      expect rule "Ticket" not fired because alert.source
      at 10:12 set ticket 1 status = "Complete"
      expect rule "Done" fired because ticket.status`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("deny a path that did not decide", async () => {
    const lines = `at 10:00 ${alert('source = "Nagios"')}
      expect rule "Ticket" fired because alert.source
      expect rule "Ticket" fired because alert.status
      at 10:01 receive same alert with severity = "info", title = "cpu", source = "x"
      expect rule "Ticket" not fired because alert.severity`;
    expect(await failuresOf(rules, lines)).toEqual([
      'expect rule "Ticket" fired because alert.source -> it fired, but would have without a condition on alert.source as well',
      'expect rule "Ticket" fired because alert.status -> it fired, but would have without a condition on alert.status as well',
      'expect rule "Ticket" not fired because alert.severity -> it did not fire, but a condition on alert.severity alone did not decide that',
    ]);
  });

  it("do not count what the step itself did", async () => {
    const lines = `given ticket 1 created at 09:00
      at 10:00 set ticket 1 priority = "Low"
      expect nothing
      at 10:01 add note "x" to ticket 1
      expect nothing
      expect no note on ticket 1
      at 10:02 set ticket 1 status = "Complete"
      expect callout "close" not sent
      expect nothing`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });
});

describe("a failing expectation", () => {
  const failure = async (lines: string): Promise<unknown> => {
    const { results } = await runRuleTests(rules, `test "t"\n${lines}\nend\n`);
    return results[0]?.failures[0];
  };

  it("prints the nearest rule with its failing conditions and their values", async () => {
    const lines = `at 10:00 receive alert
      title = "TEST disk", organization = "Acme", severity = "info"
      end
      expect ticket 1 created`;
    expect(await failure(lines)).toEqual({
      line: 5,
      expected: "expect ticket 1 created",
      got: "no ticket was created",
      details: ['the alert "TEST disk" was unmatched: no rule holds for it'],
      rule: { name: "Ticket", file: "a.rules", line: 12, fired: false },
      conditions: [
        {
          text: 'alert.severity at least "minor"',
          file: "a.rules",
          line: 15,
          result: false,
          actual: "info",
        },
        {
          text: 'alert.title starts with "TEST"',
          file: "a.rules",
          line: 16,
          result: true,
          actual: "TEST disk",
        },
      ],
    });
  });

  it("names the exception that exempted", async () => {
    expect(await failure(`at 10:00 ${alert('source = "Lab"')}\nexpect rule "Ticket" fired`)).toMatchObject({
      got: "it did not fire",
      rule: { name: "Ticket" },
      conditions: [{ text: 'alert.source is "Lab"', result: true, actual: "Lab" }],
    });
  });

  it("names the rule that took the turn away", async () => {
    expect(
      await failure(
        `at 10:00 ${alert()}\nat 10:01 receive same alert with title = "stop disk"\nexpect rule "Ticket" fired`,
      ),
    ).toMatchObject({
      got: "it holds, but did not get its turn: a rule before it stopped, or it fired already in this cascade",
      rule: { name: "Ticket" },
    });
  });

  it("says that a rule is inactive, or was not asked", async () => {
    expect(await failure(`at 10:00 ${alert()}\nexpect rule "Never" fired`)).toMatchObject({
      got: "it did not fire: the rule is inactive",
    });
    expect(await failure(`at 10:00 ${alert()}\nexpect rule "Done" fired`)).toMatchObject({
      got: "it did not fire: nothing happened that it is about",
    });
  });

  it("tells who did what was not wanted, and why", async () => {
    expect(await failure(`at 10:00 ${alert()}\nexpect no ticket`)).toMatchObject({
      got: 'ticket 1 was created: T20260105.0001 "disk full"',
      rule: { name: "Ticket" },
    });
    expect(await failure(`at 10:00 ${alert()}\nexpect nothing`)).toMatchObject({
      got: 'ticket 1 was created: "disk full"',
      rule: { name: "Ticket" },
    });
    expect(await failure(`at 10:00 ${alert()}\nexpect no notify "noc"`)).toMatchObject({
      got: '"noc" was notified once',
      rule: { name: "Ticket" },
    });
  });

  it("tells the value of a field and who wrote it", async () => {
    expect(
      await failure(
        `at 10:00 ${alert()}\nat 10:01 set ticket 1 priority = "Low"\nexpect ticket 1 priority is "High"`,
      ),
    ).toMatchObject({
      got: 'ticket 1 priority is "Low"',
      details: ['staff (staff) changed it from "Medium" to "Low"'],
    });
  });

  it("tells why a callout was not sent", async () => {
    expect(
      await failure(
        `given ticket 1 created at 09:00\nat 10:00 set ticket 1 status = "Complete"\nexpect callout "close" sent 1 times`,
      ),
    ).toMatchObject({
      got: "it was not sent",
      details: ["it was skipped: only when ticket.external_id is not empty: does not hold"],
    });
  });

  it("say what happened in words that read as a sentence", async () => {
    const [alertWas, never] = await failuresOf(
      rules,
      `at 10:00 ${alert()}
      expect alert suppressed
      expect notify "noc" 3 times`,
    );
    expect(alertWas).toContain("the alert opened a ticket: ");
    expect(never).toContain('-> "noc" was notified once');
    const [silent] = await failuresOf(
      rules,
      `at 10:00 ${alert(', source = "Lab"')}
      expect notify "noc" 2 times`,
    );
    expect(silent).toContain('-> "noc" was not notified');
  });
});
