/**
 * What the checker hands to the compiler: the trees, with every name and path looked up once. Knows no check.
 *
 *   PathNode --meanings--> Field | list | bound name          (a tree node is looked up once; its meaning is the same
 *   names    --declarations--> the declaring node              wherever a definition or template is used)
 */
import type { Span } from "../diagnostics/index.ts";
import type { Field } from "../domain/index.ts";
import type {
  CalendarDeclaration,
  CalloutDeclaration,
  CategoryDeclaration,
  Declaration,
  DefineDeclaration,
  ListDeclaration,
  LookupDeclaration,
  MailboxDeclaration,
  MaintenanceDeclaration,
  PathNode,
  RecipientDeclaration,
  RuleFile,
  RuleNode,
  TemplateDeclaration,
  UdfScope,
  UdfType,
} from "../../grammar/ast.ts";

export type PathMeaning =
  /** `untyped`: what a source sent beside its alert can be anything. */
  | { readonly kind: "field"; readonly field: Field; readonly untyped: boolean }
  | { readonly kind: "list"; readonly list: ListDeclaration }
  | { readonly kind: "binding"; readonly name: string };

export interface UdfEntry {
  readonly scope: UdfScope;
  readonly name: string;
  readonly type: UdfType;
  readonly partner: string | undefined;
  readonly span: Span;
}

/** By the exact name (trimmed, NFC): a reference in another case is unknown and gets a suggestion. */
export type Named<D extends Declaration> = ReadonlyMap<string, D>;

export interface Declarations {
  readonly lists: Named<ListDeclaration>;
  readonly lookups: Named<LookupDeclaration>;
  readonly defines: Named<DefineDeclaration>;
  readonly calendars: Named<CalendarDeclaration>;
  readonly categories: Named<CategoryDeclaration>;
  readonly recipients: Named<RecipientDeclaration>;
  readonly templates: Named<TemplateDeclaration>;
  readonly callouts: Named<CalloutDeclaration>;
  readonly maintenance: Named<MaintenanceDeclaration>;
  readonly mailboxes: Named<MailboxDeclaration>;
  /** Names of partners, by folded name. */
  readonly partners: ReadonlyMap<string, string>;
  /** By `scope name`. */
  readonly udfs: ReadonlyMap<string, UdfEntry>;
  readonly rules: readonly RuleNode[];
}

/** The words that a field may hold: declared by `values`, built in, or the names of declarations. */
export interface Vocabulary {
  readonly path: string;
  readonly words: readonly string[];
  /** By folded word; undefined: no order. */
  readonly ranks: ReadonlyMap<string, number> | undefined;
  /** `values`: a picklist, declared or by default; `fixed`: built into the program; else names of declarations. */
  readonly source: "values" | "fixed" | "category" | "callout";
  /** Where it was declared; undefined for defaults. */
  readonly declared: Span | undefined;
}

export interface CheckedRules {
  /** `*.rules` only, sorted by path. */
  readonly files: readonly RuleFile[];
  /** `*.test.rules` only, sorted by path. */
  readonly tests: readonly RuleFile[];
  readonly declarations: Declarations;
  readonly meanings: ReadonlyMap<PathNode, PathMeaning>;
  /** By canonical path. */
  readonly vocabularies: ReadonlyMap<string, Vocabulary>;
}
