import { expect, test } from "vitest";
import { runRuleTests } from "./run-rule-tests.ts";

const RULES = `
partner "XYZ"
mailbox "alerts@msp.example"
  token password secret "ates_password"
end
mailbox "support@msp.example"
  organization fallback "Acme"
  ticket
    priority = "High"
  end
end
rule "From the boss"
  when ticket created by contact
  if mail.from is "anna@acme.example" and mail.header."X-Urgent" is "yes"
  then
    set ticket.priority = "Critical"
end
rule "A token's ticket is the system's"
  when ticket created by system
  if mail.mailbox is "alerts@msp.example"
  then
    add tag "monitoring"
end
`;

const run = async (body: string): Promise<readonly string[]> => {
  const { results } = await runRuleTests(RULES, `test "mail"\n${body}\nend\n`);
  return results.flatMap(({ failures }) => failures.map(({ expected, got }) => `${expected}: ${got}`));
};

const token = (password: string): string => `
  at 09:00 receive mail """
    From: monitor@xyz.example
    To: alerts@msp.example
    Subject: Disk C:\\ is {full}

    Path C:\\temp {x}
    <Autotask><ID name="acmemsp.com"/><PW name="${password}"/>
    <Customer name="Acme"/><AlertID source="XYZ" name="8932"/></Autotask>
    """`;

test("a token mail opens a ticket, its repeat is a note, and after Complete another ticket opens", async () => {
  expect(
    await run(`
  given secret "ates_password" is "s3cr3t"
  ${token("s3cr3t")}
  expect ticket 1 created
  expect ticket 1 title is "Disk C:\\\\ is {full}"
  expect ticket 1 description is "Path C:\\\\temp {x}"
  expect ticket 1 udf."XYZ Alert ID" is "8932"
  expect ticket 1 organization.name is "Acme"
  expect rule "A token's ticket is the system's" fired
  ${token("s3cr3t").replace("09:00", "09:30")}
  expect note on ticket 1
  at 10:00 set ticket 1 status = "Complete"
  ${token("s3cr3t").replace("09:00", "10:01")}
  expect ticket 2 created`),
  ).toEqual([]);
});

test("a wrong password makes nothing", async () => {
  expect(
    await run(`  given secret "ates_password" is "s3cr3t"\n${token("guess")}\n  expect nothing`),
  ).toEqual([]);
});

test("a person's mail reaches the rules with its headers", async () => {
  expect(
    await run(`
  given contact "anna@acme.example" of "Acme"
  at 09:00 receive mail """
    From: Anna <anna@acme.example>
    To: support@msp.example
    Subject: Printer
    X-Urgent: yes

    It smokes.
    """
  expect ticket 1 priority is "Critical"
  expect ticket 1 contact.email is "anna@acme.example"
  expect rule "From the boss" fired`),
  ).toEqual([]);
});

test("a mail to nobody's mailbox says which mailboxes there are", async () => {
  expect(
    await run(
      `  at 09:00 receive mail """\n    From: a@b.example\n    To: c@d.example\n    Subject: x\n\n    y\n    """`,
    ),
  ).toEqual([expect.stringContaining("write `To: alerts@msp.example` in its headers")]);
});

test("an expectation that a mail came to nothing of says what became of the mail", async () => {
  const { results } = await runRuleTests(
    `mailbox "support@msp.example" end`,
    `test "mail"
  at 09:00 receive mail """
    From: Eve <eve@nobody.example>
    To: support@msp.example
    Subject: Hello

    Anybody there?
    """
  expect ticket 1 created
end
`,
  );
  expect(results.flatMap(({ failures }) => failures.flatMap(({ details }) => details))).toEqual([
    expect.stringMatching(/^the mail is failed: nobody's: no contact/u),
  ]);
});
