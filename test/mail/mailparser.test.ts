/**
 * mailparser as an oracle: on messages that are well formed the two readers agree on who wrote, what about, and which files came along. Where
 * they differ on purpose (a wrong charset label, words in From, limits) the message is in the corpus with what is right.
 */
import { simpleParser } from "mailparser";
import { describe, expect, it } from "vitest";
import { readMailNow } from "../../src/mail/index.ts";
import { readCorpus } from "./corpus.ts";

const ON_PURPOSE =
  /^(?:header-(?:raw-latin1|none-at-all|injection)|words-(?:with-blanks|letter)|from-(?:two|group|word)|charset|attachment-path|boundary|multipart-with|bounce-report|invitation|forwarded|date|private|mbox|line-ends|inline|alternative-related|token-password)/u;

describe("mailparser", () => {
  it.each(
    readCorpus()
      .filter(({ name }) => !ON_PURPOSE.test(name))
      .map((it) => [it.name, it.raw] as const),
  )("agrees on %s", async (_, raw) => {
    const [ours, theirs] = [readMailNow(raw), await simpleParser(raw)];
    expect(ours.subject).toBe((theirs.subject ?? "").replace(/\s+/gu, " "));
    expect(ours.from?.address).toBe(theirs.from?.value[0]?.address);
    expect(ours.from?.name ?? "").toBe(theirs.from?.value[0]?.name);
    expect(ours.messageId === undefined ? undefined : `<${ours.messageId}>`).toBe(theirs.messageId);
    expect(ours.attachments.map(({ content }) => Buffer.from(content).toString("latin1"))).toEqual(
      theirs.attachments.map(({ content }) => content.toString("latin1")),
    );
  });
});
