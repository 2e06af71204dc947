/** Events of time in rule tests: they fall due in order while the clock moves (language.md 4). */
import { describe, expect, it } from "vitest";
import { failuresOf } from "./run-rule-tests.ts";

describe("events of time in a rule test", () => {
  it("release a hold at its moment, before a step at that moment", async () => {
    const rules = `rule "Stays"
      when alert still firing after 2 minutes
      then create ticket
      end`;
    const lines = `at 10:00 receive alert
        title = "down"
      end
      expect alert held
      at 10:01:59
      expect no ticket
      at 10:02
      expect ticket 1 created_at is 10:02
      at 10:02 receive same alert
      expect 1 ticket`;
    expect(await failuresOf(rules.replace(/^ {6}end/m, "end"), lines)).toEqual([]);
  });

  it("count alerts, this one included", async () => {
    const rules = `rule "Storm"
      when alert received
      if more than 2 alerts in 5 minutes per alert.organization
      then
        create ticket
          once per 30 minutes per alert.organization
      end`;
    const lines = `at 10:00 receive alert
        title = "a", organization = "Acme"
      end
      after 1m receive same alert
      after 1m receive same alert with organization = "Globex"
      expect no ticket
      after 1m receive same alert with organization = "Acme"
      expect ticket 1 created
      after 1m receive same alert
      expect 1 ticket
      after 10m receive same alert
      expect alert unmatched`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("keep schedules, that of the first moment too, and a ticket's clocks once", async () => {
    const rules = `rule "Morning"
      when every day at 08:00
      then
        create ticket
          title = "look"
          due in 2 hours
      end
      rule "Late"
      when ticket overdue by 1 hour
      then set ticket.priority = "High"
      end
      rule "Old"
      when ticket open for 30 minutes
      then add note "old"
      end`;
    const lines = `at 08:00
      expect ticket 1 created
      at 08:30
      expect note on ticket 1 containing "old"
      at 10:59:59
      expect ticket 1 priority is "Medium"
      expect no note on ticket 1
      at 11:00
      expect rule "Late" fired
      at 2026-01-07 08:00
      expect 3 tickets`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("tell a silence once, after the last alert that was seen", async () => {
    const rules = `rule "Backup is silent"
      when no alert for 26 hours per alert.device
      if alert.source is "Backup"
      then
        create ticket
          title = "no backup of {alert.device.name or "?"}"
      end`;
    const lines = `at 20:00 receive alert
        title = "backup done", source = "Backup", device = "FS-1", organization = "Acme"
      end
      after 24 hours receive same alert
      after 25 hours
      expect no ticket
      after 1 hour
      expect ticket 1 title is "no backup of FS-1"
      after 3 days
      expect 1 ticket`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("do not say of a second silence that the alert was sent again", async () => {
    const rules = `rule "Quiet"
      when no alert for 1 minute per alert.device
      then create ticket
      end`;
    const lines = `at 20:00 receive alert
        title = "beat", source = "Probe", device = "FS-1", organization = "Acme"
      end
      after 1 minute
      expect ticket 1 created
      after 1 minute receive same alert
      after 1 minute
      expect note on ticket 1 containing "Probe is silent again, since 2026-01-05 20:02 UTC (repeat 1): beat"`;
    expect(await failuresOf(rules, lines)).toEqual([]);
  });

  it("end a test whose rules never come to rest", async () => {
    const rules = `rule "Tick"
      when every 1 minute
      then notify "noc" text "tick"
      end
      recipient "noc"
        email "noc@msp.example"
      end`;
    expect(await failuresOf(rules, "at 08:00\n at 2027-01-01 00:00\n expect nothing")).toEqual([
      "at 2027-01-01 00:00 -> more than 10000 events in one test",
    ]);
  });
});
