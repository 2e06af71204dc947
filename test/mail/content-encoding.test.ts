/** Transfer encodings: what was encoded is read back, in lines that mail allows. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeTransfer, encodeTransfer } from "../../src/mail/content-encoding.ts";

const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom("\r\n", "\n", " ", "=", "=\r\n", "a".repeat(100)).map((it) => Buffer.from(it)),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => Buffer.concat(pieces));
const latin1 = (it: Buffer): string => it.toString("latin1");

describe("quoted-printable", () => {
  it("gives back what was encoded, line ends as CR LF", () => {
    fc.assert(
      fc.property(bytes, (body) => {
        const encoded = encodeTransfer(body, "quoted-printable");
        expect(latin1(decodeTransfer(encoded, "quoted-printable"))).toBe(
          latin1(body).replaceAll(/\r\n|\n/gu, "\r\n"),
        );
        expect(latin1(encoded)).toMatch(/^(?:[!-<>-~ =]{0,76}(?:\r\n|$))*$/u);
      }),
    );
  });

  it("keeps an = that begins no escape, and passes over soft line ends", () => {
    const read = (text: string): string => latin1(decodeTransfer(Buffer.from(text), "quoted-printable"));
    const long = "a".repeat(200);
    expect(read(`a=b ${long}=3D=\r\n${long}= \t\nc=`)).toBe(`a=b ${long}=${long}c`);
    expect(read("=4=41==41")).toBe("=4A=A");
  });
});

describe("base64", () => {
  it("gives back what was encoded", () => {
    fc.assert(
      fc.property(bytes, (body) => {
        expect(latin1(decodeTransfer(encodeTransfer(body, "base64"), "base64"))).toBe(latin1(body));
      }),
    );
  });
});
