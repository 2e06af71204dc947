/** The password of a token is nowhere in what is kept, whatever encoding it came in (ATES-3). */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskToken, readMailNow, samePassword } from "../../src/mail/index.ts";
import { readCorpus } from "./corpus.ts";
import { CORPUS_PASSWORD as PW, fuzzMail, leakOf } from "./mutate.ts";

const HEADERS = "From: rmm@kaseya.example\r\nSubject: Disk full\r\n";
const token = (password: string): string =>
  `<Autotask>\r\n<ID name="a"/>\r\n<PW name="${password}"/>\r\n<AlertID source="X" name="1"/>\r\n</Autotask>\r\n`;
const base64 = (text: string | Buffer): string =>
  Buffer.from(text).toString("base64").replace(/.{76}/gu, "$&\r\n");
const quoted = (text: string): string =>
  Buffer.from(text, "utf8")
    .toString("latin1")
    .replace(/[^\r\n -<>-~]/gu, (it) => `=${it.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`)
    .replace(/=(?![\dA-F]{2})/gu, "=3D")
    .replace(/(?:=[\dA-F]{2}|[^\r\n=]){20}(?=[^\r\n])/gu, "$&=\r\n");
const mixed = (...parts: readonly string[]): string =>
  `${HEADERS}Content-Type: multipart/mixed; boundary="bb"\r\n\r\npreamble\r\n${parts.map((part) => `--bb\r\n${part}\r\n`).join("")}--bb--\r\nepilogue\r\n`;
const html = (password: string): string =>
  `<p>Alert</p>${token(password).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")}`;

describe("a password is masked", () => {
  it.each([
    ["in plain text", `${HEADERS}\r\n${token(PW)}`],
    [
      "in quoted-printable, wrapped",
      `${HEADERS}Content-Transfer-Encoding: quoted-printable\r\n\r\n${quoted(token(PW))}`,
    ],
    ["in base64", `${HEADERS}Content-Transfer-Encoding: base64\r\n\r\n${base64(token(PW))}`],
    [
      "in UTF-16",
      `${HEADERS}Content-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(Buffer.from(token(PW), "utf16le"))}`,
    ],
    ["in escaped HTML", `${HEADERS}Content-Type: text/html\r\n\r\n${html(PW)}`],
    [
      "in an older token of a quoted reply",
      `${HEADERS}\r\nnew\r\n${token(PW)}\r\n> ${token(PW).replaceAll("\r\n", "\r\n> ")}`,
    ],
    [
      "with its tag wrapped in a quote",
      `${HEADERS}\r\n${token(PW)}\r\n> <PW\r\n>   name="zzZ3zZ/2Z1Z\r\n> zzZZZ0zoZ9z=="/>`,
    ],
    ["in a token that does not end", `${HEADERS}\r\n${token(PW)}\r\n<Autotask><PW name="${PW}`],
    ["as the text of its element", `${HEADERS}\r\n${token(PW)}\r\n<PW>${PW}</PW>`],
    ["in an HTML alternative", mixed(`\r\n${token(PW)}`, `Content-Type: text/html\r\n\r\n${html(PW)}`)],
    [
      "in a text file",
      mixed(
        `\r\n${token(PW)}`,
        `Content-Type: application/octet-stream; name=log.txt\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(`log ${PW}`)}`,
      ),
    ],
    [
      "in an embedded message",
      mixed(
        `\r\n${token(PW)}`,
        `Content-Type: message/rfc822\r\n\r\n${HEADERS}Content-Transfer-Encoding: base64\r\n\r\n${base64(token(PW))}`,
      ),
    ],
    [
      "in an encoded embedded message",
      mixed(
        `\r\nx`,
        `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(`${HEADERS}\r\n${token(PW)}`)}`,
      ),
    ],
    ["in a header", `${HEADERS}X-Note: ${PW}\r\n\r\n${token(PW)}`],
    ["in an encoded word of a header", `${HEADERS}X-Note: =?utf-8?B?${base64(PW)}?=\r\n\r\n${token(PW)}`],
    [
      "in a preamble and an epilogue",
      mixed(`\r\n${token(PW)}`)
        .replace("preamble", PW)
        .replace("epilogue", PW),
    ],
    [
      "in a part that no reader decodes",
      mixed(
        `\r\n${token(PW)}`,
        `Content-Type: text/plain\r\n\r\n${base64(`the key is ${PW} indeed, it is`)}`,
      ),
    ],
    ["when typographic quotes stand around it", `${HEADERS}\r\n${token(PW).replaceAll('"', "”")}`],
    [
      "when a tag stands in its name",
      `${HEADERS}Content-Type: text/html\r\n\r\n${html(PW).replace("PW", "<b>PW</b>")}`,
    ],
    ["when tags cut it", `${HEADERS}Content-Type: text/html\r\n\r\n${html(PW).replace("zzZ3", "zz<wbr>Z3")}`],
  ])("%s", (_, text) => {
    const raw = Buffer.from(text, "utf8");
    const masked = Buffer.from(maskToken(raw));
    expect(masked.equals(raw)).toBe(false);
    expect(leakOf(masked, PW)).toBeUndefined();
  });

  it("and all else of the message stays, in its own encoding", () => {
    const raw = Buffer.from(
      mixed(
        `Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=F6=DFe\r\n${quoted(token(PW))}`,
        `Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64("PNG")}`,
      ),
      "latin1",
    );
    const masked = maskToken(raw);
    const [before, after] = [readMailNow(raw), readMailNow(masked)];
    expect(after.text).toBe(before.text);
    expect(after.attachments).toEqual(before.attachments);
    expect(after.token).toMatchObject({ token: { values: { ID: "a", PW: "***", AlertID: "1" } } });
  });

  it("whatever its length, it becomes three stars", () => {
    const lengthOf = (password: string): number =>
      maskToken(Buffer.from(`${HEADERS}\r\n${token(password)}`)).length;
    expect(lengthOf("a".repeat(8))).toBe(lengthOf("b".repeat(200)));
  });

  it("that is only known from elsewhere is masked where it stands", () => {
    const raw = Buffer.from(`${HEADERS}\r\nMy key is hunter2hunter2, bye\r\n`);
    expect(Buffer.from(maskToken(raw, ["hunter2hunter2"])).toString()).toContain("My key is ***, bye");
  });

  it("any password, in any of the ways to send it", () => {
    const password = fc
      .string({ unit: fc.constantFrom(..."abcXYZ019+/=&<>' ;.-_éß€"), minLength: 8, maxLength: 60 })
      .filter((it) => it.trim().length >= 8 && !/\s{2}|^\s|\s$/u.test(it));
    const ways: readonly ((password: string) => string)[] = [
      (it) => `${HEADERS}Content-Type: text/plain; charset=utf-8\r\n\r\n${token(escaped(it))}`,
      (it) =>
        `${HEADERS}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(token(escaped(it)))}`,
      (it) =>
        `${HEADERS}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quoted(token(escaped(it)))}`,
      (it) => `${HEADERS}Content-Type: text/html; charset=utf-8\r\n\r\n${html(escaped(it))}`,
      (it) =>
        mixed(
          `Content-Type: text/plain; charset=utf-8\r\n\r\n${token(escaped(it))}`,
          `Content-Type: text/html; charset=utf-8\r\n\r\n${html(escaped(it))}`,
        ),
    ];
    fc.assert(
      fc.property(password, fc.constantFrom(...ways), (secret, way) => {
        const raw = Buffer.from(way(secret), "utf8");
        const mail = readMailNow(raw);
        expect(mail.token).toMatchObject({ kind: "token", token: { values: { PW: secret } } });
        expect(leakOf(Buffer.from(maskToken(raw, [secret])), secret)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

describe("a message without a password", () => {
  it("stays the very same bytes", () => {
    const plain = readCorpus().filter(({ raw }) => !raw.includes("PW") && !raw.includes("UFcg"));
    expect(plain.length).toBeGreaterThan(80);
    for (const { name, raw } of plain.filter((it) => !it.name.startsWith("token"))) {
      expect([name, Buffer.from(maskToken(raw)).equals(raw)]).toEqual([name, true]);
    }
  });
});

describe("any message", () => {
  it("of the corpus shows no password after masking", () => {
    for (const { name, raw } of readCorpus())
      expect([name, leakOf(Buffer.from(maskToken(raw)), PW)]).toEqual([name, undefined]);
  });

  it("mutated from the corpus is read and masked without a throw, a hang or a leak", () => {
    const { failures } = fuzzMail(400, 1);
    expect(failures.map(({ seed, why }) => `${seed}: ${why}`)).toEqual([]);
  });

  it("of any bytes is read and masked without a throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        readMailNow(bytes);
        maskToken(bytes);
      }),
    );
  });
});

describe("samePassword", () => {
  it("holds for the same text only", () => {
    expect(samePassword("secret", "secret")).toBe(true);
    expect(samePassword("secret", "Secret")).toBe(false);
    expect(samePassword("", "x".repeat(1000))).toBe(false);
  });
});
