/** A test written from a stored alert: it parses, passes, and says no customer's name or address. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { writeTest, type RecordedAlert } from "../../src/simulation/index.ts";
import { runRuleTests } from "./run-rule-tests.ts";

const rules = readFileSync(new URL("../corpus/examples/msp.rules", import.meta.url), "utf8");
const recorded: RecordedAlert = {
  receivedAt: "2026-11-22T23:05:12.345Z",
  members: [
    ["source", "Datto RMM"],
    ["title", 'Device SRV-Ulm.7 of Müller "Söhne" {lost} power *'],
    [
      "description",
      "mail to Anna.Mueller@mueller-soehne.de\nfrom 10.1.2.3 and 10.1.2.3, fw.mueller-soehne.de, fe80::1:2:3:4",
    ],
    ["severity", "critical"],
    ["tags", ["power", "ups"]],
    ["fields.host.name", "srv-ulm.7"],
    ["fields.count", 3],
  ],
  organization: { name: "Müller", mapped: true, tags: ["gold"] },
  device: { name: "SRV-Ulm.7", tags: ["server"] },
  outcome: "ticket_created",
  fired: ["Ticket for a new alert"],
  repeatOf: undefined,
};

describe("a test written from a stored alert", () => {
  it("passes against the rules that handled the alert, and names nobody", async () => {
    const text = writeTest(recorded, [rules]);
    expect(text).toMatchInlineSnapshot(`
      "test "as recorded: Device DEVICE-1 of Customer \\"Söhne\\" \\{lost} power \\*"
        zone "UTC"
        given organization "Customer" tags "gold"
        given device "DEVICE-1" of "Customer" tags "server"
        at 2026-11-22 23:05:12 receive alert
          organization = "Customer"
          device = "DEVICE-1"
          source = "Datto RMM"
          title = "Device DEVICE-1 of Customer \\"Söhne\\" \\{lost} power \\*"
          description = "mail to person1@customer.example\\nfrom 192.0.2.2 and 192.0.2.2, host4.customer.example, 2001:db8::3"
          severity = "critical"
          tags = ["power", "ups"]
          fields."host.name" = "DEVICE-1"
          fields."count" = 3
        end
        expect ticket 1 created
        expect rule "Ticket for a new alert" fired
      end
      "
    `);
    expect(text).not.toMatch(/Müller|mueller|SRV-Ulm|10\.1\.2\.3|fe80/i);
    const { results } = await runRuleTests(rules, text);
    expect(results).toMatchObject([{ result: "passed" }]);
  });

  it("keeps the words that rules name, and tells a repeat after its first", async () => {
    const text = writeTest(
      {
        ...recorded,
        organization: { name: "Globex", mapped: true, tags: [] },
        device: undefined,
        members: recorded.members.slice(0, 1).concat([
          ["title", "Disk of Globex"],
          ["severity", "major"],
        ]),
        outcome: "note_added",
        repeatOf: "2026-11-22T23:02:00.000Z",
        fired: ["Ticket for a new alert"],
      },
      [rules],
    );
    expect(text).toContain('organization = "Globex"');
    expect((await runRuleTests(rules, text)).results).toMatchObject([{ result: "passed" }]);
  });

  it("gives an unmapped organization as unmapped, and what came of an alert without a ticket", async () => {
    const text = writeTest(
      {
        ...recorded,
        organization: { name: "Stranger", mapped: false, tags: [] },
        device: undefined,
        members: [
          ["title", "x"],
          ["source", "Somebody"],
        ],
        outcome: "unmatched",
        fired: [],
      },
      [rules],
    );
    expect(text).toContain('given unmapped organization "Customer"');
    expect((await runRuleTests(rules, text)).results).toMatchObject([{ result: "passed" }]);
  });
});
