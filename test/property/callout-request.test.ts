/** Whatever an alert brings, a callout's request keeps its shape: host, header lines, body. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rulesFromText } from "../decision/compiled-rules.ts";
import { storyOf } from "../decision/desk-story.ts";

const AT = Date.UTC(2026, 10, 22, 23, 5);
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\r", "\n", "\0", "/", "?", "#", "&", "<", "\ud800"),
    fc.string({ unit: "binary", maxLength: 1 }),
  ),
  maxLength: 30,
});

const rulesWith = (body: string) =>
  rulesFromText(`
recipient "noc"
  email "noc@msp.example"
end
callout "tell"
  post "https://rmm.example/alert/{ticket.title}/close?by={ticket.title}"
  header "X-Title" "{ticket.title}"
  body ${body}
    title = ticket.title
  end
  notify "noc" on failure
end
rule "Every alert"
  when alert received
  then
    create ticket
    run callout "tell"
end`);

const json = rulesWith("json");
const xml = rulesWith("xml");

describe("a callout's request", () => {
  it("keeps host, path and query whatever the title says, and no value starts a header line", () =>
    fc.assert(
      fc.asyncProperty(anyText, async (wild) => {
        const story = storyOf(json);
        await story.receive(AT, { title: `T${wild}` });
        const request = story.desk.deliveries[0]?.request;
        const url = new URL(request?.url ?? "");
        expect(url.host).toBe("rmm.example");
        expect(url.pathname.split("/")).toHaveLength(4);
        expect([...url.searchParams.keys()]).toEqual(["by"]);
        for (const { value } of request?.headers ?? []) expect(value).not.toMatch(/[\r\n\0]/);
        expect(JSON.parse(request?.body ?? "")).toEqual({ title: story.ticket(1).title });
      }),
    ));

  it("sends XML with one element whatever the title says", () =>
    fc.assert(
      fc.asyncProperty(anyText, async (wild) => {
        const story = storyOf(xml);
        await story.receive(AT, { title: `T${wild}` });
        const body = story.desk.deliveries[0]?.request?.body ?? "";
        const inner =
          /^<\?xml version="1\.0" encoding="UTF-8"\?><request><title>([^<>"']*)<\/title><\/request>$/su.exec(
            body,
          );
        expect(inner?.[1]).toMatch(/^T/);
        expect(inner?.[1]).not.toMatch(/&(?!(amp|lt|gt|quot|apos);)/);
      }),
    ));
});
