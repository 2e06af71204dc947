/** Fields that are read without the address parser are read as it reads them. */
import fc from "fast-check";
import addressParser from "nodemailer/lib/addressparser";
import { describe, expect, it } from "vitest";
import { entriesOf } from "../../src/mail/mail-addresses.ts";

const word = fc.stringMatching(/^[A-Za-z\d_+-]{1,12}$/u);
const domain = fc.array(fc.stringMatching(/^[A-Za-z\d-]{1,9}$/u), { minLength: 1, maxLength: 4 });
const address = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), domain)
  .map(([local, host]) => `${local.join(".")}@${host.join(".")}`);
const name = fc.array(fc.stringMatching(/^[A-Za-z\d]{1,8}$/u), { maxLength: 5 }).map((it) => it.join(" "));
const plain = fc.oneof(
  address,
  fc.tuple(name, address).map(([display, it]) => `${display} <${it}>`.trim()),
);
/** Near the plain form, so that the pattern is tried where it must not fit. */
const near = fc
  .tuple(plain, fc.nat(60), fc.constantFrom('"', ",", "<", ">", "@", " ", ":", ";", "(", ")", "ä", "=?", "."))
  .map(([it, at, piece]) => it.slice(0, at) + piece + it.slice(at));

describe("an address field", () => {
  it("means what the address parser says, in its plain form and in others", () => {
    fc.assert(
      fc.property(fc.oneof(plain, near), (field) => {
        expect(entriesOf(field).map(({ address: at, name: display }) => [at, display])).toEqual(
          addressParser(field, { flatten: true }).map((it) => [it.address, it.name]),
        );
      }),
      { numRuns: 3000 },
    );
  });
});
