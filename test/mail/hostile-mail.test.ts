/**
 * Messages that were made to hurt: each is read and masked, tells that it was cut, and costs time in proportion to its bytes. Where the cost grew
 * faster, the sizes here would not end within the time of a test.
 */
import { describe, expect, it } from "vitest";
import { maskToken, readMailNow, type ReadMail } from "../../src/mail/index.ts";

/** Of each text; a cost that grows with the square would take minutes. */
const SIZE = 128 * 1024;
const LINE = 1024 * 1024;

function read(headers: string, body: string): ReadMail {
  const raw = Buffer.from(`From: a@acme.example\r\nSubject: hostile\r\n${headers}\r\n${body}`, "latin1");
  maskToken(raw);
  return readMailNow(raw, { trustedAuthserv: "mx.msp.example" });
}

describe("bombs of MIME", () => {
  it("ten thousand parts are read up to the limit", () => {
    const mail = read(
      "Content-Type: multipart/mixed; boundary=b\r\n",
      `${"--b\r\n\r\nx\r\n".repeat(10_000)}--b--`,
    );
    expect(mail.warnings.join()).toContain("more than 1000 parts");
    expect(mail.text.startsWith("x\n\nx")).toBe(true);
  });

  it("multiparts nested a thousand deep are read up to the limit", () => {
    const levels = Array.from(
      { length: 1000 },
      (_, n) => `--b${n}\r\nContent-Type: multipart/mixed; boundary=b${n + 1}\r\n\r\n`,
    );
    const mail = read(
      "Content-Type: multipart/mixed; boundary=b0\r\n",
      `${levels.join("")}--b1000\r\n\r\ndeep\r\n`,
    );
    expect(mail.warnings.join()).toContain("deep: what is below is not read");
  });

  it("messages nested a thousand deep too", () => {
    const mail = read(
      "Content-Type: message/rfc822\r\n",
      "Content-Type: message/rfc822\r\n\r\n".repeat(1000),
    );
    expect(mail.warnings.join()).toContain("deep");
  });

  it("a boundary that stands everywhere and ends nowhere", () => {
    read("Content-Type: multipart/mixed; boundary=b\r\n", "--b ".repeat(SIZE));
    read("Content-Type: multipart/mixed; boundary=b\r\n", `\n--b${" ".repeat(300)}`.repeat(10_000));
  });

  it("what decodes to little and what is said to be base64 and is not", () => {
    read("Content-Transfer-Encoding: base64\r\n", "=".repeat(4 * SIZE));
    read("Content-Transfer-Encoding: base64\r\n", "!".repeat(4 * SIZE));
    read("Content-Transfer-Encoding: quoted-printable\r\n", `=${" ".repeat(100)}`.repeat(40_000));
  });

  it("bytes that look like an archive are a file and nothing else", () => {
    const zip = Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(100_000)]).toString("base64");
    const mail = read(
      "Content-Type: multipart/mixed; boundary=b\r\n",
      `--b\r\nContent-Type: application/zip; name=42.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${zip}\r\n--b--`,
    );
    expect(mail.attachments).toMatchObject([{ name: "42.zip", contentType: "application/zip" }]);
  });
});

describe("headers", () => {
  it("a line of one megabyte is cut", () => {
    const mail = read(`X-Long: ${"x".repeat(LINE)}\r\n`, "text");
    expect(mail.headers["x-long"]!.length).toBeLessThanOrEqual(2000);
    expect(mail.warnings.join()).toContain("too long");
    expect(mail.text).toBe("text");
  });

  it("ten thousand fields are read up to the limit", () => {
    const mail = read("X-Many: x\r\n".repeat(10_000), "text");
    expect(mail.warnings.join()).toContain("too many header fields");
    expect(mail.text).toBe("text");
  });

  it.each([
    ["a subject of folds", "Subject: x\r\n", "\r\n y".repeat(100_000)],
    ["encoded words without an end", "X: ", "=?utf-8?q?".repeat(6000)],
    ["empty encoded words", "X: ", "=?utf-8?q??= ".repeat(5000)],
    ["addresses in brackets", "To: ", "<".repeat(60_000)],
    ["addresses in comments", "To: ", "(".repeat(60_000)],
    ["addresses in quotes", "To: ", '"a'.repeat(30_000)],
    ["five thousand addresses", "To: ", "a@acme.example, ".repeat(4000)],
    ["groups in groups", "To: ", "a:".repeat(30_000)],
    ["results in comments", "Authentication-Results: mx.msp.example; ", "(".repeat(60_000)],
    ["results in quotes", "Authentication-Results: mx.msp.example; dkim=pass ", '"\\'.repeat(30_000)],
    ["parameters", "Content-Type: text/plain; ", "a*1*=x;".repeat(9000)],
    ["references", "References: ", "<a@b>".repeat(12_000)],
  ])("%s", (_, name, value) => {
    const mail = read(`${name}${value}\r\n`, "text");
    expect(mail.to.length).toBeLessThanOrEqual(500);
  });
});

describe("texts", () => {
  it.each([
    ["quotes", ">".repeat(SIZE)],
    ["quoted lines", "> x\n".repeat(31_250)],
    ["lines that begin like an attribution", "On Mon 1 wrote wrote wrote wrote a@b\n".repeat(3125)],
    ["one line that begins like an attribution", `On ${"1 wrote ".repeat(15_000)}`],
    ["names before verbs", `a@${"x schrieb am ".repeat(10_000)}`],
    ["lines that begin like a header", "Von: a\nGesendet: b\n".repeat(6250)],
    ["dashes", "--\n".repeat(37_500)],
    ["blank lines", "\n".repeat(SIZE)],
    ["blanks", " ".repeat(SIZE)],
    ["openings of tokens", "<Autotask>".repeat(12_500)],
    ["openings of tokens with blanks", "<Autotask ".repeat(12_500)],
    ["escaped openings", "&lt;Autotask&gt;".repeat(7500)],
    ["passwords", '<PW name="'.repeat(12_500)],
    [
      "passwords of one mail each",
      Array.from({ length: 5000 }, (_, n) => `<PW name="pass${n}word"/>`).join(""),
    ],
    ["passwords without quotes", "<PW ".repeat(31_250)],
    ["base64 without an end", `${"a".repeat(SIZE)}"<PW name="secret-word"/>`],
    ["ampersands", "&".repeat(SIZE)],
    ["references", "&#1".repeat(37_500)],
  ])("%s", (_, text) => {
    const mail = read("", text);
    expect(mail.text.length).toBeLessThanOrEqual(LINE);
    const flowed = read("Content-Type: text/plain; format=flowed\r\n", text);
    expect(flowed.text.length).toBeLessThanOrEqual(2 * LINE);
  });
});

describe("HTML", () => {
  it.each([
    ["divisions in divisions", "<div>".repeat(25_000)],
    ["quotes in quotes", "<blockquote>".repeat(10_000)],
    ["tags without an end", "<a ".repeat(43_750)],
    ["attributes with one quote", "<a '\">".repeat(18_750)],
    ["comments without an end", "<!--".repeat(31_250)],
    ["scripts without an end", "<script>".repeat(15_000)],
    ["scripts", "<script>x</script>".repeat(6250)],
    ["blanks in preformatted text", `<pre>${" ".repeat(SIZE)}${"<p>".repeat(12_500)}`],
    ["links", '<a href="https://x.example">y</a>'.repeat(3750)],
    ["links without an end", '<a href="https://x.example">'.repeat(4375)],
    ["brackets", "<".repeat(SIZE)],
    ["images", `<img alt="${"x".repeat(100)}">`.repeat(10_000)],
    ["tokens as markup", "<autotask><pw name=x>".repeat(6250)],
  ])("%s", (_, html) => {
    const mail = read("Content-Type: text/html\r\n", html);
    expect(mail.text.length).toBeLessThanOrEqual(LINE);
  });

  it("says nothing that a script, a style or a handler says", () => {
    const mail = read(
      "Content-Type: text/html\r\n",
      '<script>alert(1)</script><style>@import "evil"</style><p onclick="evil()">text</p><svg><script>evil</script></svg><a href="javascript:evil()">click</a>',
    );
    expect(mail.text).toBe("text\n\nclick");
  });
});

describe("bombs of XML", () => {
  it.each([
    [
      "entities that double",
      `<!DOCTYPE a [${Array.from({ length: 30 }, (_, n) => `<!ENTITY e${n + 1} "&e${n};&e${n};">`).join("")}]>`,
    ],
    ["a file from outside", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'],
    ["a section of character data", "<![CDATA[<ID/>]]>"],
    ["elements in elements", "<a>".repeat(1000)],
    ["more elements than any token has", "<a/>".repeat(1000)],
    ["attributes without number", `<ID ${'a="b" '.repeat(2000)}`],
  ])("%s make no token", (_, inner) => {
    const { token } = read("", `text\n<Autotask>${inner}<ID name="&e30;&x;"/></Autotask>`);
    expect(token.kind).toBe("malformed");
  });

  it("a declaration above a token is text above it and is never looked up", () => {
    const { token } = read("", '<!DOCTYPE a [<!ENTITY x "boom">]>\n<Autotask><ID name="&x;"/></Autotask>');
    expect(token).toMatchObject({ kind: "token", token: { values: { ID: "&x;" } } });
  });
});
