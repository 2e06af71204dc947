/** Texts that a mail writes on a ticket: description, notes, the list of its attachments. Knows no fields. */
import {
  DESCRIPTION_CHARACTERS_MAX,
  MAIL_ATTACHMENTS_TOLD_MAX,
  NOTE_CHARACTERS_MAX,
} from "../../domain/index.ts";
import type { MailAttachment, ReadMail } from "../../mail/types.ts";
import { cutText } from "../ticket-fields.ts";
import type { MailToDecide } from "./mail-types.ts";

const CUT = "\n[...]";

/** The text, cut so that what stands below it (messages, attachments) is never lost. */
export function descriptionOf(text: string, mail: MailToDecide, messages: readonly string[]): string {
  return withTail(text, [...messages, ...attachmentLines(mail)], DESCRIPTION_CHARACTERS_MAX);
}

export function noteTextOf(text: string, mail: MailToDecide, more: readonly string[] = []): string {
  return withTail(text, [...more, ...attachmentLines(mail)], NOTE_CHARACTERS_MAX);
}

function withTail(text: string, lines: readonly string[], charactersMax: number): string {
  const body = text.trim();
  const tail = cutText(lines.join("\n"), Math.floor(charactersMax / 2));
  const room = charactersMax - (tail === "" ? 0 : [...tail].length + 2);
  const cut = cutText(body, room);
  const kept = cut === body ? body : cutText(body, room - CUT.length) + CUT;
  return [kept, tail].filter((part) => part !== "").join("\n\n");
}

function attachmentLines({ id, read }: MailToDecide): readonly string[] {
  const files = read.attachments.filter(({ inline }) => !inline);
  if (files.length === 0) return [];
  const told = files.slice(0, MAIL_ATTACHMENTS_TOLD_MAX).map(sizedName);
  const more = files.length - told.length;
  return [`Attachments (in the mail ${id}): ${told.join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
}

function sizedName({ name, content }: MailAttachment): string {
  const kilobytes = Math.max(1, Math.ceil(content.length / 1024));
  return `${name === "" ? "unnamed" : name} (${kilobytes} KB)`;
}

/** What the mail newly says; a mail of quotes and a signature alone says its whole text. */
export function newTextOf(read: ReadMail): string {
  const text = read.newText.trim() === "" ? read.text.trim() : read.newText.trim();
  return text === "" ? "(the mail has no text)" : text;
}
