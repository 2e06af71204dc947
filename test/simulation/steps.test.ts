/** Steps of rule tests: time, what is given, what is received (language.md 4). */
import { describe, expect, it } from "vitest";
import { failuresOf } from "./run-rule-tests.ts";

const rules = `
partner "Datto RMM"
category "RMM Alert"
  queue    = "Monitoring"
  priority = "Medium"
  status   = "New"
  due in 4 hours
end
recipient "noc"
  email "noc@msp.example", "duty@msp.example"
  webhook "https://chat.msp.example/hooks/noc"
end
rule "Ticket"
  when alert received
  if alert.severity is not "info"
  then
    create ticket
      category = "RMM Alert"
    notify "noc"
end
rule "Lab is quiet"
  order 10
  when alert received
  if alert.device.tags contains "lab" or alert.organization.tags contains "quiet"
  then suppress alert
end
rule "Contact wrote"
  when note added by contact
  then set ticket.priority = "High"
end
rule "Staff wrote"
  when note added by staff
  then add note "thank you"
end
`;

const alert = 'receive alert\n title = "disk full", organization = "Acme", source = "Datto RMM"\n end';

describe("steps of a rule test", () => {
  it("moves a bare time that lies before the clock to the next day", async () => {
    const lines = `at 23:05 ${alert}
      at 00:10 ${alert}
      expect ticket 2 created_at is 2026-01-06 00:10
      expect ticket 1 created_at is 2026-01-05 23:05`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("reads times in the test's zone, over a change of the clock", async () => {
    const lines = `zone "Europe/Berlin"
      at 2026-03-29 01:30 ${alert}
      expect ticket 1 due_at is 2026-03-29 06:30
      after 1 hour
      expect ticket 1 created_at is 2026-03-29 01:30`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("starts at the first time that the test names, also for steps before it", async () => {
    expect(await failuresOf(rules, `${alert}\n expect ticket 1 created_at is 10:00\n at 10:00`)).toEqual([]);
    expect(await failuresOf(rules, `${alert}\n expect ticket 1 created_at is 2026-01-05`)).toEqual([]);
  });

  it("does not go back to an earlier day", async () => {
    const lines = `at 2026-02-02 10:00 ${alert}\n at 2026-02-01\n expect ticket 9 created`;
    expect(await failuresOf(rules, lines)).toEqual([
      "at 2026-02-01 -> the clock cannot go back from 2026-02-02 10:00 to 2026-02-01 00:00",
    ]);
  });

  it("takes the same alert with other values, which stay for the next", async () => {
    const lines = `at 10:00 ${alert}
      after 1m receive same alert with title = "cpu", severity = "critical"
      expect ticket 2 title is "cpu"
      after 1m receive same alert
      expect note on ticket 2
      expect no note on ticket 1
      expect 2 tickets`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("knows a delivery that the transport sent twice, which changes nothing", async () => {
    const lines = `at 10:00 receive alert
      title = "disk full", delivery_id = "d-1"
      end
      after 1 minute receive same alert
      expect nothing
      expect 1 ticket`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("knows every organization and device that is not given as unmapped", async () => {
    const lines = `given unmapped organization "Initech"
      at 10:00 ${alert}
      expect ticket 1 organization is "ACME"
      at 10:01 receive same alert with organization = "Initech"
      expect ticket 2 organization is "My Own MSP"
      expect note on ticket 2 containing "Initech"`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("gives tags to organizations and devices", async () => {
    const lines = `given organization "Acme" tags "quiet"
      given device "SRV-B" of "Globex" tags "lab"
      at 10:00 ${alert}
      expect alert suppressed
      at 10:01 receive same alert with organization = "Globex", device = "srv-b"
      expect alert suppressed
      at 10:02 receive same alert with organization = "Umbrella"
      expect ticket 1 device is "SRV-B"`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("opens a given ticket without events, with the defaults of its category", async () => {
    const lines = `given ticket 1 created at 09:00
      category = "RMM Alert", organization = "Acme", udf."Datto RMM Alert ID" = "77"
      end
      at 10:00
      expect nothing
      expect no ticket
      expect ticket 1 not created
      expect ticket 1 queue is "Monitoring"
      expect ticket 1 due_at is 13:00
      expect ticket 1 udf."Datto RMM Alert ID" is 77
      at 10:05 ${alert}
      expect ticket 2 created
      expect 1 tickets`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("numbers tickets in order of creation", async () => {
    const lines = `at 10:00 ${alert}\n given ticket 1 created at 11:00`;
    expect(await failuresOf(rules, lines)).toEqual([
      "given ticket 1 created at 11:00 -> tickets are numbered in order of creation: this one is ticket 2, not 1",
    ]);
  });

  it("adds notes by staff, else by a contact", async () => {
    const lines = `given ticket 1 created at 09:00
      at 10:00 add note "hello" to ticket 1
      expect note on ticket 1 containing "THANK YOU"
      expect ticket 1 priority is "Medium"
      at 10:01 add note to ticket 1 by contact
      expect no note on ticket 1
      expect ticket 1 priority is "High"`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("sets people and mends the case of declared words", async () => {
    const lines = `given ticket 1 created at 09:00
      given contact "anna@acme.example" of "Acme"
      at 10:00 set ticket 1 status = "complete", assigned_resource = "Bea", organization = "Acme", contact = "anna@acme.example"
      expect ticket 1 completed
      expect ticket 1 completed_at is 10:00
      expect ticket 1 assigned_resource is "bea"
      expect ticket 1 contact is "anna@acme.example"
      expect ticket 1 device is empty
      expect ticket 1 title is not empty`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("says which ticket is not there yet", async () => {
    expect(await failuresOf(rules, 'at 10:00 set ticket 2 status = "New"')).toEqual([
      'at 10:00 set ticket 2 status = "New" -> there is no ticket 2 yet: none was opened',
    ]);
  });

  it("reads every kind of value, and keeps what a ticket always has", async () => {
    const more = `${rules}
      udf ticket "Count" number
      udf ticket "When" date
      udf ticket "Yes" boolean`;
    const lines = `given ticket 1 created at 09:00
        udf."Count" = 3, udf."When" = 2026-01-01, udf."Yes" = true, due_at = 10:00
      end
      expect ticket 1 udf."Count" is "3"
      expect ticket 1 udf."When" is 2026-01-01
      expect ticket 1 udf."Yes" is true
      expect ticket 1 due_at is 10:00
      at 09:30 set ticket 1 title = "", queue = "", due_at = 2 hours, device = "Q"
      expect ticket 1 title is "Ticket 1"
      expect ticket 1 queue is empty
      expect ticket 1 due_at is 11:30
      expect ticket 1 device is "q"`;
    expect(await failuresOf(more, lines)).toEqual([]);
  });

  it("is silent in maintenance, and decides afterwards what still fires", async () => {
    const more = `${rules}
      maintenance "Patch night"
        every monday 22:00 to 04:00 zone "Europe/Berlin"
      end`;
    const lines = `zone "Europe/Berlin"
      at 22:30 ${alert}
      expect alert suppressed
      expect nothing
      at 03:59
      expect no ticket
      at 04:00
      expect ticket 1 created`;
    expect(await failuresOf(more, lines)).toEqual([]);
  });

  it("refuses mail that no mailbox could take", async () => {
    await expect(failuresOf(rules, 'at 10:00 receive mail """\n Subject: x\n """')).rejects.toThrow(
      "no mailbox is declared that could take this mail",
    );
  });
});
