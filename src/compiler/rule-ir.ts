/**
 * RuleIr: what a checked rule set means, with every name looked up. Read by matcher, decision, simulation and the
 * emission to json-rules-engine. Knows nothing of text, tokens or tickets in a database.
 */
import type { Calendar, Schedule, WindowTimes } from "../calendar/index.ts";
import type { ActorKind, DuplicateKey, Field, FieldValue, TriggerKind } from "../domain/index.ts";

/** Where something was written, for reasons and explanations: file relative to the rules folder, from 1. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** As written, white space folded to one blank. */
  readonly text: string;
}

/* ---------- expressions ---------- */

export type ExprIr =
  | { readonly kind: "const"; readonly value: FieldValue }
  | { readonly kind: "field"; readonly field: Field }
  /** A name that `like` bound earlier in the same rule. */
  | { readonly kind: "binding"; readonly name: string }
  | { readonly kind: "lookup"; readonly table: LookupIr; readonly index: ExprIr }
  /** Text with values filled in; a missing value is written `-` and told (language.md 3.3). */
  | { readonly kind: "text"; readonly parts: readonly (string | ExprIr)[] }
  /** The first that is not missing. */
  | { readonly kind: "first"; readonly of: readonly ExprIr[] }
  | { readonly kind: "list"; readonly of: readonly ExprIr[] }
  /** A duration where a time is wanted: from now. Elsewhere milliseconds. */
  | { readonly kind: "duration"; readonly ms: number }
  /** Only as the value of a ticket field of `create ticket`, also inside lookups. */
  | { readonly kind: "category-default" }
  /** Only in callouts' auth and signatures. */
  | { readonly kind: "secret"; readonly name: string };

export interface LookupIr {
  readonly name: string;
  /** By folded word. */
  readonly entries: ReadonlyMap<string, ExprIr>;
  readonly otherwise: ExprIr | undefined;
}

/* ---------- conditions ---------- */

export type TestOperator =
  | "equals"
  | "contains"
  | "starts-with"
  | "ends-with"
  | "matches"
  | "like"
  | "empty"
  | "at-least"
  | "at-most"
  | "more-than"
  | "less-than"
  | "between"
  | "changed";

/**
 * Two-valued: a test on a missing value is false, and its negation (`not`) therefore true (language.md 3.2).
 * Negative forms are lowered to `not` of the positive test; `in` and `any of` over values are one `equals` (or other)
 * test with several `right` sides (any of them); `all of` over values is an `all` of tests.
 */
export type ConditionIr =
  | { readonly kind: "all"; readonly of: readonly ConditionIr[]; readonly origin: Origin }
  | { readonly kind: "any"; readonly of: readonly ConditionIr[]; readonly origin: Origin }
  | { readonly kind: "not"; readonly of: ConditionIr; readonly origin: Origin }
  | { readonly kind: "always"; readonly origin: Origin }
  | CalendarTestIr
  | CountTestIr
  | TestIr;

/** `during` and `outside`; a time that is missing is neither. Pure: open hours of the moment. */
export interface CalendarTestIr {
  readonly kind: "calendar";
  readonly inside: boolean;
  readonly calendar: Calendar;
  /** Undefined: the moment of the event (`momentOf`). */
  readonly at: ExprIr | undefined;
  readonly origin: Origin;
}

/** `more than 20 alerts in 5 minutes per alert.organization`: the decision counts, the matcher reads `Snapshot.counts`. */
export interface CountTestIr {
  readonly kind: "count";
  readonly comparator: "more-than" | "at-least";
  readonly count: number;
  readonly withinMs: number;
  readonly per: readonly Field[];
  /** What is counted, in words: equal for equal `per` and span, whatever the threshold. */
  readonly key: string;
  readonly origin: Origin;
}

export interface TestIr {
  readonly kind: "test";
  readonly operator: TestOperator;
  readonly left: ExprIr;
  /** Any of them. Empty for `empty` and a bare `changed`; low and high for `between`; see `changed` below. */
  readonly right: readonly ExprIr[];
  /** Without it text compares folded (`foldText`). */
  readonly exactly: boolean;
  /** Ranks by folded word for `at-least` and its like on a field with declared, ordered values. */
  readonly ranks: ReadonlyMap<string, number> | undefined;
  /** `matches`: the pattern in RE2 syntax, compiled once by the reader. `right` then holds it as a const. */
  readonly pattern: LikePattern | undefined;
  /** `changed`: the field's API name and the values asked for; empty lists mean any. */
  readonly change:
    | { readonly apiName: string; readonly from: readonly ExprIr[]; readonly to: readonly ExprIr[] }
    | undefined;
  readonly origin: Origin;
}

/** `Disk {drive} on * is full`: literals and runs in turn. `hole` binds a run of at least one character, shortest first. */
export interface LikePattern {
  readonly pieces: readonly (
    | { readonly kind: "literal"; readonly text: string }
    | { readonly kind: "star" }
    | { readonly kind: "hole"; readonly name: string }
  )[];
}

/* ---------- triggers ---------- */

export interface TriggerIr {
  readonly kind: TriggerKind;
  /** Empty: by anyone. */
  readonly by: readonly ActorKind[];
  /** `ticket-changed`: which field, from and to what (empty: anything). */
  readonly change:
    | { readonly apiName: string; readonly from: readonly ExprIr[]; readonly to: readonly ExprIr[] }
    | undefined;
  /** `callout-...`: only of this callout. */
  readonly callout: string | undefined;
  /** Time-based kinds only. */
  readonly timer?: TimerIr;
}

export type TimerIr =
  /** `alert-still-firing` */
  | { readonly kind: "hold"; readonly ms: number }
  /** `no-alert`; without `per` one silence for all. */
  | { readonly kind: "silence"; readonly ms: number; readonly per: readonly Field[] }
  /** `ticket-idle`, `-open`, `-due`, `-overdue`; `ms` is 0 for a bare `overdue`. */
  | { readonly kind: "clock"; readonly ms: number; readonly calendar: Calendar | undefined }
  /** `every` */
  | { readonly kind: "schedule"; readonly schedule: Schedule };

/* ---------- actions ---------- */

export type ActionIr =
  | CreateTicketIr
  | {
      readonly kind: "add-note";
      readonly text: ExprIr;
      readonly visibility: "internal" | "public";
      readonly origin: Origin;
    }
  | { readonly kind: "set-field"; readonly field: Field; readonly value: ExprIr; readonly origin: Origin }
  | { readonly kind: "complete-ticket"; readonly ifUntouched: boolean; readonly origin: Origin }
  | { readonly kind: "add-tags" | "remove-tags"; readonly tags: readonly string[]; readonly origin: Origin }
  | { readonly kind: "run-callout"; readonly callout: string; readonly origin: Origin }
  | {
      readonly kind: "notify";
      /** Names of recipients and paths of persons (`ticket.assigned_resource`, `ticket.contact`). */
      readonly recipients: readonly string[];
      readonly people: readonly ("assigned_resource" | "contact")[];
      readonly template: string | undefined;
      /** Without template and text a default subject and body are used. */
      readonly text: ExprIr | undefined;
      readonly origin: Origin;
    }
  | { readonly kind: "suppress-alert"; readonly origin: Origin }
  | { readonly kind: "stop"; readonly origin: Origin };

export interface CreateTicketIr {
  readonly kind: "create-ticket";
  /** In written order; `category` is apart, since it gives the defaults of all others. */
  readonly fields: readonly { readonly field: Field; readonly value: ExprIr }[];
  readonly category: ExprIr | undefined;
  readonly dueInMs: number | undefined;
  readonly dedup: DedupIr;
  /** Undefined: the standard text of a repeat's note. */
  readonly repeatNote: ExprIr | undefined;
  readonly oncePer: { readonly ms: number } | undefined;
  readonly origin: Origin;
}

/** `none`: `no dedup`, `once per` without a dedup line, and rules without an alert at hand that write none. */
export type DedupIr =
  | { readonly kind: "none" }
  | {
      readonly kind: "window";
      readonly ms: number;
      readonly parts: readonly {
        /** What enters the key as the part's name: the canonical path or the bound name. */
        readonly name: string;
        readonly value: ExprIr;
        readonly withoutNumbers: boolean;
      }[];
      readonly acrossOrganizations: boolean;
      readonly acrossSources: boolean;
    };

/* ---------- the set ---------- */

export interface RuleIr {
  /** Dense, from 0, in firing order: order, then file (code points), then line (language.md 3). */
  readonly index: number;
  readonly name: string;
  readonly documentation: string | undefined;
  readonly file: string;
  /** Of the word `rule`. */
  readonly line: number;
  readonly active: boolean;
  readonly order: number;
  /** Folded names; undefined: everywhere. Compared with `alert.organization.name`, else `ticket.organization.name`. */
  readonly organizations: ReadonlySet<string> | undefined;
  readonly triggers: readonly TriggerIr[];
  readonly condition: ConditionIr;
  readonly exceptions: readonly ConditionIr[];
  readonly actions: readonly ActionIr[];
  /** Hash of the rule's canonical text: tells whether a rule changed between two sets. */
  readonly hash: string;
}

export interface CategoryIr {
  readonly name: string;
  readonly fields: readonly { readonly field: Field; readonly value: ExprIr }[];
  readonly dueInMs: number | undefined;
}

export interface RecipientIr {
  readonly name: string;
  readonly emails: readonly string[];
  readonly webhooks: readonly string[];
}

export interface TemplateIr {
  readonly name: string;
  readonly subject: ExprIr;
  readonly body: ExprIr;
}

export type AuthIr =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly user: ExprIr; readonly password: ExprIr }
  | { readonly kind: "bearer"; readonly token: ExprIr }
  | { readonly kind: "header"; readonly header: string; readonly value: ExprIr };

export type CalloutBodyIr =
  | { readonly kind: "none" }
  | {
      readonly kind: "json" | "form" | "xml";
      /** Root element of XML; `request` when not written. */
      readonly root: string;
      readonly fields: readonly { readonly name: string; readonly value: ExprIr }[];
    }
  | { readonly kind: "text"; readonly text: ExprIr };

export interface CalloutIr {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** As declared; what an admin switched in the API is state, not text. */
  readonly active: boolean;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Literal parts and values; values are percent-encoded as components when the request is built. */
  readonly url: ExprIr;
  /** As typed, for `GET /callouts`. */
  readonly urlText: string;
  readonly auth: AuthIr;
  readonly headers: readonly { readonly name: string; readonly value: ExprIr }[];
  readonly body: CalloutBodyIr;
  /** CO-3; undefined: for every ticket that the rule selects. */
  readonly onlyWhen: ConditionIr | undefined;
  readonly retryEveryMs: number;
  readonly resends: number;
  readonly timeoutMs: number;
  /** Empty: any 2xx. */
  readonly successStatuses: readonly number[];
  readonly retryOn4xx: boolean;
  readonly honourRetryAfter: boolean;
  /** Names of secrets; every one signs. */
  readonly signWith: readonly string[];
  readonly pauseAfterFailures: number | undefined;
  readonly notify:
    { readonly recipients: readonly string[]; readonly on: "failure" | "every call" } | undefined;
  /** Hash of the declaration: what an admin switched holds until it changes. */
  readonly hash: string;
}

export interface UdfIr {
  readonly scope: "ticket" | "organization" | "device";
  readonly name: string;
  readonly type: "text" | "number" | "date" | "boolean";
  /** The partner whose declaration made it. */
  readonly partner: string | undefined;
}

/** What a mailbox does with a mail that repeats an earlier one (DUP-6). */
export type DuplicateBehaviourIr =
  | { readonly kind: "add-note" }
  | { readonly kind: "create-ticket" }
  | { readonly kind: "drop" }
  | { readonly kind: "reopen"; readonly status: string };

/** One set of defaults a mailbox (IEP-14); what is not written stands here with its default. */
export interface MailboxIr {
  /** As declared. */
  readonly address: string;
  readonly file: string;
  readonly line: number;
  readonly active: boolean;
  /** Name of the secret: makes it the mailbox for token mail. */
  readonly tokenPassword: string | undefined;
  /** Undefined: a sender that nobody knows is refused. */
  readonly organizationFallback: string | undefined;
  readonly duplicates: {
    readonly by: readonly DuplicateKey[];
    readonly open: DuplicateBehaviourIr;
    readonly complete: DuplicateBehaviourIr;
  };
  readonly ticket: {
    readonly fields: readonly { readonly field: Field; readonly value: ExprIr }[];
    readonly category: string | undefined;
    readonly dueInMs: number | undefined;
  };
  readonly notes: Readonly<Record<"note" | "project note" | "task note", "internal" | "public">>;
  readonly roles: Readonly<Record<"time entry" | "task time entry", string | undefined>>;
  readonly tagFrom: readonly ("title" | "description")[];
  readonly trustSender: boolean;
  /** Names of templates. */
  readonly replySuccess: string | undefined;
  readonly replyFailure: string | undefined;
}

/** Closed picklist of a field; `ranks` when it is ordered. Words as declared. */
export interface ValuesIr {
  /** `ticket.queue`, `alert.severity` */
  readonly path: string;
  readonly words: readonly string[];
  readonly ranks: ReadonlyMap<string, number> | undefined;
}

/** Scopes are folded names: of one kind any, different kinds all, an empty kind everything. */
export interface MaintenanceIr {
  readonly name: string;
  readonly organizations: ReadonlySet<string>;
  readonly devices: ReadonlySet<string>;
  readonly sources: ReadonlySet<string>;
  /** In force while any of them is. */
  readonly times: readonly WindowTimes[];
}

export interface RuleSetIr {
  /** In firing order, inactive ones included (they are told, never run). */
  readonly rules: readonly RuleIr[];
  readonly categories: ReadonlyMap<string, CategoryIr>;
  readonly recipients: ReadonlyMap<string, RecipientIr>;
  readonly templates: ReadonlyMap<string, TemplateIr>;
  readonly callouts: ReadonlyMap<string, CalloutIr>;
  /** Names of partners, by folded name. */
  readonly partners: ReadonlyMap<string, string>;
  readonly udfs: readonly UdfIr[];
  /** By path, with the defaults of language.md 2 for priority, severity and status. */
  readonly values: ReadonlyMap<string, ValuesIr>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  readonly maintenance: readonly MaintenanceIr[];
  /** In the order of files and lines, inactive ones included. Left out: none. */
  readonly mailboxes?: readonly MailboxIr[];
  /** Zone for times in text: the set's only calendar's, else undefined (UTC, written `UTC`). */
  readonly zone: string | undefined;
  /** Names of secrets that the set needs. */
  readonly secrets: readonly string[];
}
