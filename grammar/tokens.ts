/**
 * The words and signs of the language as Chevrotain token types. Knows the vocabulary, not how text is cut (lexer.ts).
 *
 * Two kinds of words (language.md 1, "Words"): a reserved one has a token type of its own; a soft one belongs to the
 * category `Word` as well, so that it stays usable as a name. After a dot and before `=` the lexer gives `Word` for both.
 */
import { createToken, Lexer, type TokenType } from "chevrotain";

function sign(name: string, label: string, ...categories: TokenType[]): TokenType {
  return createToken({ name, pattern: Lexer.NA, label, categories });
}

/** One token type per name; the word is the name in small letters. */
function words<const Name extends string>(
  names: readonly Name[],
  ...categories: TokenType[]
): Record<Name, TokenType> {
  const types = names.map((name) => [name, sign(name, `\`${name.toLowerCase()}\``, ...categories)] as const);
  return Object.fromEntries(types) as Record<Name, TokenType>;
}

const Word = sign("Word", "a name");
const Quoted = sign("Quoted", "a text in quotes");

const reservedNames = [
  ...[
    "Rule",
    "List",
    "Lookup",
    "Values",
    "Define",
    "Test",
    "Inactive",
    "When",
    "If",
    "Except",
    "Then",
    "End",
  ],
  ...["Otherwise", "And", "Or", "Not", "In", "Is", "Like", "Contains", "Does", "Starts", "Ends", "Matches"],
  ...["Between", "At", "Exactly", "Create", "Set", "Add", "Remove", "Complete", "Notify", "Run", "Suppress"],
  ...["Stop", "Expect", "Given", "Receive", "True", "False", "Empty", "Created", "Completed"],
] as const;

const softNames = [
  // declarations and their lines
  ...[
    "Rules",
    "Calendar",
    "Category",
    "Recipient",
    "Template",
    "Callout",
    "Partner",
    "Mailbox",
    "Maintenance",
  ],
  ...["Udf", "As", "Order", "For", "Zone", "Closed", "Email", "Webhook", "Subject", "Body", "Auth", "None"],
  ...["Basic", "Bearer", "Header", "Json", "Form", "Xml", "Only", "Retry", "Up", "Timeout", "Success", "Do"],
  ...[
    "Honour",
    "Sign",
    "Pause",
    "Deliveries",
    "Failure",
    "Call",
    "Token",
    "Password",
    "Fallback",
    "Duplicates",
  ],
  ...[
    "Id",
    "Number",
    "Drop",
    "Reopen",
    "Project",
    "Task",
    "Trust",
    "Sender",
    "Reply",
    "Title",
    "Description",
  ],
  ...["Text", "Date", "Boolean", "Secret", "Default", "Organization", "Device", "Source"],
  // events
  ...["Alert", "Alerts", "Ticket", "Tickets", "Received", "Repeats", "Resolved", "Still", "Firing", "After"],
  ...[
    "No",
    "Per",
    "Edited",
    "Reopened",
    "By",
    "Staff",
    "Contact",
    "System",
    "Integration",
    "Changes",
    "From",
  ],
  ...[
    "To",
    "Note",
    "Time",
    "Entry",
    "Added",
    "Idle",
    "Open",
    "Due",
    "Overdue",
    "During",
    "Succeeded",
    "Failed",
  ],
  ...["Every", "Weekday"],
  // conditions
  ...["Any", "All", "One", "Of", "Changed", "Outside", "More", "Less", "Than", "Least", "Most", "With"],
  ...["Within", "Contain", "Start", "Match", "Have"],
  // actions
  ...["Dedup", "Across", "Organizations", "Sources", "Without", "Numbers", "On", "Repeat", "Once", "Tag"],
  ...["Internal", "Public", "Untouched"],
  // tests
  ...[
    "Unmapped",
    "Tags",
    "Answers",
    "Same",
    "Mail",
    "Sent",
    "Times",
    "Containing",
    "Suppressed",
    "Unmatched",
  ],
  ...["Held", "Handled", "Fired", "Because", "Nothing"],
  // words of other languages, taken by the grammar so that the rest of the rule is kept
  ...["Exists", "Unless", "Else"],
] as const;

export const T = {
  Word,
  Quoted,
  ...words(reservedNames),
  ...words(softNames, Word),
  /** `minute`, `hours`: the image says which. */
  Unit: sign("Unit", "a unit of time such as `minutes`", Word),
  DayName: sign("DayName", "a day such as `monday`", Word),
  Method: sign("Method", "`get`, `post`, `put`, `patch` or `delete`", Word),
  /** `equals` and its like, refused in favour of `is`. */
  EqualsWord: sign("EqualsWord", "`is`", Word),
  FourXx: sign("FourXx", "`4xx`"),

  PlainText: sign("PlainText", "a text in quotes", Quoted),
  BlockText: sign("BlockText", "a text block", Quoted),
  RawText: sign("RawText", "a text in single quotes", Quoted),
  /** Ends at its line, or (a block) before the line that reading goes on with. Reported by the lexer. */
  UnclosedText: sign("UnclosedText", "a text in quotes", Quoted),
  UnclosedBlock: sign("UnclosedBlock", "a text block", Quoted),
  /** `“...”`. Reported by the lexer. */
  CurlyText: sign("CurlyText", "a text in quotes", Quoted),
  /** `10.0.0.1`, `3f2a`, or words that a repair took for one text. */
  BareText: sign("BareText", "a text in quotes", Quoted),

  NumberLiteral: sign("NumberLiteral", "a number"),
  /** `3,5` outside brackets: one number typed with a comma, or two where a list of numbers may stand. */
  DecimalComma: sign("DecimalComma", "a number"),
  ShortDuration: sign("ShortDuration", "a duration such as `5 minutes`"),
  ClockLiteral: sign("ClockLiteral", "a time such as `8:00`"),
  DateLiteral: sign("DateLiteral", "a date such as `2026-11-21`"),

  LBracket: sign("LBracket", "`[`"),
  RBracket: sign("RBracket", "`]`"),
  LParen: sign("LParen", "`(`"),
  RParen: sign("RParen", "`)`"),
  Comma: sign("Comma", "`,`"),
  Dot: sign("Dot", "`.`"),
  Arrow: sign("Arrow", "`->`"),
  /** `=`; also `:` where a field's value follows, refused by the tree builder. */
  Equals: sign("Equals", "`=`"),
  NotEquals: sign("NotEquals", "`is not`"),
  LessThan: sign("LessThan", "`<`"),
  LessOrEqual: sign("LessOrEqual", "`<=`"),
  GreaterThan: sign("GreaterThan", "`>`"),
  GreaterOrEqual: sign("GreaterOrEqual", "`>=`"),
} as const;

export const allTokens: TokenType[] = Object.values(T);

export const reservedWords: ReadonlySet<string> = new Set(reservedNames.map((name) => name.toLowerCase()));
export const reservedTypes: ReadonlySet<TokenType> = new Set(reservedNames.map((name) => T[name]));

/** Which token type a word in small letters has; other words are `Word`. */
export const wordTypes: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ...[...reservedNames, ...softNames].map((name) => [name.toLowerCase(), T[name]] as const),
  ...["second", "minute", "hour", "day", "week"].flatMap(
    (unit) =>
      [
        [unit, T.Unit],
        [`${unit}s`, T.Unit],
      ] as const,
  ),
  ...["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map(
    (day) => [day, T.DayName] as const,
  ),
  ...["get", "post", "put", "patch", "delete"].map((method) => [method, T.Method] as const),
  ["honor", T.Honour],
  ["equals", T.EqualsWord],
  ["equal", T.EqualsWord],
  ["elseif", T.Else],
]);

/** The words that begin a declaration. */
export const declarationWords: readonly string[] = [
  ...["rule", "list", "lookup", "values", "define", "test", "inactive", "calendar", "category", "recipient"],
  ...["template", "callout", "partner", "udf", "mailbox", "maintenance"],
];
