import { describe, expect, test } from "vitest";
import { compileRuleSet } from "../../src/compiler/index.ts";
import type { MailToDecide } from "../../src/decision/index.ts";
import { wavesOf } from "../../src/engine/mail/mail-waves.ts";
import { readMailNow } from "../../src/mail/index.ts";
import { MAIL_RULES, PASSWORD } from "./mail-desk.ts";

const { ir } = compileRuleSet([{ path: "mail.rules", text: MAIL_RULES }]);
if (ir === undefined) throw new Error("the rules do not compile");
const rules = ir;

interface Given {
  readonly id: string;
  readonly lane: string;
  readonly loop?: string;
  readonly raw?: string;
  readonly mailbox?: string;
}

function waves(mails: readonly Given[]): string[][] {
  const all = mails.map(({ id, lane, loop, raw, mailbox = "alerts@msp.example" }) => {
    const mail: MailToDecide = {
      id,
      mailbox,
      envelopeFrom: "",
      receivedAt: 0,
      read: readMailNow(Buffer.from(raw ?? `Message-ID: <${id}@x.example>\r\n\r\nText`)),
      tokenAccepted: true,
      edition: "advanced",
      newContactId: `ct_${id}`,
    };
    const declared = rules.mailboxes?.find(({ address }) => address === mailbox);
    return { mail, mailbox: declared, waiting: { lane }, loopKey: loop };
  });
  return wavesOf(all, rules).map((wave) => wave.map(({ mail }) => mail.id));
}

const withAlert = (id: string, alert: string): string =>
  `Message-ID: <${id}@x.example>\r\n\r\n<Autotask><PW name="${PASSWORD}"/><AlertID source="XYZ" name="${alert}"/></Autotask>`;

describe("the waves of a batch", () => {
  test("keep mails of one sender in their order and take the others along", () => {
    expect(
      waves([
        { id: "a1", lane: "a" },
        { id: "b1", lane: "b" },
        { id: "a2", lane: "a" },
        { id: "c1", lane: "c" },
        { id: "a3", lane: "a" },
      ]),
    ).toEqual([["a1", "b1", "c1"], ["a2"], ["a3"]]);
  });

  test("set mails apart that carry one alert id", () => {
    expect(
      waves([
        { id: "a", lane: "a", raw: withAlert("a", "1") },
        { id: "b", lane: "b", raw: withAlert("b", "2") },
        { id: "c", lane: "c", raw: withAlert("c", "1") },
      ]),
    ).toEqual([["a", "b"], ["c"]]);
  });

  test("set an answer apart from the mail that it answers", () => {
    expect(
      waves([
        { id: "a", lane: "a" },
        { id: "b", lane: "b", raw: "Message-ID: <b@x.example>\r\nIn-Reply-To: <a@x.example>\r\n\r\nText" },
      ]),
    ).toEqual([["a"], ["b"]]);
  });

  test("set mails apart that name one number, one address or repeat each other", () => {
    expect(
      waves([
        { id: "a", lane: "a", raw: "Subject: Re: P20261122.0001\r\nFrom: x@y.example\r\n\r\nText" },
        { id: "b", lane: "b", raw: "Subject: p20261122.0001\r\nFrom: z@y.example\r\n\r\nText", loop: "l" },
        { id: "c", lane: "c", raw: "Subject: Hello\r\nFrom: X@y.example\r\n\r\nText" },
        { id: "d", lane: "d", loop: "l" },
      ]),
    ).toEqual([["a"], ["b", "c"], ["d"]]);
  });
});
