/** Every message of the corpus is read as the file beside it says. */
import { describe, expect, it } from "vitest";
import { readMail, type ReadMail } from "../../src/mail/index.ts";
import { readCorpus } from "./corpus.ts";

const cases = readCorpus();

describe("the corpus", () => {
  it("has at least eighty messages", () => {
    expect(cases.length).toBeGreaterThanOrEqual(80);
  });

  it.each(cases.map((it) => [it.name, it] as const))(
    "%s",
    async (_, { about, raw, options, expect: expected }) => {
      const mail = await readMail(raw, options);
      const { warns, hides, headerAbsent, ...members } = expected;
      expect(shown(mail), about).toMatchObject(members);
      if (warns !== undefined) expect(mail.warnings.join("\n")).toContain(warns);
      if (hides !== undefined) expect(JSON.stringify(mail)).not.toContain(hides);
      if (headerAbsent !== undefined) expect(Object.keys(mail.headers)).not.toContain(headerAbsent);
    },
  );
});

/** As the files write it: null for undefined, contents as text, the token flat. */
function shown(mail: ReadMail): unknown {
  const token = mail.token.kind === "token" ? { ...mail.token, ...mail.token.token } : mail.token;
  const plain = {
    ...mail,
    token,
    sentAt: mail.sentAt ?? null,
    automatic: mail.automatic ?? null,
    authentication: mail.authentication ?? null,
    attachments: mail.attachments.map((it) => ({
      ...it,
      content: Buffer.from(it.content).toString("latin1"),
    })),
  };
  return plain;
}
