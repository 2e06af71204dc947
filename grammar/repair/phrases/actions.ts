/** How people say what shall be done, behind `then`. Knows only words. */
import { ARTICLE, DURATION, FIELD, form, PATH, TEXT, type Phrase } from "./phrase.ts";

const ways = "(?:e-?mail|mail|webhook|sms|text message|slack|teams|chat|phone|pager)";
const message = "(?:e-?mails?|mails?|notifications?|messages?|notices?|alerts?|sms|texts?|pages?|info)";
const one = {
  summary: "each `set` sets one field",
  help: 'write a `set` for each: `set ticket.queue = "..."`',
};
const atHand = { summary: "an action is about the ticket at hand", help: "leave it out" };

export const actionPhrases: readonly Phrase[] = [
  ...notifyPhrases(),
  {
    form: form(
      `(?:call|invoke|trigger|execute|fire|start|post|post to|call to|use)(?: (?:the|a))?(?: (?:callout|webhook|hook|url|api|extension|integration|endpoint))?(?= ${TEXT})`,
    ),
    write: "run callout",
  },
  {
    form: form(`run(?: (?:the|a))?(?: (?:webhook|hook|extension|integration|script|action))?(?= ${TEXT})`),
    write: "run callout",
  },
  ...createPhrases(),
  ...setPhrases(),
  {
    form: form(
      `(?:close|resolve|finish|solve|end|complete|done)(?: (?:the|this|its|that|original))* tickets?`,
    ),
    write: "complete ticket",
  },
  {
    form: form(
      `(?:auto-?close|autocomplete|auto-?resolve|complete|close)(?: it)?(?= (?:end|if|notify|add|set|stop)|$)`,
    ),
    write: "complete ticket",
  },
  {
    form: form(`reopen ${ARTICLE}ticket`),
    write: "",
    summary: "no action reopens a ticket by itself",
    help: 'set a status that is not Complete: `set ticket.status = "In Progress"`',
  },
  {
    form: form(
      `(?:ignore|drop|discard|mute|silence|skip|delete|reject|suppress|block|do not create|don't create|no)(?: (?:the|this|that|it))*(?: (?:alerts?|tickets?|everything))?(?= (?:end|stop|notify|and|if)|$)`,
    ),
    write: "suppress alert",
  },
  {
    form: form(
      `(?:ignore|drop|discard|mute|silence|skip|delete|reject|block)(?: (?:the|this|that))* alerts?`,
    ),
    write: "suppress alert",
  },
  {
    form: form(`(?:do )?(?:nothing|noop|pass)`),
    write: ["stop", "suppress alert"],
    summary: "a rule does something",
    help: "`stop` keeps later rules from this event, `suppress alert` keeps tickets away; a rule that shall not act is left out",
  },
  {
    form: form(
      `stop (?:processing|here|rules?|evaluation|execution|now|all|further|more|everything)(?: (?:rules?|processing|here|evaluation))?`,
    ),
    write: "stop",
  },
  {
    form: form(`(?:exit|halt|break|return|abort|quit|final|last)(?: (?:processing|here|rules?|rule))?`),
    write: "stop",
  },
  {
    form: form(`add (?:an? )?(internal|public|private) (?:note|comment) (${TEXT})`),
    write: "add note $2 $1",
  },
  {
    form: form(
      `(?:add|write|post|put|leave|append|create|insert)(?: (?:an?|the|new))* (?:notes?|comments?|remarks?)`,
    ),
    write: "add note",
  },
  { form: form(`(?:comment|note|remark|log|log note|print|echo)(?= ${TEXT})`), write: "add note" },
  {
    form: form(`(?:tag|label)(?: (?:the|this))?(?: ticket)?(?: (?:with|as))?(?= ${TEXT})`),
    write: "add tag",
  },
  { form: form(`add(?: (?:an?|the|new))* (?:labels?|tags?|keywords?)`), write: "add tag" },
  {
    form: form(
      `(?:untag|unlabel|(?:remove|delete|drop)(?: (?:an?|the))* (?:labels?|tags?|keywords?))(?= ${TEXT})`,
    ),
    write: "remove tag",
  },
  {
    form: form(`(?:wait|sleep|delay|pause)(?: for)?(?: ${DURATION}|(?= ))`),
    write: "",
    summary: "a rule does not wait between its actions",
    help: "the event says how long: `when alert still firing after 5 minutes`, `when ticket open for 1 hour`, `when ticket idle for 30 minutes`",
  },
];

function notifyPhrases(): readonly Phrase[] {
  return [
    { form: form(`send (${TEXT}) to(?= ${TEXT}) (${TEXT})`), write: "notify $2 text $1" },
    {
      form: form(
        `(?:send|write|fire|trigger|push)(?: (?:an?|the))?(?: ${message})?(?: (?:to|for))?(?: the)?(?= ${TEXT})`,
      ),
      write: "notify",
    },
    {
      form: form(
        `(?:e-?mail|mail|inform|tell|page|alert|warn|ping|message|contact|call|email to|mail to)(?: to)?(?: the)?(?= ${TEXT})`,
      ),
      write: "notify",
    },
    {
      form: form(
        `notify(?: (?:to|the|recipients?|groups?|teams?|users?|by|via|e-?mail|mail|address))+(?= ${TEXT})`,
      ),
      write: "notify",
    },
    {
      form: form(
        `notify (${TEXT}(?: , ${TEXT})*) (?:(?:with|and|using) )?(?:(?:the )?(?:message|saying|say|msg|body|text:|about|that) )(?:=|:)? ?(?=${TEXT})(${TEXT})`,
      ),
      write: "notify $1 text $2",
    },
    {
      form: form(`notify (${TEXT}(?: , ${TEXT})*) with (${TEXT})`),
      write: ["notify $1 with template $2", "notify $1 text $2"],
      summary: "`with` needs to say whether a template or a text follows",
    },
    {
      form: form(`notify (${TEXT}) (§\\d+)`),
      write: ["notify $1 text $2", "notify $1, $2"],
      summary: "`text` is missing before what the notice says",
      help: 'write `notify "..." text "..."`; a second recipient stands behind a comma',
    },
    {
      form: form(`notify (${TEXT}(?: , ${TEXT})*) using(?: the)?(?: template)?(?= ${TEXT})`),
      write: "notify $1 with template",
    },
  ];
}

/** Behind an action that could be read. */
export const tailPhrases: readonly Phrase[] = [
  {
    form: form(`(?:by|via|per|using|through|with|over|as|on)(?: an?)? ${ways}(?: (?:and|,) ${ways})*`),
    write: "",
    summary: "how somebody is notified stands at the recipient",
    help: 'leave it out: `recipient "..."` has the lines `email` and `webhook`',
  },
  { form: form(`(?:to|on|in|at|for)(?: (?:the|this|that))* tickets?`), write: "", ...atHand },
  {
    form: form(`(?:and|,|;) (?:set )?(ticket \\. \\S+(?: \\. \\S+)*) (?:=|to|is)`),
    write: "set $1 =",
    ...one,
  },
  { form: form(`(?:as|with)(?: an?)? (internal|public)(?: note)?`), write: "$1" },
  { form: form(`(?:immediately|now|again|automatically)`), write: "" },
];

function createPhrases(): readonly Phrase[] {
  const make = "(?:create|open|make|raise|add|new|file|generate|opens|creates|start|log)";
  return [
    {
      form: form(`create ticket (?:with |titled |named |called |: )?(?=${TEXT})(${TEXT})`),
      write: "create ticket title = $1",
    },
    {
      form: form(
        `create ticket (?:in|with|for|to|as|of|on|at|and|using|having|where|set)(?: (?:the|an?))* (${FIELD})(?: (?:=|is|of|to))? (${TEXT})`,
      ),
      write: "create ticket $1 = $2",
    },
    {
      form: form(
        `create ticket (?:with|using|where|having|and|set|as|=)(?= (?:due|dedup|no|once|on) | \\S+ =)`,
      ),
      write: "create ticket",
    },
    {
      form: form(`create ticket (?:as|for|from|on|of|about)(?: (?:the|an?|this))*(?: alert)?`),
      write: "create ticket",
    },
    {
      form: form(
        `${make}(?: (?:an?|the|new|one))* (?:tickets?|incidents?|cases?|issues?|service requests?|requests?|problems?)`,
      ),
      write: "create ticket",
    },
    {
      form: form(`(?:ticket|incident)(?= (?:title|queue|priority|category|status) =)`),
      write: "create ticket",
    },
  ];
}

/** A line of `create ticket` that reading stopped at. */
export const ticketLinePhrases: readonly Phrase[] = [
  {
    form: form(`(?:and|with|,|in|as|set)(?: (?:the|an?))* (${FIELD})(?: (?:=|is|to|of))? (${TEXT})`),
    write: "$1 = $2",
  },
  { form: form(`(?:and|with|,|set)(?: ticket \\.)? (${FIELD} =)`), write: "$1" },
  { form: form(`ticket \\. (${FIELD}) =`), write: "$1 =" },
  {
    form: form(
      `(?:dedup|deduplicate|dedupe|deduplication|duplicates?|unique)(?: (?:by|on|per|for|=|key))+ (${PATH}(?: (?:,|and) ${PATH})*) (?:within|for|in|during|every|over)(?: the)?(?: last)? (${DURATION})`,
    ),
    write: "dedup within $2 by $1",
    summary: "`dedup` says its time first",
  },
  {
    form: form(
      `(?:dedup|deduplicate|dedupe|deduplication|unique)(?: (?:by|on|per|key|=))+ (${PATH}(?: (?:,|and) ${PATH})*)`,
    ),
    write: "dedup within 5 minutes by $1",
    summary: "`dedup` lacks its time",
    help: "say how long the same problem is a repeat: `dedup within 5 minutes by ...`",
  },
  {
    form: form(
      `(?:dedup|deduplicate|dedupe|deduplication)(?: (?:within|for|in|every|after|over|=))* (${DURATION}) (?:on|per|for|key) (${PATH}(?: (?:,|and) ${PATH})*)`,
    ),
    write: "dedup within $1 by $2",
  },
  {
    form: form(
      `(?:dedup|deduplicate|dedupe|deduplication)(?: (?:within|for|in|every|after|over|=))* (${DURATION})(?! by)`,
    ),
    write: "dedup within $1 by alert.title",
    summary: "`dedup` does not say by what",
    help: "say what makes two alerts the same problem: `by alert.title`, `by alert.device`",
  },
  { form: form(`(?:deduplicate|dedupe|deduplication) within`), write: "dedup within" },
  {
    form: form(`(?:no|without|disable|skip) (?:deduplication|duplicates?|deduplicate|dedupe|dedup)`),
    write: "no dedup",
  },
  { form: form(`due (?:within|after|at|by|=|on) (${DURATION})`), write: "due in $1" },
  {
    form: form(`(?:due_?date|due_?at|deadline|sla)(?: (?:=|in|within|is))? (${DURATION})`),
    write: "due in $1",
  },
  {
    form: form(`(?:and|with|,|in|as|set)(?: (?:the|an?))* (${FIELD})(?: (?:=|is|to|of))?(?= \\p{L}+)`),
    write: "$1 =",
  },
];

function setPhrases(): readonly Phrase[] {
  const verb = "(?:change|update|modify|edit|put|raise|lower|increase|make|assign|move|switch)";
  return [
    { form: form(`${verb}(?: the)? (ticket \\. \\S+(?: \\. \\S+)*) (?:=|to|as|is|from)`), write: "set $1 =" },
    {
      form: form(`(ticket \\. \\S+(?: \\. \\S+)*) (?:=|to|becomes|is)`),
      write: "set $1 =",
      help: "write `set` before it",
    },
    {
      form: form(
        `(?:set|${verb})(?: (?:the|its))*(?: ticket)?(?: (?:the|its))* (${FIELD})(?: of(?: the)? ticket)? (?:=|to|as|is)`,
      ),
      write: "set ticket.$1 =",
    },
    {
      form: form(`(?:set|${verb})(?: (?:the|its))*(?: ticket)? (${FIELD}) (?=${TEXT})(${TEXT})`),
      write: "set ticket.$1 = $2",
    },
    {
      form: form(`(${FIELD}) =`),
      write: "set ticket.$1 =",
      help: "behind `create ticket` it is a line of the new ticket; else it is set on the ticket at hand",
    },
    {
      form: form(
        `(?:assign|move|route|escalate|transfer|forward|send)(?: (?:the|this|it))*(?: ticket)? (?:to|into)(?: the)?(?: queue)?(?= ${TEXT})`,
      ),
      write: "set ticket.queue =",
    },
    {
      form: form(`(?:escalate|prioriti[sz]e)(?: (?:the|this|it))*(?: ticket)?`),
      write: "",
      summary: "no action escalates by itself",
      help: 'say what shall change: `set ticket.priority = "High"`, `set ticket.queue = "Level II"`, `notify "..."`',
    },
  ];
}
