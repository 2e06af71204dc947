/** How people write the lines of declarations and of tests. Knows only words. */
import { DURATION, FIELD, form, TEXT, type Phrase } from "./phrase.ts";

export const blockLinePhrases: readonly Phrase[] = [
  {
    form: form(
      `(email|webhook|subject|zone|get|post|put|patch|timeout|header ${TEXT}|body json|body form|body) =(?= )`,
    ),
    write: "$1",
  },
  { form: form(`(?:e-mail|mail|address|emails|mails|to)(?: =)?(?= ${TEXT})`), write: "email" },
  { form: form(`(?:url|hook|link|post)(?: =)?(?= ["']https?:)`), write: "webhook" },
  { form: form(`(?:text|message|content|html)(?: =)?(?= ${TEXT})`), write: "body" },
  { form: form(`(?:title|betreff|headline)(?: =)?(?= ${TEXT})`), write: "subject" },
];

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** `mon to fri`, `sat`: each pair is a phrase of its own, so that it is told once. */
const shortDays: readonly Phrase[] = [
  ...days.flatMap((from) =>
    days.map((to) => ({
      form: form(`${from.slice(0, 3)} to ${to.slice(0, 3)}`),
      write: `${from} to ${to}`,
    })),
  ),
  ...days.map((day) => ({ form: form(day.slice(0, 3)), write: day })),
];

export const calendarPhrases: readonly Phrase[] = [
  ...shortDays,
  { form: form(`(?:timezone|time zone|tz)(?: =)?(?= ${TEXT})`), write: "zone" },
  { form: form(`(?:weekdays|workdays|working days|work days|business days)`), write: "monday to friday" },
  { form: form(`(?:weekends?)`), write: "saturday, sunday" },
  { form: form(`(?:daily|everyday|every day|all days)(?= \\d)`), write: "monday to sunday" },
  { form: form(`(?:holidays?|closed on|vacation|except|off|closed:)(?: =)?(?= \\d)`), write: "closed" },
  { form: form(`(?:open|hours|opens|from)(?= (?:mon|tues|wednes|thurs|fri|satur|sun)day)`), write: "" },
  { form: form(`(?:from )?(\\d{1,2}) to (\\d{1,2})`), write: "$1:00 to $2:00" },
  { form: form(`from (\\d\\S*) (?:to|until|till)`), write: "$1 to" },
  { form: form(`(?:until|till)(?= \\d)`), write: "to" },
  { form: form(`(?:and|&)(?= (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|\\d))`), write: "," },
];

export const calloutPhrases: readonly Phrase[] = [
  {
    form: form(`(?:http|https|method|send|call|request|do) (get|post|put|patch|delete)(?: to)?(?= ${TEXT})`),
    write: "$1",
  },
  { form: form(`(get|post|put|patch|delete) (?:to|from|url)(?= ${TEXT})`), write: "$1" },
  {
    form: form(`(?:method|verb|type)(?: =)? (?:["']?(?:get|post|put|patch|delete)["']?)`),
    write: "",
    summary: "the method stands before the URL",
    help: 'write `post "https://..."`',
  },
  {
    form: form(`(?:retry|retries)(?: =)? (\\d+)(?: times)? every (${DURATION})`),
    write: "retry every $2 up to $1 times",
  },
  {
    form: form(`(?:retry|retries)(?: =)? (\\d+)(?: times)?`),
    write: "retry every 60 seconds up to $1 times",
  },
  { form: form(`(?:authorization|authentication|authenticate)`), write: "auth" },
  { form: form(`auth (?:token|oauth|jwt)(?= secret)`), write: "auth bearer" },
  {
    form: form(`(?:on failure|on error|if it fails|when it fails) notify (${TEXT})`),
    write: "notify $1 on failure",
  },
  {
    form: form(`notify (${TEXT}) (?:when failed|on error|on failures|if failed|when it fails)`),
    write: "notify $1 on failure",
  },
];

const verb =
  "(?:then|assert|check|verify|should|expects|expected|ensure|assert that|expect that|expect to have)";

/** What follows `expect`, and other words for it. */
const expected: readonly Phrase[] = [
  { form: form(`(?:${verb}|expect) (?:an? )?tickets? (created|completed)`), write: "expect ticket 1 $1" },
  {
    form: form(`expect (?:an?|one|the|new)(?: new)? ticket(?: (?:is|was))?(?: (?:created|exists))?`),
    write: "expect ticket 1 created",
  },
  { form: form(`expect ticket(?= (?:expect|at|after|end|receive)|$)`), write: "expect ticket 1 created" },
  { form: form(`expect (?:no|0|zero) (?:tickets|new tickets?|ticket created)`), write: "expect no ticket" },
  {
    form: form(`expect ticket (\\d+) (?:exists?|is created|was created|opened|to exist|is open)`),
    write: "expect ticket $1 created",
  },
  {
    form: form(`expect ticket (\\d+) (?:is |was )?(?:closed|done|complete|resolved)`),
    write: "expect ticket $1 completed",
  },
  {
    form: form(`expect (?:the )?ticket \\. (${FIELD}) (?:is|=|to be|equals)`),
    write: "expect ticket 1 $1 is",
  },
  { form: form(`expect ticket (${FIELD}) (?:is|=|to be|equals)`), write: "expect ticket 1 $1 is" },
  {
    form: form(
      `expect ticket (\\d+) (?:\\. )?(?:with |has |whose )?(${FIELD}) (?:=|to be|equals|equal to|should be)`,
    ),
    write: "expect ticket $1 $2 is",
  },
  {
    form: form(`expect ticket (\\d+) (?:\\. |with |has |whose )(${FIELD})(?: is)?`),
    write: "expect ticket $1 $2 is",
  },
  { form: form(`expect ticket (\\d+) (${FIELD})(?= ${TEXT})`), write: "expect ticket $1 $2 is" },
  {
    form: form(`expect (?:an? )?(?:e-?mails?|mails?|notifications?|notices?)(?: sent)?(?: to)?(?= ${TEXT})`),
    write: "expect notify",
  },
  {
    form: form(`expect no (?:e-?mails?|mails?|notifications?|notices?)(?: sent)?(?: to)?(?= ${TEXT})`),
    write: "expect no notify",
  },
  { form: form(`expect notified(?= ${TEXT})`), write: "expect notify" },
  { form: form(`expect (${TEXT}) (?:is |was )?notified`), write: "expect notify $1" },
  {
    form: form(
      `expect rule (${TEXT}) (?:not fires?|to not fire|did not fire|does not fire|not to fire|not run|not matched)`,
    ),
    write: "expect rule $1 not fired",
  },
  {
    form: form(
      `expect rule (${TEXT}) (?:fires|fire|to fire|has fired|ran|matches|matched|runs|was fired|triggered)`,
    ),
    write: "expect rule $1 fired",
  },
  {
    form: form(`expect (?:the )?alert (?:is |was |to be )(suppressed|unmatched|held|handled|resolved)`),
    write: "expect alert $1",
  },
  {
    form: form(`expect (?:a |one )?note(?= (?:expect|at|after|end|receive|containing)|$)`),
    write: "expect note on ticket 1",
  },
  { form: form(`expect (?:a )?note (?:in|to|at|for) ticket`), write: "expect note on ticket" },
  {
    form: form(`expect callout (${TEXT}) (?:called|run|ran|executed|is sent|was sent)`),
    write: "expect callout $1 sent 1 times",
  },
  {
    form: form(`expect callout (${TEXT}) sent(?= (?:expect|at|after|end|receive)|$)`),
    write: "expect callout $1 sent 1 times",
  },
  {
    form: form(`expect callout (${TEXT}) sent (?:once|one time)`),
    write: "expect callout $1 sent 1 times",
  },
  {
    form: form(`${verb}(?= (?:ticket|no|note|notify|callout|alert|rule|nothing|\\d+ tickets?))`),
    write: "expect",
  },
];

export const testPhrases: readonly Phrase[] = [
  {
    form: form(
      `(?:given|when|send|fire|trigger|inject|alert|input)(?: (?:an?|the|new))*(?: alert)?(?: (?:received|arrives|is received))?(?= (?:title|source|severity|organization|device|status|description|alert_id) =)`,
    ),
    write: "receive alert",
  },
  {
    form: form(
      `(?:given|when|send|fire|trigger)(?: (?:an?|the|new))* alert(?: (?:received|arrives|is received))?`,
    ),
    write: "receive alert",
  },
  {
    form: form(
      `(?:at|after) (\\S+(?: \\S+)?) (?:send|fire|trigger|when|given)(?: (?:an?|the|new))* alert(?: (?:received|arrives))?`,
    ),
    write: "at $1 receive alert",
  },
  { form: form(`receive(?: (?:an?|the|new))+ alert`), write: "receive alert" },
  { form: form(`receive (?:the )?same(?: alert)? again`), write: "receive same alert" },
  { form: form(`(?:repeat|again|receive again)(?: alert)?`), write: "receive same alert" },
  ...expected,
  { form: form(`(?:wait|sleep|pause|advance)(?: (?:for|by))? (${DURATION})`), write: "after $1" },
];
