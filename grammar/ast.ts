/**
 * The tree of a rule file: what the author wrote, with spans, before names are looked up.
 * Immutable; knows nothing of tickets. Half-typed text gives the same shapes with parts left out (`undefined`),
 * so every optional part below may be missing after a syntax error, and the parser has then reported it.
 */
import type { Span, SourceText } from "../src/diagnostics/index.ts";

/* ---------- text ---------- */

/** What the author typed as a name: bare (`noc_sources`) or as a string (`"new ticket"`). */
export interface Name {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

/**
 * A string. `value` is its plain reading (escapes resolved, `{...}` and `*` as typed), which names, comparisons and
 * lists use; `pieces` is the reading for places that fill text in or match patterns (`like`).
 */
export interface StringNode {
  readonly kind: "string";
  /** `"..."`, `"""..."""`, `'...'` */
  readonly form: "plain" | "block" | "raw";
  readonly value: string;
  readonly pieces: readonly StringPiece[];
  readonly span: Span;
}

export type StringPiece =
  | { readonly kind: "chars"; readonly text: string; readonly span: Span }
  /** An unescaped `*`: any run of characters in `like`, itself elsewhere. */
  | { readonly kind: "star"; readonly span: Span }
  /** A complete `{path or path or "text"}`; `source` is its text with the braces. `value` is undefined where it is no path. */
  | {
      readonly kind: "hole";
      readonly source: string;
      readonly value: Expression | undefined;
      readonly span: Span;
    }
  /** `{` before a letter that is never closed: an error only where text is filled in. */
  | { readonly kind: "open-hole"; readonly text: string; readonly span: Span };

/* ---------- expressions ---------- */

export type Expression =
  | StringNode
  | NumberNode
  | BooleanNode
  | DurationNode
  | DateNode
  | ClockNode
  | PathNode
  | LookupNode
  | ListNode
  | CategoryDefaultNode
  | SecretNode
  | FallbackNode;

export interface NumberNode {
  readonly kind: "number";
  readonly value: number;
  readonly span: Span;
}
export interface BooleanNode {
  readonly kind: "boolean";
  readonly value: boolean;
  readonly span: Span;
}
/** `1 hour 30 minutes`; `short` for the form `4m59s` that only tests take. */
export interface DurationNode {
  readonly kind: "duration";
  readonly ms: number;
  readonly short: boolean;
  readonly span: Span;
}
/** `2026-11-21`, `2026-12-24 18:00`: wall-clock, the zone comes from elsewhere. */
export interface DateNode {
  readonly kind: "date";
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly time: ClockNode | undefined;
  readonly span: Span;
}
export interface ClockNode {
  readonly kind: "clock";
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly span: Span;
}
/** A dotted path, or one bare word (a list, a definition, a name that `like` bound): the checker tells which. */
export interface PathNode {
  readonly kind: "path";
  readonly segments: readonly Name[];
  readonly span: Span;
}
/** `priority_for[alert.severity]` */
export interface LookupNode {
  readonly kind: "lookup";
  readonly table: Name;
  readonly index: Expression | undefined;
  readonly span: Span;
}
export interface ListNode {
  readonly kind: "list";
  readonly items: readonly Expression[];
  readonly span: Span;
}
export interface CategoryDefaultNode {
  readonly kind: "category-default";
  readonly span: Span;
}
export interface SecretNode {
  readonly kind: "secret";
  readonly name: Name | undefined;
  readonly span: Span;
}
/** `a or b or "c"`: the first that is not missing. */
export interface FallbackNode {
  readonly kind: "fallback";
  readonly of: readonly Expression[];
  readonly span: Span;
}

/* ---------- conditions ---------- */

export type Condition =
  | GroupCondition
  | MixedCondition
  | NotCondition
  | Comparison
  | EmptyTest
  | BetweenTest
  | ChangedTest
  | CalendarTest
  | CountTest
  | NameCondition;

/** `a and b`, `all of (a, b)`; `a or b`, `any of (...)`; `none of (...)`. */
export interface GroupCondition {
  readonly kind: "group";
  readonly quantifier: "all" | "any" | "none";
  readonly written: "infix" | "of";
  readonly of: readonly Condition[];
  readonly span: Span;
}
/** `a and b or c` without brackets: reported by the parser, kept for the editor. `joiners[i]` stands between i and i+1. */
export interface MixedCondition {
  readonly kind: "mixed";
  readonly of: readonly Condition[];
  readonly joiners: readonly ("and" | "or")[];
  readonly span: Span;
}
export interface NotCondition {
  readonly kind: "not";
  readonly of: Condition | undefined;
  readonly span: Span;
}

export type ComparisonOperator =
  | "is"
  | "in"
  | "like"
  | "contains"
  | "starts with"
  | "ends with"
  | "matches"
  | "at least"
  | "at most"
  | "more than"
  | "less than";

/**
 * `left [negated] operator [exactly] right`. `right` holds one expression, or several behind `any of`, `all of`,
 * `none of` (`quantifier`). `>` is "more than", `>=` "at least", `<` "less than", `<=` "at most".
 * `"lab" in alert.device.tags` stays `in` with a path on the right; the checker reads it as `contains`.
 */
export interface Comparison {
  readonly kind: "comparison";
  readonly left: Expression;
  readonly operator: ComparisonOperator;
  readonly operatorSpan: Span;
  readonly negated: boolean;
  readonly exactly: boolean;
  readonly quantifier: "any" | "all" | "none" | undefined;
  readonly right: readonly Expression[];
  readonly span: Span;
}
/** `is empty`, `is not empty` */
export interface EmptyTest {
  readonly kind: "empty";
  readonly left: Expression;
  readonly negated: boolean;
  readonly span: Span;
}
/** `between A and B`, both ends in */
export interface BetweenTest {
  readonly kind: "between";
  readonly left: Expression;
  readonly low: Expression | undefined;
  readonly high: Expression | undefined;
  readonly negated: boolean;
  readonly span: Span;
}
/** `ticket.queue changed [from X] [to Y]` */
export interface ChangedTest {
  readonly kind: "changed";
  readonly left: PathNode;
  readonly from: readonly Expression[];
  readonly to: readonly Expression[];
  readonly negated: boolean;
  readonly span: Span;
}
/** `during "business hours"`, `ticket.created_at outside "business hours"` */
export interface CalendarTest {
  readonly kind: "calendar";
  readonly left: PathNode | undefined;
  readonly inside: boolean;
  readonly calendar: Name | undefined;
  readonly span: Span;
}
/** `more than 20 alerts in 5 minutes per (alert.organization, alert.device)` */
export interface CountTest {
  readonly kind: "count";
  readonly comparator: "more than" | "at least";
  readonly count: NumberNode | undefined;
  readonly within: DurationNode | undefined;
  readonly per: readonly PathNode[];
  readonly span: Span;
}
/** One bare word as a condition: a `define`. */
export interface NameCondition {
  readonly kind: "name";
  readonly name: Name;
  readonly span: Span;
}

/* ---------- events ---------- */

export type ActorWord = "staff" | "contact" | "system" | "rule" | "integration";

export type EventNode =
  | { readonly kind: "alert received"; readonly span: Span }
  | { readonly kind: "alert repeats"; readonly span: Span }
  | { readonly kind: "alert resolved"; readonly span: Span }
  | { readonly kind: "alert still firing"; readonly after: DurationNode | undefined; readonly span: Span }
  | {
      readonly kind: "no alert";
      readonly for: DurationNode | undefined;
      readonly per: readonly PathNode[];
      readonly span: Span;
    }
  /** One node per word of `ticket created or edited by contact`; the phrase's `by` is on each. */
  | {
      readonly kind: "ticket created" | "ticket edited" | "ticket completed" | "ticket reopened";
      readonly by: readonly ActorWord[];
      readonly span: Span;
    }
  | {
      readonly kind: "field changes";
      readonly path: PathNode;
      readonly from: readonly Expression[];
      readonly to: readonly Expression[];
      readonly by: readonly ActorWord[];
      readonly span: Span;
    }
  | {
      readonly kind: "note added" | "time entry added";
      readonly by: readonly ActorWord[];
      readonly span: Span;
    }
  | {
      readonly kind: "ticket idle" | "ticket open" | "ticket due" | "ticket overdue";
      /** Left out only for `ticket overdue`. */
      readonly duration: DurationNode | undefined;
      readonly during: Name | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "callout succeeded" | "callout failed";
      readonly callout: Name | undefined;
      readonly span: Span;
    }
  | { readonly kind: "every"; readonly schedule: ScheduleNode; readonly span: Span };

export interface ScheduleNode {
  /** `every 15 minutes`, `every hour`; else days and times. */
  readonly interval: DurationNode | undefined;
  readonly days: readonly DayRange[];
  readonly times: readonly ClockNode[];
  readonly calendar: Name | undefined;
  readonly zone: StringNode | undefined;
  readonly span: Span;
}

export type DayWord = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";
/** `monday to friday`, `saturday`; `every day` and `every weekday` are kept as their words. */
export interface DayRange {
  readonly from: DayWord | "day" | "weekday";
  readonly to: DayWord | undefined;
  readonly span: Span;
}

/* ---------- actions ---------- */

export type ActionNode =
  | CreateTicketNode
  | {
      readonly kind: "add note";
      readonly text: StringNode | undefined;
      readonly visibility: "internal" | "public" | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "set";
      readonly path: PathNode;
      readonly value: Expression | undefined;
      readonly span: Span;
    }
  | { readonly kind: "complete ticket"; readonly ifUntouched: boolean; readonly span: Span }
  | { readonly kind: "add tag" | "remove tag"; readonly tags: readonly StringNode[]; readonly span: Span }
  | { readonly kind: "run callout"; readonly callout: Name | undefined; readonly span: Span }
  | NotifyNode
  | { readonly kind: "suppress alert"; readonly span: Span }
  | { readonly kind: "stop"; readonly span: Span };

export interface NotifyNode {
  readonly kind: "notify";
  /** Names of recipients, or paths such as `ticket.assigned_resource`. */
  readonly to: readonly (Name | PathNode)[];
  readonly template: Name | undefined;
  readonly text: StringNode | undefined;
  readonly span: Span;
}

export interface CreateTicketNode {
  readonly kind: "create ticket";
  readonly fields: readonly FieldLine[];
  readonly dueIn: DurationNode | undefined;
  readonly dedup: DedupNode | undefined;
  readonly onRepeatNote: StringNode | undefined;
  readonly oncePer: OncePerNode | undefined;
  /** The line keywords in the order typed, for the formatter. */
  readonly span: Span;
}

/** `udf."Site code" = alert.fields.site` */
export interface FieldLine {
  readonly path: PathNode;
  readonly value: Expression | undefined;
  readonly span: Span;
}

export type DedupNode =
  | { readonly kind: "no dedup"; readonly span: Span }
  | {
      readonly kind: "dedup";
      readonly within: DurationNode | undefined;
      readonly by: readonly DedupPart[];
      readonly across: readonly ("organizations" | "sources")[];
      readonly span: Span;
    };
export interface DedupPart {
  readonly path: PathNode;
  readonly withoutNumbers: boolean;
  readonly span: Span;
}
export interface OncePerNode {
  readonly duration: DurationNode | undefined;
  readonly per: PathNode | undefined;
  readonly span: Span;
}

/* ---------- declarations ---------- */

/** What every declaration has. `doc` is the text of the `##` lines directly above. */
interface Declared {
  readonly doc: string | undefined;
  readonly span: Span;
}

export type Declaration =
  | RuleNode
  | ListDeclaration
  | LookupDeclaration
  | ValuesDeclaration
  | DefineDeclaration
  | CalendarDeclaration
  | CategoryDeclaration
  | RecipientDeclaration
  | TemplateDeclaration
  | CalloutDeclaration
  | PartnerDeclaration
  | UdfDeclaration
  | MailboxDeclaration
  | MaintenanceDeclaration
  | TestDeclaration;

export interface RuleNode extends Declared {
  readonly kind: "rule";
  readonly name: Name | undefined;
  readonly inactive: boolean;
  /** Of the word `rule`: the line that answers name. */
  readonly keywordSpan: Span;
  readonly order: NumberNode | undefined;
  readonly organizations: OrganizationScope | undefined;
  readonly events: readonly EventNode[];
  readonly condition: Condition | undefined;
  readonly exceptions: readonly Condition[];
  readonly actions: readonly ActionNode[];
}
/** `for organization "A", "B"` or `for organization in LIST` (or `in vip_customers` with a bare name). */
export type OrganizationScope =
  | { readonly kind: "names"; readonly names: readonly StringNode[]; readonly span: Span }
  | { readonly kind: "list"; readonly list: Name; readonly span: Span };

export interface ListDeclaration extends Declared {
  readonly kind: "list";
  readonly name: Name | undefined;
  readonly items: readonly Expression[];
}
export interface LookupDeclaration extends Declared {
  readonly kind: "lookup";
  readonly name: Name | undefined;
  readonly entries: readonly LookupEntry[];
  readonly otherwise: Expression | undefined;
}
/** `"major", "error" -> "High"` */
export interface LookupEntry {
  readonly keys: readonly Expression[];
  readonly value: Expression | undefined;
  readonly span: Span;
}
/** `values ticket.priority = "Low" < "Medium"`; words of one rank stand in one inner list. `ordered` when a `<` is written. */
export interface ValuesDeclaration extends Declared {
  readonly kind: "values";
  readonly path: PathNode | undefined;
  readonly ranks: readonly (readonly StringNode[])[];
  readonly ordered: boolean;
}
export interface DefineDeclaration extends Declared {
  readonly kind: "define";
  readonly name: Name | undefined;
  readonly condition: Condition | undefined;
}
export interface CalendarDeclaration extends Declared {
  readonly kind: "calendar";
  readonly name: Name | undefined;
  readonly zone: StringNode | undefined;
  readonly hours: readonly {
    readonly days: readonly DayRange[];
    readonly ranges: readonly ClockRange[];
    readonly span: Span;
  }[];
  readonly closed: readonly DateRange[];
}
export interface ClockRange {
  readonly from: ClockNode;
  readonly to: ClockNode | undefined;
  readonly span: Span;
}
export interface DateRange {
  readonly from: DateNode;
  readonly to: DateNode | undefined;
  readonly span: Span;
}
export interface CategoryDeclaration extends Declared {
  readonly kind: "category";
  readonly name: Name | undefined;
  readonly fields: readonly FieldLine[];
  readonly dueIn: DurationNode | undefined;
}
export interface RecipientDeclaration extends Declared {
  readonly kind: "recipient";
  readonly name: Name | undefined;
  readonly emails: readonly StringNode[];
  readonly webhooks: readonly StringNode[];
}
export interface TemplateDeclaration extends Declared {
  readonly kind: "template";
  readonly name: Name | undefined;
  readonly subject: StringNode | undefined;
  readonly body: StringNode | undefined;
}

export type CalloutMethod = "get" | "post" | "put" | "patch" | "delete";
export interface CalloutDeclaration extends Declared {
  readonly kind: "callout";
  readonly name: Name | undefined;
  readonly inactive: boolean;
  readonly method: CalloutMethod | undefined;
  readonly url: StringNode | undefined;
  readonly auth: CalloutAuthNode | undefined;
  readonly headers: readonly {
    readonly name: StringNode;
    readonly value: Expression | undefined;
    readonly span: Span;
  }[];
  readonly body: CalloutBodyNode | undefined;
  readonly onlyWhen: Condition | undefined;
  readonly retry:
    | {
        readonly every: DurationNode | undefined;
        readonly times: NumberNode | undefined;
        readonly span: Span;
      }
    | undefined;
  readonly timeout: DurationNode | undefined;
  /** `success is 200, 204` */
  readonly success: readonly NumberNode[];
  readonly noRetryOn4xx: boolean;
  readonly honourRetryAfter: boolean;
  readonly sign: readonly Expression[];
  readonly pauseAfter: NumberNode | undefined;
  readonly notify:
    { readonly to: readonly Name[]; readonly on: "failure" | "every call"; readonly span: Span } | undefined;
}
export type CalloutAuthNode =
  | { readonly kind: "none"; readonly span: Span }
  | {
      readonly kind: "basic";
      readonly user: Expression | undefined;
      readonly password: Expression | undefined;
      readonly span: Span;
    }
  | { readonly kind: "bearer"; readonly token: Expression | undefined; readonly span: Span }
  | {
      readonly kind: "header";
      readonly header: StringNode | undefined;
      readonly value: Expression | undefined;
      readonly span: Span;
    };
export type CalloutBodyNode =
  | {
      readonly kind: "json" | "form" | "xml";
      readonly root: StringNode | undefined;
      readonly fields: readonly FieldLine[];
      readonly span: Span;
    }
  | { readonly kind: "text"; readonly text: StringNode | undefined; readonly span: Span };

export interface PartnerDeclaration extends Declared {
  readonly kind: "partner";
  readonly name: Name | undefined;
}
export type UdfScope = "ticket" | "organization" | "device";
export type UdfType = "text" | "number" | "date" | "boolean";
export interface UdfDeclaration extends Declared {
  readonly kind: "udf";
  readonly scope: UdfScope;
  readonly name: Name | undefined;
  readonly type: UdfType | undefined;
}

export type MailObject = "ticket" | "note" | "time entry" | "project note" | "task note" | "task time entry";
export interface MailboxDeclaration extends Declared {
  readonly kind: "mailbox";
  readonly address: Name | undefined;
  readonly inactive: boolean;
  readonly tokenPassword: Expression | undefined;
  readonly organizationFallback: StringNode | undefined;
  readonly duplicates:
    | {
        readonly by: readonly ("alert id" | "ticket id" | "ticket number")[];
        readonly open: DuplicateBehaviour | undefined;
        readonly complete: DuplicateBehaviour | undefined;
        readonly span: Span;
      }
    | undefined;
  readonly defaults: readonly {
    readonly object: MailObject;
    readonly fields: readonly FieldLine[];
    readonly dueIn: DurationNode | undefined;
    readonly span: Span;
  }[];
  readonly tagFrom: readonly ("title" | "description")[];
  readonly trustSender: boolean;
  readonly replySuccess: Name | undefined;
  readonly replyFailure: Name | undefined;
}
export type DuplicateBehaviour =
  | { readonly kind: "add note" | "create ticket" | "drop"; readonly span: Span }
  | { readonly kind: "reopen"; readonly status: StringNode | undefined; readonly span: Span };

export interface MaintenanceDeclaration extends Declared {
  readonly kind: "maintenance";
  readonly name: Name | undefined;
  readonly scopes: readonly {
    readonly kind: "organization" | "device" | "source";
    readonly names: readonly StringNode[];
    readonly span: Span;
  }[];
  readonly zone: StringNode | undefined;
  readonly times: readonly MaintenanceTime[];
}
export type MaintenanceTime =
  | {
      readonly kind: "every";
      readonly days: readonly DayRange[];
      readonly ranges: readonly ClockRange[];
      readonly span: Span;
    }
  | {
      readonly kind: "from";
      readonly from: DateNode;
      readonly to: DateNode | undefined;
      readonly span: Span;
    };

/* ---------- tests ---------- */

export interface TestDeclaration extends Declared {
  readonly kind: "test";
  readonly name: Name | undefined;
  readonly zone: StringNode | undefined;
  readonly steps: readonly TestStep[];
}
/** When a step happens: `at 23:05`, `at 2026-11-20 17:50`, `after 4 minutes`, or now. */
export type StepTime =
  | { readonly kind: "at"; readonly time: ClockNode | DateNode; readonly span: Span }
  | { readonly kind: "after"; readonly duration: DurationNode; readonly span: Span }
  | undefined;

export type TestStep =
  | {
      readonly kind: "given organization";
      readonly name: StringNode;
      readonly mapped: boolean;
      readonly tags: readonly StringNode[];
      readonly span: Span;
    }
  | {
      readonly kind: "given device";
      readonly name: StringNode;
      readonly of: StringNode | undefined;
      readonly tags: readonly StringNode[];
      readonly span: Span;
    }
  | {
      readonly kind: "given contact";
      readonly email: StringNode;
      readonly of: StringNode | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "given secret";
      readonly name: StringNode;
      readonly value: StringNode | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "given callout";
      readonly callout: Name;
      readonly answers: readonly (NumberNode | { readonly kind: "timeout"; readonly span: Span })[];
      readonly span: Span;
    }
  | {
      readonly kind: "given ticket";
      readonly number: NumberNode;
      readonly created: ClockNode | DateNode | undefined;
      readonly fields: readonly FieldLine[];
      readonly span: Span;
    }
  /** `at 09:33` alone: the clock moves, nothing else. */
  | { readonly kind: "wait"; readonly when: StepTime; readonly span: Span }
  | {
      readonly kind: "receive alert";
      readonly when: StepTime;
      readonly fields: readonly FieldLine[];
      readonly span: Span;
    }
  | {
      readonly kind: "receive same alert";
      readonly when: StepTime;
      readonly with: readonly FieldLine[];
      readonly span: Span;
    }
  | {
      readonly kind: "receive mail";
      readonly when: StepTime;
      readonly message: StringNode | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "set ticket";
      readonly when: StepTime;
      readonly number: NumberNode;
      readonly fields: readonly FieldLine[];
      readonly span: Span;
    }
  | {
      readonly kind: "add note";
      readonly when: StepTime;
      readonly text: StringNode | undefined;
      readonly number: NumberNode;
      readonly by: "staff" | "contact" | undefined;
      readonly span: Span;
    }
  | { readonly kind: "expect"; readonly expectation: Expectation; readonly span: Span };

export type Expectation =
  | {
      readonly kind: "ticket created" | "ticket completed";
      readonly number: NumberNode;
      readonly negated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: "ticket field";
      readonly number: NumberNode;
      readonly path: PathNode;
      readonly test: "is" | "is not" | "contains" | "is empty" | "is not empty";
      readonly value: Expression | undefined;
      readonly span: Span;
    }
  /** `no ticket` is a count of 0. */
  | { readonly kind: "ticket count"; readonly count: number; readonly span: Span }
  | {
      readonly kind: "note";
      readonly number: NumberNode;
      readonly negated: boolean;
      readonly containing: StringNode | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "notify";
      readonly recipient: Name;
      readonly negated: boolean;
      readonly times: NumberNode | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "callout";
      readonly callout: Name;
      readonly outcome:
        | { readonly kind: "sent"; readonly times: NumberNode }
        | { readonly kind: "succeeded" | "failed" | "not sent" };
      readonly span: Span;
    }
  | {
      readonly kind: "alert";
      readonly outcome: "suppressed" | "unmatched" | "held" | "handled" | "resolved";
      readonly span: Span;
    }
  | {
      readonly kind: "rule";
      readonly rule: Name;
      readonly fired: boolean;
      readonly because: PathNode | undefined;
      readonly span: Span;
    }
  | { readonly kind: "nothing"; readonly span: Span };

/* ---------- files ---------- */

/** A comment as typed, from `#` to the end of its line. `doc` for `##`. */
export interface CommentNode {
  readonly text: string;
  readonly doc: boolean;
  /** True when nothing but blanks stands before it on its line. */
  readonly ownLine: boolean;
  readonly span: Span;
}

export interface RuleFile {
  readonly source: SourceText;
  /** From `rules 1`; undefined when left out. */
  readonly version: NumberNode | undefined;
  readonly declarations: readonly Declaration[];
  readonly comments: readonly CommentNode[];
}
