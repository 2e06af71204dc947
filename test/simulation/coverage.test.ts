/** Coverage: rules that fired, conditions seen both ways, exceptions that exempted. */
import { describe, expect, it } from "vitest";
import { coverageAsLcov } from "../../src/simulation/index.ts";
import { runRuleTests } from "./run-rule-tests.ts";

const rules = `rule "A"
  when alert received
  if alert.title contains "x"
     and not (alert.source is "Lab" or alert.severity is "info")
  except when alert.title contains "y"
  then create ticket
end
inactive rule "B"
  when alert received
  then suppress alert
end
`;
const coverageOf = async (lines: string): Promise<Awaited<ReturnType<typeof runRuleTests>>> =>
  await runRuleTests(rules, `test "t"\n${lines}\nend\n`);

describe("coverage", () => {
  it("names what no test has seen, inactive rules left out", async () => {
    const { coverage } = await coverageOf('at 10:00 receive alert\ntitle = "z", severity = "info"\nend');
    const place = { rule: "A", file: "a.rules" };
    expect(coverage().report()).toEqual({
      percent: 40,
      rules: { covered: 0, total: 1, missing: [{ ...place, line: 1 }] },
      conditions: {
        covered: 4,
        total: 8,
        missing: [
          { ...place, line: 3, text: 'alert.title contains "x"', never: "true" },
          { ...place, line: 4, text: 'alert.source is "Lab"', never: "true" },
          { ...place, line: 4, text: 'alert.severity is "info"', never: "false" },
          { ...place, line: 5, text: 'alert.title contains "y"', never: "true" },
        ],
      },
      exceptions: {
        covered: 0,
        total: 1,
        missing: [{ ...place, line: 5, text: 'alert.title contains "y"', never: "true" }],
      },
    });
  });

  it("is whole when every condition was seen both ways", async () => {
    const alerts = [
      'title = "x"',
      'title = "xy"',
      'title = "z", source = "Lab"',
      'title = "z", severity = "info"',
    ];
    const { coverage } = await coverageOf(alerts.map((fields) => `receive alert\n${fields}\nend`).join("\n"));
    expect(coverage().report()).toMatchObject({ percent: 100, exceptions: { covered: 1, total: 1 } });
  });

  it("is written for lcov", async () => {
    const { coverage } = await coverageOf('receive alert\ntitle = "x"\nend');
    expect(coverageAsLcov(coverage().rules).split("\n")).toEqual([
      "TN:",
      "SF:a.rules",
      "FN:1,A",
      "FNDA:1,A",
      "FNF:1",
      "FNH:1",
      "BRDA:3,0,0,1",
      "BRDA:3,0,1,0",
      "BRDA:4,0,2,0",
      "BRDA:4,0,3,1",
      "BRDA:4,0,4,0",
      "BRDA:4,0,5,1",
      "BRDA:5,0,6,0",
      "BRDA:5,0,7,1",
      "BRDA:5,0,8,0",
      "BRDA:5,0,9,1",
      "BRF:10",
      "BRH:5",
      "DA:1,1",
      "DA:3,1",
      "DA:4,1",
      "DA:5,1",
      "LF:4",
      "LH:4",
      "end_of_record",
      "",
    ]);
  });
});
