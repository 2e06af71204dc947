/**
 * The JSON that a rule set is emitted as: json-rules-engine's own form with our operators and facts. Plain data
 * only, so that it can be written to a file and read by the engine elsewhere. Knows nothing of how it is evaluated.
 */
import type { ClosedDays, DayRange, Weekday } from "../../calendar/index.ts";
import type { LikePattern } from "../../compiler/index.ts";
import type { FieldValue } from "../../domain/index.ts";

export type JsonCondition =
  | { readonly all: readonly JsonCondition[] }
  | { readonly any: readonly JsonCondition[] }
  | { readonly not: JsonCondition }
  | JsonLeaf;

export interface JsonLeaf {
  /** A path (`alert.severity`), `event`, `organization`, `changes`, or `expression` with the expression in `params`. */
  readonly fact: string;
  readonly params?: { readonly expression: JsonExpression };
  readonly operator: string;
  /** A value, a list of values (any of them), an operand with parts, or a fact that gives one of these. */
  readonly value: JsonOperand | JsonFactReference;
}

export type JsonOperand = FieldValue | RankOperand | LikeOperand | ChangeOperand | CalendarOperand;

export interface JsonFactReference {
  readonly fact: string;
  readonly params?: { readonly expression: JsonExpression };
}

/** `at least "minor"` on declared, ordered values: words of one rank together, lowest first. */
export interface RankOperand {
  readonly ranks: readonly (readonly string[])[];
  readonly of: FieldValue;
}

export interface LikeOperand {
  readonly like: LikePattern["pieces"];
}

export interface ChangeOperand {
  readonly field: string;
  readonly from: FieldValue;
  readonly to: FieldValue;
}

/** Open ranges by the weekday (1 is Monday) on which they begin, in seconds since midnight. */
export interface CalendarOperand {
  readonly calendar: string;
  readonly zone: string;
  readonly open: readonly (readonly [Weekday, readonly DayRange[]])[];
  readonly closed: readonly ClosedDays[];
}

/** Values that are no plain fact: evaluated by the dynamic fact `expression` that `toFacts` brings. */
export type JsonExpression =
  | { readonly kind: "const"; readonly value: FieldValue }
  | { readonly kind: "fact"; readonly fact: string }
  | {
      readonly kind: "lookup";
      readonly index: JsonExpression;
      /** Pairs, since words of rule files may be any text, also `__proto__`. */
      readonly entries: readonly (readonly [string, JsonExpression])[];
      readonly otherwise?: JsonExpression;
    }
  | { readonly kind: "first"; readonly of: readonly JsonExpression[] }
  | { readonly kind: "list"; readonly of: readonly JsonExpression[] }
  | { readonly kind: "text"; readonly parts: readonly (string | JsonExpression)[] }
  | { readonly kind: "from-now"; readonly ms: number }
  /** An operand whose parts are read from facts. */
  | {
      readonly kind: "rank-operand";
      readonly ranks: readonly (readonly string[])[];
      readonly of: JsonExpression;
    }
  | {
      readonly kind: "change-operand";
      readonly field: string;
      readonly from: JsonExpression;
      readonly to: JsonExpression;
    }
  /** A name that `like` bound: the first choice that holds gives it; a choice without `name` leaves it missing. */
  | { readonly kind: "bound"; readonly choices: readonly BoundChoice[] };

export interface BoundChoice {
  readonly when?: JsonCondition;
  readonly name?: string;
  readonly text?: JsonExpression;
  readonly like?: LikePattern["pieces"];
  readonly exactly?: boolean;
  /** Bound further inside: by an earlier choice of its own. */
  readonly inner?: JsonExpression;
}

export interface JsonRule {
  readonly name: string;
  readonly priority: number;
  readonly conditions: JsonCondition;
  readonly event: {
    readonly type: "rule";
    readonly params: {
      readonly rule: string;
      readonly file: string;
      readonly line: number;
      readonly hash: string;
    };
  };
}
