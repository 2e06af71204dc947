/** Mailboxes: their address, what they name, what their defaults write, and how many there may be. Knows no mail. */
import { spanText, type Span } from "../diagnostics/index.ts";
import {
  COMPLETE,
  MAILBOXES_ACTIVE_BASIC_MAX,
  MAILBOXES_ACTIVE_MAX,
  exactText,
  foldText,
  type FieldRoot,
} from "../domain/index.ts";
import type { FieldLine, MailboxDeclaration, Name, StringNode } from "../../grammar/ast.ts";
import { checkDuration } from "./amounts.ts";
import { checkFieldLines } from "./check-assignment.ts";
import { checkSecret, readTemplate } from "./check-exchange.ts";
import { newScope, openPlace, type AtHand, type Checking, type Place } from "./checking.ts";
import { findNamed } from "./names.ts";
import { useReads } from "./reads.ts";
import { checkWord } from "./vocabularies.ts";

type Defaults = MailboxDeclaration["defaults"][number];

export function checkMailbox(checking: Checking, mailbox: MailboxDeclaration): void {
  checkAddress(checking, mailbox.address);
  checkSecret(checking, mailbox.tokenPassword, "a token's password");
  checkFallback(checking, mailbox.organizationFallback);
  checkDuplicates(checking, mailbox);
  for (const defaults of mailbox.defaults) checkDefaults(checking, defaults);
  checkReply(
    checking,
    mailbox.replySuccess,
    new Map([
      ["mail", "always"],
      ["ticket", "maybe"],
    ]),
  );
  checkReply(checking, mailbox.replyFailure, new Map([["mail", "always"]]));
}

function checkAddress(checking: Checking, address: Name | undefined): void {
  if (address === undefined) return;
  const text = exactText(address.text);
  if (/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(text)) {
    if (text.slice(0, text.lastIndexOf("@")).includes("+"))
      checking.report.add("R1308", address.span, `\`${text}\` is a sub-address`, {
        help: "name the mailbox without `+...`: mail to every sub-address of it is its mail",
      });
    return;
  }
  checking.report.add("R1308", address.span, `\`${text}\` is not a mail address`, {
    help: 'an address has one `@`: `mailbox "alerts@msp.example"`',
  });
}

function checkFallback(checking: Checking, fallback: StringNode | undefined): void {
  if (fallback !== undefined && exactText(fallback.value) === "")
    checking.report.add("R1103", fallback.span, "the fallback organization has no name");
}

/** Every key once; a reopened ticket has a declared status, and not the one that closes it. */
function checkDuplicates(checking: Checking, { duplicates }: MailboxDeclaration): void {
  if (duplicates === undefined) return;
  const repeated = duplicates.by.find((key, at) => duplicates.by.indexOf(key) !== at);
  if (repeated !== undefined)
    checking.report.add("R1313", duplicates.span, `\`${repeated}\` stands in \`duplicates by\` twice`);
  if (duplicates.open?.kind === "reopen")
    checking.report.add("R1303", duplicates.open.span, "an open ticket cannot be reopened", {
      help: "for `open` write `add note`, `create ticket` or `drop`",
    });
  const status = duplicates.complete?.kind === "reopen" ? duplicates.complete.status : undefined;
  if (status === undefined) return;
  const vocabulary = checking.vocabularies.get("ticket.status");
  if (vocabulary !== undefined) checkWord(checking, status, vocabulary);
  if (foldText(exactText(status.value)) === foldText(COMPLETE))
    checking.report.add("R1303", status.span, `\`${COMPLETE}\` does not reopen a ticket`);
}

/* ---------- defaults ---------- */

/** What a mail itself says, and whose it is: a default would overrule it. */
const OF_THE_MAIL: ReadonlySet<string> = new Set([
  "title",
  "description",
  "organization",
  "contact",
  "device",
]);

function checkDefaults(checking: Checking, defaults: Defaults): void {
  if (defaults.object === "ticket") return checkTicketDefaults(checking, defaults);
  if (defaults.dueIn !== undefined)
    checking.report.add("R1303", defaults.dueIn.span, `a ${defaults.object} is not due`, {
      help: "`due in` stands in the block `ticket`",
    });
  const name = defaults.object.endsWith("time entry") ? "role" : "visibility";
  const written = new Map<string, Span>();
  for (const line of defaults.fields) {
    if (nameOf(line) !== name) {
      checking.report.add(
        "R1203",
        line.path.span,
        `a ${defaults.object} has no default \`${spanText(line.path.span)}\``,
        {
          help:
            name === "role" ? 'write `role = "Support"`' : 'write `visibility = "internal"` or `"public"`',
        },
      );
      continue;
    }
    const earlier = written.get(name);
    if (earlier !== undefined)
      checking.report.add("R1110", line.path.span, `\`${name}\` is written twice`, {
        labels: [{ span: earlier, text: "first here" }],
      });
    written.set(name, line.path.span);
    checkPlainText(checking, line, name);
  }
}

function nameOf({ path }: FieldLine): string | undefined {
  const [only, ...more] = path.segments;
  return more.length === 0 ? only?.text.toLowerCase() : undefined;
}

function checkPlainText(checking: Checking, { value }: FieldLine, name: "role" | "visibility"): void {
  if (value === undefined) return;
  if (value.kind !== "string") {
    checking.report.add("R1301", value.span, `\`${name}\` is a text in quotes`);
    return;
  }
  if (name === "role" || ["internal", "public"].includes(value.value.trim().toLowerCase())) return;
  checking.report.add("R1204", value.span, `\`${value.value}\` is not a visibility`, {
    help: 'a note is `"internal"` or `"public"`',
  });
}

function checkTicketDefaults(checking: Checking, defaults: Defaults): void {
  checkDuration(checking.report, defaults.dueIn, "the time until a ticket is due");
  const lines = defaults.fields.filter((line) => {
    const name = nameOf(line);
    if (name !== undefined && OF_THE_MAIL.has(name)) {
      checking.report.add("R1208", line.path.span, `\`${name}\` comes from the mail`, {
        help: "what a mailbox does not know beforehand is set by a rule on `ticket created by contact`",
      });
      return false;
    }
    const { value } = line;
    if (value === undefined || ["string", "number", "boolean", "date", "duration"].includes(value.kind))
      return true;
    checking.report.add("R1303", value.span, "a mailbox gives fixed values", {
      help: "what depends on the mail is set by a rule on `ticket created`",
    });
    return false;
  });
  checkFieldLines(checking, openPlace({ paths: [], holes: [] }), lines, "category");
}

/* ---------- replies ---------- */

function checkReply(checking: Checking, name: Name | undefined, roots: ReadonlyMap<FieldRoot, AtHand>): void {
  const template = findNamed(checking, "template", name);
  if (template === undefined || name === undefined) return;
  const place: Place = {
    roots,
    reads: undefined,
    whyMissing: (root) =>
      root === "ticket"
        ? "a mail that was refused has no ticket: only `mail` paths are there"
        : "a reply has the mail, and where it became one its ticket",
    bound: new Map(),
    scope: newScope(),
    present: new Set(["mail.from", "mail.subject", "mail.mailbox", "mail.authenticated"]),
    events: [],
  };
  useReads(checking, place, readTemplate(checking, template), name.span);
}

/* ---------- how many ---------- */

/** IEP-11, IEP-12: the mailbox for token mail is there beside; more may be declared, but not active. */
export function checkMailboxCount(checking: Checking, edition: "advanced" | "basic" | undefined): void {
  const active = [...checking.declarations.mailboxes.values()].filter(({ inactive }) => !inactive);
  const ates = active.find(({ tokenPassword }) => tokenPassword !== undefined);
  const custom = active.filter((one) => one !== ates);
  const most = edition === "basic" ? MAILBOXES_ACTIVE_BASIC_MAX : MAILBOXES_ACTIVE_MAX;
  for (const { address, span } of custom.slice(most))
    checking.report.add("R1311", address?.span ?? span, tooMany(most, edition), {
      help: 'write `inactive mailbox "..."`: it is kept, and takes no mail',
    });
}

function tooMany(most: number, edition: "advanced" | "basic" | undefined): string {
  const beside = "beside the one for token mail";
  return edition === "basic"
    ? `the basic edition (TOCSIN_MAIL_EDITION) has one active mailbox ${beside}`
    : `at most ${most} mailboxes are active ${beside}`;
}
