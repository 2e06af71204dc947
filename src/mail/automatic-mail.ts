/**
 * Recognises mail that no person wrote: loops, bounces, automatic replies, lists, bulk (issue 5 part 7; domain.md 5). The reason names the
 * header that told it, never the sender's free text. Knows nothing of what is done with it: an alert with a token is automatic too.
 */
import { LOOP_MARK } from "../domain/index.ts";
import { firstField, leavesOf, type MessagePart } from "./message-part.ts";
import type { AutomaticMail, MailAddress } from "./types.ts";

export interface MailSigns {
  readonly root: MessagePart;
  readonly from: MailAddress | undefined;
  readonly subject: string;
  /** Undefined: not known. Empty: `<>`. */
  readonly envelopeFrom: string | undefined;
  readonly ownAddresses: readonly string[];
}

export function recogniseAutomatic(signs: MailSigns): AutomaticMail | undefined {
  return (
    ownMail(signs) ?? reportedBounce(signs) ?? autoReply(signs) ?? bounce(signs) ?? list(signs) ?? bulk(signs)
  );
}

function ownMail({ root, from, ownAddresses }: MailSigns): AutomaticMail | undefined {
  const own = new Set(ownAddresses.map((address) => address.toLowerCase()));
  const loops = root.fields
    .filter((field) => field.name === "x-loop")
    .map((field) => field.value.toLowerCase());
  if (loops.some((value) => value === LOOP_MARK || own.has(value.replace(/^<|>$/gu, ""))))
    return { kind: "loop", reason: "X-Loop says that we sent it" };
  if (from !== undefined && own.has(from.address.toLowerCase()))
    return { kind: "loop", reason: "the sender is an address of ours" };
  return undefined;
}

function reportedBounce({ root }: MailSigns): AutomaticMail | undefined {
  if (root.type.value === "multipart/report") {
    const kind = root.type.params.get("report-type")?.toLowerCase() ?? "delivery-status";
    return { kind: "bounce", reason: `a report: multipart/report, ${word(kind)}` };
  }
  for (const part of leavesOf(root)) {
    if (part.type.value === "message/delivery-status")
      return { kind: "bounce", reason: "a report: message/delivery-status" };
  }
  return firstField(root, "x-failed-recipients") === undefined
    ? undefined
    : { kind: "bounce", reason: "X-Failed-Recipients" };
}

const OUT_OF_OFFICE =
  /^\s*(?:out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response)|autoreply|abwesenheit|abwesenheitsnotiz|automatische antwort|automatische abwesenheit|außer haus|respuesta automática|fuera de (?:la )?oficina|ausencia|réponse automatique|absence du bureau|risposta automatica)/iu;

function autoReply({ root, subject }: MailSigns): AutomaticMail | undefined {
  const submitted = keyword(firstField(root, "auto-submitted"));
  if (submitted === "auto-replied") return { kind: "auto-reply", reason: "Auto-Submitted: auto-replied" };
  for (const name of ["x-autoreply", "x-autorespond", "x-autoresponder"]) {
    const value = keyword(firstField(root, name));
    if (value !== "" && value !== "no") return { kind: "auto-reply", reason: titled(name) };
  }
  if (keyword(firstField(root, "precedence")) === "auto_reply")
    return { kind: "auto-reply", reason: "Precedence: auto_reply" };
  const answersSomething =
    firstField(root, "in-reply-to") !== undefined || firstField(root, "references") !== undefined;
  const isSaid = submitted !== "" && submitted !== "no";
  if (OUT_OF_OFFICE.test(subject) && (answersSomething || isSaid || suppresses(root) !== undefined))
    return {
      kind: "auto-reply",
      reason: "the subject of an absence note, and it answers a mail or is marked automatic",
    };
  return undefined;
}

const DAEMON = /^(?:mailer-daemon|mail-daemon|postmaster|mdaemon|maildelivery)@|^mailer-daemon$/iu;

function bounce({ root, from, envelopeFrom }: MailSigns): AutomaticMail | undefined {
  if (from !== undefined && DAEMON.test(from.address))
    return { kind: "bounce", reason: "the sender is a mail system" };
  if (envelopeFrom === "" || firstField(root, "return-path")?.replace(/\s/gu, "") === "<>")
    return { kind: "bounce", reason: "the return path is empty" };
  return undefined;
}

function list({ root }: MailSigns): AutomaticMail | undefined {
  const field = root.fields.find((it) =>
    /^list-(?:id|post|help|subscribe|unsubscribe|owner|archive)$/u.test(it.name),
  );
  if (field !== undefined) return { kind: "list", reason: titled(field.name) };
  return keyword(firstField(root, "precedence")) === "list"
    ? { kind: "list", reason: "Precedence: list" }
    : undefined;
}

function bulk({ root }: MailSigns): AutomaticMail | undefined {
  const precedence = keyword(firstField(root, "precedence"));
  if (precedence === "bulk" || precedence === "junk")
    return { kind: "bulk", reason: `Precedence: ${precedence}` };
  const submitted = keyword(firstField(root, "auto-submitted"));
  if (submitted !== "" && submitted !== "no")
    return { kind: "bulk", reason: `Auto-Submitted: ${word(submitted)}` };
  const suppressed = suppresses(root);
  return suppressed === undefined
    ? undefined
    : { kind: "bulk", reason: `X-Auto-Response-Suppress: ${suppressed}` };
}

/** `All`, `OOF` or `AutoReply`; read receipts alone (`DR`, `RN`) are what many people's mail programs ask for. */
function suppresses(root: MessagePart): string | undefined {
  const value = firstField(root, "x-auto-response-suppress");
  return /\b(?:All|OOF|AutoReply)\b/iu.exec(value ?? "")?.[0];
}

/** The first word, without comments and parameters. */
function keyword(value: string | undefined): string {
  return /^[^\s;(]*/u.exec(value?.trim() ?? "")?.[0].toLowerCase() ?? "";
}

function word(value: string): string {
  return value.replace(/[^\w-]/gu, "").slice(0, 40);
}

function titled(name: string): string {
  return name.replace(/(?:^|-)[a-z]/gu, (letter) => letter.toUpperCase());
}
