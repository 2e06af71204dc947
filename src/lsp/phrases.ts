/**
 * The sentences that completion offers whole, as snippets: `${1:text}` is a place to type in. Each reads without a
 * diagnostic once its names are declared (a test says so). Knows no document.
 */

export interface Phrase {
  readonly label: string;
  readonly snippet: string;
  readonly documentation: string;
}

const phrase = (label: string, snippet: string, documentation: string): Phrase => ({
  label,
  snippet,
  documentation,
});

export const declarationPhrases: readonly Phrase[] = [
  phrase(
    "rule",
    'rule "${1:Ticket for a new alert}"\n  when ${2:alert received}\n  if ${3:alert.severity at least "minor"}\n  then\n    ${0:create ticket}\nend\n',
    "When something happens, if this holds, then do that.",
  ),
  phrase("list", 'list ${1:noc_sources} = ["${2:Datto RMM}"]\n', "A list of texts under one name."),
  phrase(
    "lookup",
    'lookup ${1:priority_for}\n  "${2:critical}" -> "${3:Critical}"\n  otherwise -> ${4:category default}\nend\n',
    "A table: `priority_for[alert.severity]`.",
  ),
  phrase(
    "values",
    'values ${1:ticket.queue} = "${2:Monitoring}", "${3:Security}"\n',
    "The closed list of a field's values; `<` between them gives an order.",
  ),
  phrase(
    "define",
    'define ${1:lab_device} as ${2:alert.device.tags contains "lab"}\n',
    "A condition under a name.",
  ),
  phrase(
    "calendar",
    'calendar "${1:business hours}"\n  zone "${2:Europe/Berlin}"\n  monday to friday ${3:08:00} to ${4:18:00}\nend\n',
    "Open hours, for `during` and schedules.",
  ),
  phrase(
    "category",
    'category "${1:RMM Alert}"\n  queue    = "${2:Monitoring}"\n  priority = "${3:Medium}"\n  status   = "New"\n  due in ${4:4 hours}\nend\n',
    "Default values of a ticket of this category.",
  ),
  phrase("recipient", 'recipient "${1:noc}"\n  email "${2:noc@msp.example}"\nend\n', "Whom `notify` tells."),
  phrase(
    "template",
    'template "${1:new ticket}"\n  subject "[{ticket.number}] {ticket.title}"\n  body """\n    ${2:{ticket.organization.name\\}: {ticket.title\\}}\n    """\nend\n',
    "A notice's subject and body.",
  ),
  phrase(
    "callout",
    'callout "${1:Datto close}"\n  post "${2:https://rmm.example.com/close}"\n  auth bearer secret "${3:rmm_token}"\n  body json\n    ticket = ticket.number\n  end\n  notify "${4:integrations}" on failure\nend\n',
    "An extension callout: a request to another product, resent until it is taken.",
  ),
  phrase("partner", 'partner "${1:Datto RMM}"\n', "A monitoring product, with its four user-defined fields."),
  phrase(
    "udf",
    'udf ${1|ticket,organization,device|} "${2:Site code}" ${3|text,number,date,boolean|}\n',
    "A user-defined field.",
  ),
  phrase(
    "mailbox",
    'mailbox "${1:alerts@msp.example}"\n  ticket\n    category = "${2:Mail Alert}"\n  end\nend\n',
    "What mail to this address becomes.",
  ),
  phrase(
    "maintenance",
    'maintenance "${1:Patch night}"\n  for organization "${2:Acme}"\n  every ${3:saturday} ${4:22:00} to ${5:04:00}\nend\n',
    "Alerts in it are recorded and suppressed.",
  ),
];

export const testPhrases: readonly Phrase[] = [
  phrase(
    "test",
    'test "${1:what shall be}"\n  at ${2:10:00} receive alert\n    source = "${3:Datto RMM}", organization = "${4:Acme}", severity = "${5:critical}"\n    title  = "${6:Device SRV-B lost power}"\n  end\n  expect ${0:ticket 1 created}\nend\n',
    "Alerts in, tickets out, under a virtual clock.",
  ),
  phrase(
    "test of a change",
    'test "${1:what shall be}"\n  given ticket 1 created at ${2:09:00}\n  at ${3:09:30} set ticket 1 status = "${4:Complete}"\n  expect ${0:ticket 1 completed}\nend\n',
    "A ticket that is there already, and a person who changes it.",
  ),
];

export const eventPhrases: readonly Phrase[] = [
  phrase("alert received", "alert received", "for each accepted alert that is firing"),
  phrase("alert repeats", "alert repeats", "when `create ticket` made a note on the original instead"),
  phrase("alert resolved", "alert resolved", "when the source says that the condition has cleared"),
  phrase(
    "alert still firing after",
    "alert still firing after ${1:2 minutes}",
    "if it was not resolved meanwhile",
  ),
  phrase(
    "no alert for",
    "no alert for ${1:26 hours} per ${2:alert.device}",
    "absence: an expected alert that did not come",
  ),
  phrase(
    "ticket created",
    "ticket created",
    "`by staff`, `contact`, `system`, `rule`, `integration` narrow it",
  ),
  phrase("ticket edited", "ticket edited", "on any change of a ticket"),
  phrase("ticket completed", "ticket completed", "on that change"),
  phrase("ticket reopened", "ticket reopened", "on that change"),
  phrase(
    "ticket.status changes to",
    'ticket.status changes to "${1:Complete}"',
    "on that field's change; any field, also `from`",
  ),
  phrase("note added", "note added", "optionally `by ...`"),
  phrase("time entry added", "time entry added", "optionally `by ...`"),
  phrase(
    "ticket idle for",
    "ticket idle for ${1:30 minutes}",
    'no human activity for that long; `during "calendar"` counts only its hours',
  ),
  phrase(
    "ticket open for",
    "ticket open for ${1:4 hours}",
    "once per ticket and rule; never for Complete ones",
  ),
  phrase("ticket due in", "ticket due in ${1:1 hour}", "once per ticket and rule; never for Complete ones"),
  phrase("ticket overdue", "ticket overdue", "optionally `by 1 hour`"),
  phrase("callout succeeded", "callout succeeded", "after the last attempt"),
  phrase("callout failed", "callout failed", "after the last attempt"),
  phrase(
    "every weekday at",
    "every weekday at ${1:08:00}",
    "on a schedule; days that the calendar closes are left out",
  ),
  phrase("every", "every ${1:15 minutes}", "on a schedule, a minute apart or more"),
];

export const actionPhrases: readonly Phrase[] = [
  phrase(
    "create ticket",
    'create ticket\n  title    = ${1:alert.title}\n  category = "${2:RMM Alert}"',
    "opens a ticket, or makes a note on the original inside the dedup window",
  ),
  phrase("add note", 'add note "${1:text}"', "on the ticket at hand; `internal` or `public`"),
  phrase(
    "set",
    'set ${1:ticket.queue} = ${2:"Level II"}',
    "update, one field each; a missing value empties the field",
  ),
  phrase(
    "complete ticket",
    "complete ticket",
    "`if untouched`: no note, time entry or change by staff or a contact",
  ),
  phrase("add tag", 'add tag "${1:vip}"', "tags on the ticket at hand"),
  phrase("remove tag", 'remove tag "${1:vip}"', "tags on the ticket at hand"),
  phrase("run callout", 'run callout "${1}"', "starts its durable delivery"),
  phrase("notify", 'notify "${1}"', "by every way that the recipient lists"),
  phrase("suppress alert", "suppress alert", "no ticket from any later rule"),
  phrase("stop", "stop", "no later rule sees this event"),
];

export const ticketLinePhrases: readonly Phrase[] = [
  phrase("due in", "due in ${1:4 hours}", "when it is due, from now"),
  phrase(
    "dedup within",
    "dedup within ${1:5 minutes} by ${2:alert.title}",
    "repeats in the window become notes; left out: within 5 minutes by alert.title",
  ),
  phrase("no dedup", "no dedup", "every alert opens its own ticket"),
  phrase(
    "on repeat note",
    'on repeat note "${1:again at {alert.received_at\\}}"',
    "the text of the note that a repeat makes",
  ),
  phrase("once per", "once per ${1:30 minutes}", "one ticket per rule and organization"),
];

export const stepPhrases: readonly Phrase[] = [
  phrase("at", "at ${1:10:00} ", "moves the clock"),
  phrase("after", "after ${1:4 minutes} ", "moves the clock"),
  phrase(
    "receive alert",
    'receive alert\n  source = "${1:Datto RMM}", severity = "${2:critical}"\n  title  = "${3:text}"\nend',
    "source `Test` and no severity when left out",
  ),
  phrase("receive same alert", "receive same alert", "`with FIELD = ...` changes it"),
  phrase(
    "expect ticket created",
    "expect ticket ${1:1} created",
    "tickets count from 1 in order of creation",
  ),
  phrase("expect note", "expect note on ticket ${1:1}", 'optionally `containing "..."`'),
  phrase(
    "expect rule fired",
    'expect rule "${1}" fired',
    "since the last step that moved the clock or received something",
  ),
  phrase("expect notify", 'expect notify "${1}"', "optionally `2 times`"),
  phrase("expect nothing", "expect nothing", "no ticket, note, change, notice or callout"),
  phrase(
    "expect alert suppressed",
    "expect alert suppressed",
    "also `unmatched`, `held`, `handled`, `resolved`",
  ),
  phrase("given ticket", "given ticket ${1:1} created at ${2:09:00}", "no events; by system"),
  phrase(
    "given organization",
    'given organization "${1:Acme}" tags "${2:vip}"',
    "others that a test names are known and mapped",
  ),
  phrase("given callout answers", 'given callout "${1}" answers ${2:503, timeout, 200}', "the last stays"),
  phrase("set ticket", 'set ticket ${1:1} status = "${2:Complete}"', "by staff"),
];

/** As plain text, for a client that knows no snippets. */
export function plainOf(snippet: string): string {
  return snippet
    .replaceAll(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, "$1")
    .replaceAll(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, "$1")
    .replaceAll(/\$\{?\d+\}?/g, "")
    .replaceAll("\\}", "}");
}
