/** Address fields (RFC 5322 3.4): split first, decoded afterwards, so that an encoded word can make no address. */
import addressParser from "nodemailer/lib/addressparser";
import { MAIL_ADDRESSES_MAX, MAIL_NAME_CHARACTERS_MAX } from "../domain/index.ts";
import { decodeWords, type HeaderField } from "./header-fields.ts";
import type { MailAddress } from "./types.ts";

const ADDRESS_CHARACTERS_MAX = 320;

/** Groups are opened; entries without an address are left out. */
export function readAddresses(fields: readonly HeaderField[], name: string): readonly MailAddress[] {
  const found: MailAddress[] = [];
  for (const field of fields) {
    if (field.name !== name) continue;
    for (const entry of entriesOf(field.value)) {
      const address = entry.address.replace(/\s/gu, "");
      if (!isAddress(address)) continue;
      if (found.length >= MAIL_ADDRESSES_MAX) return found;
      const display = decodeWords(entry.name).replace(/\s+/gu, " ").trim().slice(0, MAIL_NAME_CHARACTERS_MAX);
      found.push({ address, name: display === "" ? undefined : display.toWellFormed() });
    }
  }
  return found;
}

/** `Anna Arendt <anna@acme.example>` and `anna@acme.example`: nearly every field; the parser is for what people make of the others. */
const PLAIN =
  /^(?:(?<name>[A-Za-z\d]{1,40}(?: [A-Za-z\d]{1,40}){0,4}) )?<(?<inBrackets>[\w+-]{1,64}(?:\.[\w+-]{1,64}){0,5}@[A-Za-z\d-]{1,63}(?:\.[A-Za-z\d-]{1,63}){1,5})>$|^(?<alone>[\w+-]{1,64}(?:\.[\w+-]{1,64}){0,5}@[A-Za-z\d-]{1,63}(?:\.[A-Za-z\d-]{1,63}){1,5})$/u;

export function entriesOf(value: string): readonly { readonly address: string; readonly name: string }[] {
  const plain = PLAIN.exec(value)?.groups;
  if (plain === undefined) return addressParser(value, { flatten: true });
  return [{ address: plain["inBrackets"] ?? plain["alone"] ?? "", name: plain["name"] ?? "" }];
}

function isAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  return at > 0 && at < text.length - 1 && text.length <= ADDRESS_CHARACTERS_MAX && !text.includes("=?");
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

/** Message ids in `<>`, without the brackets; what has none is taken word by word. */
export function readMessageIds(value: string | undefined, max: number): readonly string[] {
  if (value === undefined) return [];
  const bracketed = value.match(/<[^<>\s]{1,998}>/gu)?.map((id) => id.slice(1, -1));
  const ids = bracketed ?? value.split(/\s+/u).filter((word) => word.includes("@") && word.length <= 998);
  return [...new Set(ids)].slice(0, max);
}
