/** SMTP smuggling: forms of a false end of data that some server on the way believes in. None may end a message here, and each is refused. */
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { EndMarkGuard } from "../../src/smtp/end-mark-guard.ts";
import { Client, doors, openDoor } from "./door.ts";

afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

const FALSE_ENDS = [
  "\n.\n",
  "\n.\r\n",
  "\r\n.\n",
  "\r.\r",
  "\r.\r\n",
  "\r\n.\r",
  "\n.\r",
  "\r.\n",
  "\n..\n",
] as const;
const SMUGGLED =
  "MAIL FROM:<ceo@acme.example>\r\nRCPT TO:<support@msp.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nPay.";

describe("a false end of data", () => {
  it.each(FALSE_ENDS.map((end) => [JSON.stringify(end), end] as const))(
    "%s is answered 554, ends the connection and delivers nothing",
    async (_, end) => {
      const { port, received } = await openDoor();
      const client = await Client.open(port);
      await client.beginData();
      client.write(`Subject: outer\r\n\r\nHello${end}${SMUGGLED}\r\n.\r\n`);
      expect(await client.reply()).toMatch(/^554 5\.6\.0 /u);
      expect(await client.reply()).toBe("");
      expect(received).toEqual([]);
    },
  );

  it.each(FALSE_ENDS.map((end) => [JSON.stringify(end), end] as const))(
    "%s is found when it comes byte by byte",
    (_, end) => {
      const guard = new EndMarkGuard();
      const unstuffed = end.replace("..", ".");
      expect([...Buffer.from(`text${unstuffed}x`)].some((byte) => guard.sees(Uint8Array.of(byte)))).toBe(
        true,
      );
    },
  );

  it("is what a pattern over the whole text finds, however the text is cut", () => {
    const characters = fc.constantFrom(".", "\r", "\n", "a");
    const text = fc.array(fc.string({ unit: characters, maxLength: 5 }), { maxLength: 6 });
    fc.assert(
      fc.property(text, (pieces) => {
        const guard = new EndMarkGuard();
        const found = pieces.some((piece) => guard.sees(Buffer.from(piece)));
        // The data begins after the CR LF of the command.
        expect(found).toBe(
          /[\r\n]\.\n|\r\n\.\r[^\n]|(?:(?<!\r)\n|\r)\.\r[^]/u.test(`\r\n${pieces.join("")}`),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it("is not seen in honest text: dots in lines, stuffed dots, bare line ends without a lone dot", async () => {
    const { port, received } = await openDoor();
    const honest = ["a\r\n..\r\nb\r\n", "a.\nb\n", "a\n.b\n", "1.\r2\r", "...\r\n", "\n\n", "a\r\n. \r\n"];
    for (const text of honest) {
      const client = await Client.open(port);
      await client.beginData();
      client.write(`Subject: honest\r\n\r\n${text}\r\n.\r\n`);
      expect([text, await client.reply()]).toEqual([text, expect.stringMatching(/^250 /u)]);
      client.end();
    }
    expect(received).toHaveLength(honest.length);
  });

  it("does not arise from how the data is cut into packets", async () => {
    const { port, received } = await openDoor();
    const client = await Client.open(port);
    await client.beginData();
    for (const piece of [
      "Subject: x\r",
      "\n\r\n",
      ".",
      ".\r\n",
      "MAIL FROM:<b@b.example>\r\n",
      ".",
      "\r",
      "\n",
    ]) {
      client.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await client.reply()).toMatch(/^250 /u);
    expect(Buffer.from(received[0]!.raw).toString("latin1")).toBe(
      "Subject: x\r\n\r\n.\r\nMAIL FROM:<b@b.example>\r\n",
    );
  });
});
