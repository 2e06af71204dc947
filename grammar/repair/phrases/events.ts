/** How people say what happens, behind `when`. Knows only words. */
import { ARTICLE, DURATION, FIELD, form, PATH, TEXT, type Phrase } from "./phrase.ts";

const is = "(?:is |was |has been |gets |got |has )?";
const conditionHelp =
  "`when` names what happens, such as `alert received`; what must hold then stands behind `if`";
const conditionSummary = "a condition stands behind `if`, not in `when`";
const operator =
  "(?:is|are|contains|has|in|like|matches|starts|ends|does|not|at|more|less|between|=|==|>|<|>=|<=)";

export const eventPhrases: readonly Phrase[] = [
  {
    form: form(
      `${ARTICLE}alerts? ${is}(?:received|receives|arriv(?:es|ed|ing)|comes in|came in|incoming|created|opened|raised|triggered|triggers|fired|fires|starts|started|appears|occurs|occurred|happens|detected|new)(?! (?:for|after|since))`,
    ),
    write: "alert received",
  },
  {
    form: form(
      `${ARTICLE}alerts? (?:is |still |has been )*(?:firing|active|open|unresolved) (?:for|after|since|longer than)`,
    ),
    write: "alert still firing after",
  },
  {
    form: form(
      `${ARTICLE}alerts? ${is}(?:cleared|clears|closed|closes|recovered|recovers|resolves?|resolved|ended|ends|gone|ok|over)`,
    ),
    write: "alert resolved",
  },
  {
    form: form(`${ARTICLE}alerts? ${is}(?:repeated|repeat|repeating|again|duplicated|duplicate)`),
    write: "alert repeats",
  },
  { form: form(`(?:repeated|duplicate|repeat) alerts?`), write: "alert repeats" },
  { form: form(`(?:resolved|cleared|closed) alerts?`), write: "alert resolved" },
  {
    form: form(
      `${ARTICLE}alerts?(?! (?:received|repeats|resolved|still|\\.))(?= (?:then|if|except|unless|do|or|end)|$)`,
    ),
    write: "alert received",
  },
  {
    form: form(`${ARTICLE}alert (?=received|repeats|resolved|still)(received|repeats|resolved|still)`),
    write: "alert $1",
  },

  { form: form(`${ARTICLE}tickets? ${is}(created|edited|completed|reopened)`), write: "ticket $1" },
  { form: form(`new tickets?`), write: "ticket created" },
  {
    form: form(`${ARTICLE}tickets? ${is}(?:opened|opens|new|added|raised|made|arrives|comes in)`),
    write: "ticket created",
  },
  {
    form: form(`${ARTICLE}tickets? ${is}(?:closed|closes|done|finished|resolved|solved|complete|completes)`),
    write: "ticket completed",
  },
  {
    form: form(`${ARTICLE}tickets? ${is}(?:updated|updates|modified|modifies|edits)`),
    write: "ticket edited",
  },
  {
    form: form(
      `ticket (?:is |was |has |has been )?(?:not|never|un)? ?(?:been )?(?:updated|touched|changed|edited|answered|untouched|unchanged|inactive) (?:for|in|since|within)`,
    ),
    write: "ticket idle for",
  },
  {
    form: form(`ticket (?:is )?idle (?:for |since |after )?(?:(?:more|longer) than )?(?=\\d)(\\S+)`),
    write: "ticket idle for $1",
  },
  {
    form: form(`ticket (?:is |still )?open (?:for |since |after )?(?:(?:more|longer) than )?(?=\\d)(\\S+)`),
    write: "ticket open for $1",
  },
  { form: form(`ticket (?:is )?older than`), write: "ticket open for" },
  { form: form(`ticket (?:is )?overdue (?:for|since|more than)`), write: "ticket overdue by" },
  { form: form(`ticket (?:is )?due (?:within|soon in|before|after)`), write: "ticket due in" },

  {
    form: form(
      `no (?:new )?alerts? ${is}(?:received |seen |arrived |arrives |comes )?(?:for |in |within |since |after )?(?:the )?(?:last )?(?=\\d)(\\S+)`,
    ),
    write: "no alert for $1",
  },

  { form: form(`${ARTICLE}ticket (${FIELD}) ${is}chang(?:es|ed)`), write: "ticket.$1 changes" },
  {
    form: form(`(ticket \\. \\S+) (?:is|becomes|=|==|goes to|set to|is set to|is changed to)(?= ${TEXT})`),
    write: "$1 changes to",
  },
  { form: form(`(ticket \\. \\S+) (?:is|was|has been|gets) changed`), write: "$1 changes" },
  { form: form(`(ticket \\. \\S+) (?:updated|modified|edited)`), write: "$1 changes" },

  ...conditionsBehindWhen(),

  {
    form: form(`(?:${ARTICLE}(?:e-?mail|mail|message)) ${is}(?:received|arrives|comes in)`),
    write: "ticket created",
    summary: "a mail is no event of a rule",
    help: "a `mailbox` says what a mail becomes; the ticket that it opened is told by `ticket created`",
  },
  { form: form(`${ARTICLE}note ${is}(?:added|created|written)`), write: "note added" },
  {
    form: form(`${ARTICLE}(?:time|time entry|work) ${is}(?:added|logged|booked|entered)`),
    write: "time entry added",
  },
  {
    form: form(`${ARTICLE}(?:webhook|callout) (${TEXT} )?${is}(?:failed|fails)`),
    write: "callout $1 failed",
  },

  { form: form(`(?:daily|every day|each day)(?: at)?(?= \\d)`), write: "every day at" },
  {
    form: form(`(?:every|each|on) ((?:mon|tues|wednes|thurs|fri|satur|sun)day|weekday|day) (\\d+:\\d+)`),
    write: "every $1 at $2",
  },
  { form: form(`(every (?:\\S+ ){1,8}?at) (\\d{1,2})(?! :)`), write: "$1 $2:00" },
  { form: form(`hourly`), write: "every hour" },
  {
    form: form(`(?:every|cron|schedule|at) (?:["'](?:[*\\d]\\S*)|§\\d+)`),
    write: "every hour",
    summary: "a schedule is written in words",
    help: "such as `every weekday at 08:00`, `every monday, friday at 07:30` or `every 15 minutes`",
  },
];

/** `when alert.severity is "critical"`: the event is left unsaid. */
function conditionsBehindWhen(): readonly Phrase[] {
  const said = { summary: conditionSummary, help: conditionHelp };
  return [
    {
      form: form(`alerts? received (?:from|by)(?= ${TEXT})`),
      write: "alert received if alert.source is",
      ...said,
    },
    {
      form: form(`alerts? received for(?= ${TEXT})`),
      write: "alert received if alert.organization.name is",
      ...said,
    },
    {
      form: form(
        `alerts? (?:received )?(?:with|of|where|having) (${FIELD}) (?:is |= |of )?(?=${TEXT})(${TEXT})`,
      ),
      write: "alert received if alert.$1 is $2",
      ...said,
    },
    {
      form: form(`alerts? (?:received )?(?:with|where|having|whose) (${FIELD})(?= ${operator})`),
      write: "alert received if alert.$1",
      ...said,
    },
    { form: form(`alerts? (${FIELD})(?= ${operator})`), write: "alert received if alert.$1", ...said },
    {
      form: form(`alerts? received (?:with|where|when|having) (?=alert|not|\\()(\\S+)`),
      write: "alert received if $1",
      ...said,
    },
    { form: form(`(alert(?: \\. \\S+)+)(?= ${operator})`), write: "alert received if $1", ...said },
    { form: form(`((?:more than|at least|over) \\d+ alerts?)`), write: "alert received if $1", ...said },
    {
      form: form(`(\\d+) alerts? (?:in|within) (${DURATION})`),
      write: "alert received if at least $1 alerts in $2",
      ...said,
    },
    { form: form(`((?:during|outside) ${TEXT})`), write: "alert received if $1", ...said },
    {
      form: form(`(${PATH}) (?:contains|matches)(?= ${TEXT})`),
      write: "alert received if $1 contains",
      ...said,
    },
  ];
}
