/** Callouts of a rule test go by the rules of the durable delivery (domain.md CO-9 to CO-12). */
import { describe, expect, it } from "vitest";
import { failuresOf } from "./run-rule-tests.ts";

const rulesWith = (lines: string): string => `
recipient "integrations"
  email "integrations@msp.example"
end
callout "close"
  post "https://rmm.example.com/{ticket.external_id}"
  ${lines}
  notify "integrations" on failure
end
rule "Done"
  when ticket completed
  then run callout "close"
end
rule "Again"
  when ticket reopened
  then run callout "close"
end
rule "Failed"
  when callout failed
  then add note "{callout.attempts} {callout.last_error}"
end
rule "Worked"
  when callout "close" succeeded
  then add note "worked after {callout.attempts}"
end
`;

const given = (answers: string): string => `given callout "close" answers ${answers}
  given ticket 1 created at 09:00
    external_id = "8932"
  end
  at 09:30 set ticket 1 status = "Complete"
  `;

describe("callouts of a rule test", () => {
  it("wait from the end of an attempt, its time-out included", async () => {
    const lines = `${given("503, timeout, 200")}
      at 09:30:59
      expect callout "close" sent 1 times
      at 09:31
      expect callout "close" sent 2 times
      at 09:32:14
      expect callout "close" sent 2 times
      at 09:32:15
      expect callout "close" sent 3 times
      expect callout "close" succeeded
      expect note on ticket 1 containing "worked after 3"
      at 12:00
      expect nothing`;
    expect(await failuresOf(rulesWith(""), lines)).toEqual([]);
  });

  it("give up after the last resend, tell it once and raise the event", async () => {
    const lines = `${given("500")}
      at 09:32
      expect callout "close" sent 3 times
      expect callout "close" failed
      expect notify "integrations" 1 time
      expect note on ticket 1 containing "3 HTTP 500"
      at 10:00
      expect callout "close" sent 3 times
      expect callout "close" not sent`;
    expect(await failuresOf(rulesWith("retry every 60 seconds up to 2 times"), lines)).toEqual([]);
  });

  it("do not retry a refusal where the callout says so", async () => {
    const lines = `${given("404")}
      expect callout "close" sent 1 times
      expect callout "close" failed
      expect note on ticket 1 containing "HTTP 404"`;
    expect(await failuresOf(rulesWith("do not retry on 4xx"), lines)).toEqual([]);
    expect(await failuresOf(rulesWith(""), `${given("404")}\n expect callout "close" failed`)).toEqual([
      'expect callout "close" failed -> it was sent once',
    ]);
  });

  it("take the declared time-out and the declared statuses of success", async () => {
    const lines = `${given("timeout, 202, 200")}
      at 09:31:29
      expect callout "close" sent 1 time
      at 09:31:30
      expect callout "close" sent 2 times
      at 09:32:30
      expect callout "close" succeeded`;
    expect(await failuresOf(rulesWith("timeout 30 seconds\n success is 200"), lines)).toEqual([]);
  });

  it("go one after the other for one ticket", async () => {
    const lines = `${given("500, 500, 200")}
      after 10s set ticket 1 status = "New"
      expect callout "close" not sent
      at 09:32
      expect callout "close" sent 4 times
      expect callout "close" succeeded`;
    expect(await failuresOf(rulesWith(""), lines)).toEqual([]);
  });

  it("fail at once when the request cannot be built", async () => {
    const lines = `given ticket 1 created at 09:00
      at 09:30 set ticket 1 status = "Complete"
      expect callout "close" failed
      expect callout "close" not sent
      expect notify "integrations"`;
    expect(await failuresOf(rulesWith(""), lines)).toEqual([]);
  });

  it("answer 200 where the test gives no answer", async () => {
    const lines = `given ticket 1 created at 09:00
      external_id = "1"
      end
      at 09:30 set ticket 1 status = "Complete"
      expect callout "close" succeeded`;
    expect(await failuresOf(rulesWith(""), lines)).toEqual([]);
  });
});
