/** How people begin the clauses of a rule, and what they write there that rules do not have. Knows only words. */
import { ARTICLE, form, TEXT, type Phrase } from "./phrase.ts";

const scopeWords = "(?:customers?|clients?|company|companies|accounts?|tenants?|orgs?|sites?)";
const doc = "a comment above describes a rule: `## Opens a ticket for ...`";

export const clausePhrases: readonly Phrase[] = [
  {
    form: form(
      `(?:on|upon|whenever|if|once|for) (?:each |every |any |an? |the |new )*alerts?(?= (?:then|if|except|unless|do|end)|$)`,
    ),
    write: "when alert received",
  },
  { form: form(`when when`), write: "when" },
  { form: form(`except (?:if|for|where|that|on)`), write: "except when" },
  { form: form(`except(?! when)(?= (?:alert|ticket|not|any|all|\\())`), write: "except when" },
  { form: form(`(?:but not|and not|but|not|never) (?:when|if|for)`), write: "except when" },
  { form: form(`(?:but not|and not|but)(?= (?:alert|ticket))`), write: "except when" },
  {
    form: form(`(?:exclude|excluding|excludes|exception|ignore)(?: (?:when|if))?(?= (?:alert|ticket|not))`),
    write: "except when",
  },
  {
    form: form(
      `(?:only if|only when|but only if|but only when|only|provided|provided that|assuming|given|where)(?= (?:alert|ticket|not|any|all|none|more|at|\\())`,
    ),
    write: "if",
  },
  {
    form: form(`end (?:if|then|when|ticket|create|else|action|actions)`),
    write: "",
    summary: "only the rule itself ends with `end`",
    help: "leave it out",
  },
  {
    form: form(`(?:endif|fi|endthen|endwhen|endticket)`),
    write: "",
    summary: "only the rule itself ends with `end`",
    help: "leave it out",
  },
  {
    form: form(
      `end (?:rule|test|callout|template|category|recipient|calendar|lookup|mailbox|maintenance|if|then|when|body|ticket|alert|receive|${TEXT})`,
    ),
    write: "end",
  },
  {
    form: form(
      `(?:endrule|endtest|endif|endcallout|endtemplate|endcategory|endrecipient|endcalendar|endlookup|done|fin|stop rule)`,
    ),
    write: "end",
  },
  { form: form(`end \\.`), write: "end", safe: true },
  { form: form(`(?:and|or|,)? ?(?:finally|otherwise|afterwards|next) then`), write: "then" },
  {
    form: form(
      `(?:actions?|perform|execute|act|result)(?= (?:create|add|set|complete|remove|run|notify|suppress|stop))`,
    ),
    write: "then",
  },
  {
    form: form(`(?:conditions?|filter|criteria|match|matching)(?: =)?(?= (?:alert|ticket|not|any|all))`),
    write: "if",
  },
  {
    form: form(
      `(?:trigger|event|triggers|events|source)(?: (?:=|on|when))?(?= ${ARTICLE}(?:alert|ticket|note|callout|every) )`,
    ),
    write: "when",
  },
];

/** Lines before the `then` of a rule. */
export const optionPhrases: readonly Phrase[] = [
  {
    form: form(`for (?:all|any|every|each) (?:${scopeWords}|organizations?)`),
    write: "",
    summary: "a rule is for all organizations",
    help: 'leave the line out; `for organization "A", "B"` narrows a rule',
  },
  {
    form: form(
      `(?:for |only for )?(?:the )?(?:organization|organizations|${scopeWords}) (?:is |= )?(?=${TEXT})(${TEXT})`,
    ),
    write: "for organization $1",
  },
  { form: form(`(?:for|only for|only)(?= ${TEXT})`), write: "for organization" },
  { form: form(`for (?:${scopeWords}) in`), write: "for organization in" },
  {
    form: form(
      `(?:order|priority|rank|weight|sequence|position|salience)(?: (?:=|is|of|number))? (?=\\d)(\\d+)`,
    ),
    write: "order $1",
  },
  {
    form: form(
      `(?:description|comment|doc|docs|title|summary|note|name|author|owner|id|label|version)(?: (?:=|is))? ${TEXT}`,
    ),
    write: "",
    summary: "a rule has no line of this name",
    help: doc,
  },
  {
    form: form(
      `(?:enabled|active|disabled|inactive|status|state)(?: (?:=|is))? (?:true|false|yes|no|on|off|0|1|${TEXT})`,
    ),
    write: "",
    summary: "a rule has no switch in its lines",
    help: '`inactive rule "..."` keeps a rule without running it',
  },
];

/** Between two events, or an event and a condition. */
export const joinerPhrases: readonly Phrase[] = [
  { form: form(`(?:or|and|,) when`), write: "or", summary: "events are joined by `or` in one `when`" },
  {
    form: form(`(?:and where|where|with|whose|having|provided|only if)(?= (?:alert|ticket|not|any|all|\\())`),
    write: "if",
  },
  {
    form: form(`(?:and if|and only if)(?= (?:alert|ticket|not|any|all|\\())`),
    write: "if",
    summary: "a condition stands behind `if`, not in `when`",
    help: "`when` names what happens, such as `alert received`; what must hold then stands behind `if`",
  },
  {
    form: form(`(?:and|,)(?= (?:alert|ticket|note|time|callout|every|no) (?!\\.))`),
    write: "or",
    summary: "events are joined by `or`",
    help: "each event happens at a moment of its own: `when ticket created or ticket edited`",
  },
  {
    form: form(`(?:and|but)(?= (?:alert|ticket|not|any|all|\\())`),
    write: "if",
    summary: "a condition stands behind `if`, not in `when`",
    help: "`when` names what happens, such as `alert received`; what must hold then stands behind `if`",
  },
];

export const headPhrases: readonly Phrase[] = [
  { form: form(`(?:disabled|deactivated|off|disable|paused) rule`), write: "inactive rule" },
  {
    form: form(`rule (?:(?:name|called|named|title|id) )?(?:(?:=|is|as) )?(?=${TEXT})(${TEXT})`),
    write: "rule $1",
  },
  { form: form(`rule (${TEXT}) (?:is|as|does|means|=|begin|begins|do)`), write: "rule $1" },
  {
    form: form(`(?:let|const|var|set|val|array|define) ([\\p{L}_]\\w*) (?:=|as)(?= \\[)`),
    write: "list $1 =",
  },
  {
    form: form(`(?:let|const|var|set|val) ([\\p{L}_]\\w*) = (${TEXT})`),
    write: "list $1 = [$2]",
    help: "a value of its own has no name; several stand in a list: `list $1 = [$2]`",
  },
  {
    form: form(`(?:include|import|use|require|load|source|extends) ${TEXT}`),
    write: "",
    summary: "files are not included",
    help: "all files of the folder are one rule set, in any order: leave the line out",
  },
  { form: form(`(?:webhook|hook|extension|endpoint|http)(?= ${TEXT})`), write: "callout" },
  { form: form(`(?:receiver|channel|contactpoint|notification|subscriber)(?= ${TEXT})`), write: "recipient" },
  { form: form(`(?:schedule|hours|businesshours|business_hours|timetable)(?= ${TEXT})`), write: "calendar" },
  { form: form(`(?:message|mail_template|text)(?= ${TEXT})`), write: "template" },
  {
    form: form(`(?:policy|workflow|trigger|automation|alert_rule|alertrule|filter)(?= ${TEXT})`),
    write: "rule",
  },
  { form: form(`(?:map|mapping|table|dictionary|switch|translate)(?= [\\p{L}_])`), write: "lookup" },
  { form: form(`(?:downtime|silence|mute|blackout)(?= ${TEXT})`), write: "maintenance" },
  {
    form: form(`(?:organization|customer|client|company|tenant) ${TEXT}.*`),
    write: "",
    summary: "organizations are no part of the rules",
    help: "they are made in the API, or loaded from `organizations.csv` beside the rules",
  },
];
