/**
 * Where a declaration names something: itself, another declaration, a field, a word that `like` took. One walk over a
 * tree, kept with it. Pure; knows the shapes of trees, not what is declared.
 */
import type { Span } from "../diagnostics/index.ts";
import { exactText } from "../domain/index.ts";
import type {
  Declaration,
  Expression,
  FieldLine,
  Name,
  PathNode,
  StringNode,
  StringPiece,
} from "../../grammar/ast.ts";

/** Lists, lookups and definitions share one space of bare names. */
export type NameKind =
  | "bare"
  | "binding"
  | "calendar"
  | "callout"
  | "category"
  | "field"
  | "mailbox"
  | "maintenance"
  | "partner"
  | "recipient"
  | "rule"
  | "secret"
  | "template"
  | "test"
  | "udf ticket"
  | "udf organization"
  | "udf device";

export interface Occurrence {
  readonly kind: NameKind;
  /** Exact text; of a field its path as written, small and with `ticket.` or `alert.` before a field of a block. */
  readonly name: string;
  readonly span: Span;
  readonly quoted: boolean;
  readonly declares: boolean;
  /** A list or lookup used where such a name stands: what it gives names one (held-names.ts). */
  readonly holds?: NameKind;
}

const known = new WeakMap<Declaration, readonly Occurrence[]>();

export function occurrencesIn(declaration: Declaration): readonly Occurrence[] {
  const found = known.get(declaration) ?? new Walk(declaration).found();
  known.set(declaration, found);
  return found;
}

/** How a declaration is named, and in which space; undefined for `values` and half-typed ones. */
export function declaredName(declaration: Declaration): { kind: NameKind; name: Name } | undefined {
  const name =
    declaration.kind === "mailbox"
      ? declaration.address
      : "name" in declaration
        ? declaration.name
        : undefined;
  if (name === undefined) return undefined;
  switch (declaration.kind) {
    case "list":
    case "lookup":
    case "define":
      return { kind: "bare", name };
    case "udf":
      return { kind: `udf ${declaration.scope}`, name };
    case "values":
      return undefined;
    default:
      return { kind: declaration.kind, name };
  }
}

const namedFields: Readonly<Record<string, NameKind>> = {
  "ticket.category": "category",
  "callout.name": "callout",
  "rule.name": "rule",
};

class Walk {
  readonly #declaration: Declaration;
  readonly #found: Occurrence[] = [];
  readonly #bound = new Set<string>();
  /** What the names of lists and lookups give where they stand. */
  readonly #holding = new Map<object, NameKind>();
  /** What the lines `field = value` at hand write. */
  #lines: "ticket" | "alert" | "body" = "ticket";

  constructor(declaration: Declaration) {
    this.#declaration = declaration;
  }

  found(): readonly Occurrence[] {
    const named = declaredName(this.#declaration);
    if (named !== undefined) this.#add(named.kind, named.name, true);
    this.#collectBindings(this.#declaration);
    this.#visit(this.#declaration, "");
    return this.#found;
  }

  #add(kind: NameKind, name: Pick<Name, "text" | "quoted" | "span">, declares = false): void {
    const { text, quoted, span } = name;
    const holds = this.#holding.get(name);
    const held = holds === undefined ? {} : { holds };
    this.#found.push({ kind, name: exactText(text), span, quoted, declares, ...held });
  }

  #string(kind: NameKind, { value, span }: StringNode): void {
    this.#add(kind, { text: value, quoted: true, span });
  }

  /** Every object of the tree; those that name something are read by what they are. */
  #visit(node: unknown, key: string): void {
    if (Array.isArray(node)) {
      for (const one of node) this.#visit(one, key);
      return;
    }
    if (!isObject(node)) return;
    if (isPath(node)) {
      this.#path(node, key === "path" || key === "because");
      return;
    }
    this.#look(node as Record<string, unknown>);
    const outer = this.#lines;
    this.#lines = linesIn(node) ?? outer;
    const isKeyPart = "withoutNumbers" in node;
    for (const [name, value] of Object.entries(node))
      if (!isPlace(name)) this.#visit(value, isKeyPart ? "part" : name);
    this.#lines = outer;
  }

  #look(node: Record<string, unknown>): void {
    for (const [kind, keys] of referringKeys)
      for (const key of keys) {
        const value = node[key];
        if (isName(value) && !(node["kind"] === "partner")) this.#add(kind, value);
      }
    const { kind } = node;
    if (kind === "notify" || (isObject(node["to"]) && "on" in node))
      for (const to of asList(node["to"])) if (isName(to)) this.#add("recipient", to);
    if (kind === "lookup" && isName(node["table"])) this.#add("bare", node["table"]);
    if (kind === "name" && isName(node["name"])) this.#add("bare", node["name"]);
    if (kind === "secret" && isName(node["name"])) this.#add("secret", node["name"]);
    if (kind === "given secret" && isString(node["name"])) this.#string("secret", node["name"]);
    if (kind === "comparison" || kind === "changed" || kind === "field changes" || kind === "ticket field")
      this.#comparedNames(node);
    if (isObject(node["path"]) && isPath(node["path"]) && "value" in node && kind === undefined)
      this.#assignedName(node as unknown as FieldLine);
  }

  /** `ticket.category is "RMM Alert"`, `callout.name in ["Datto close"]` */
  #comparedNames(node: Record<string, unknown>): void {
    const path = node["left"] ?? node["path"];
    if (!isObject(path) || !isPath(path)) return;
    const written = pathText(path);
    const kind = namedFields[node["kind"] === "ticket field" ? withRoot(written, "ticket") : written];
    if (kind === undefined) return;
    for (const side of ["right", "from", "to", "value"])
      for (const value of asList(node[side])) this.#constants(kind, value);
  }

  #assignedName({ path, value }: FieldLine): void {
    const isCategory = this.#lines === "ticket" && withRoot(pathText(path), "ticket") === "ticket.category";
    if (isCategory && value !== undefined) this.#constants("category", value);
  }

  #constants(kind: NameKind, value: unknown): void {
    if (!isObject(value)) return;
    if (isString(value)) this.#string(kind, value);
    if ("items" in value) for (const item of asList(value.items)) this.#constants(kind, item);
    if (isKind(value, "fallback") && "of" in value)
      for (const part of asList(value.of)) this.#constants(kind, part);
    if (isKind(value, "lookup") && "table" in value && isName(value.table))
      this.#holding.set(value.table, kind);
    const [only, ...more] = isPath(value) ? value.segments : [];
    if (only !== undefined && more.length === 0 && !only.quoted) this.#holding.set(only, kind);
  }

  /** `isTarget`: what is written to, whose `ticket.` may be left out. */
  #path(path: PathNode, isTarget: boolean): void {
    const [only] = path.segments;
    if (only === undefined || (isTarget && this.#lines === "body")) return;
    if (path.segments.length === 1 && !only.quoted && !isTarget) {
      this.#add(this.#bound.has(exactText(only.text)) ? "binding" : "bare", only);
      return;
    }
    const at = path.segments.findIndex(({ text, quoted }) => !quoted && text.toLowerCase() === "udf");
    const field = path.segments[at + 1];
    if (at >= 0 && field !== undefined) this.#add(`udf ${scopeOf(path.segments[at - 1])}`, field);
    const text = pathText(path);
    this.#found.push({
      kind: "field",
      name: isTarget && this.#lines !== "body" ? withRoot(text, this.#lines) : text,
      span: path.span,
      quoted: false,
      declares: false,
    });
  }

  /** Names that a pattern takes: usable in this declaration only. */
  #collectBindings(node: unknown): void {
    if (Array.isArray(node)) {
      for (const one of node) this.#collectBindings(one);
      return;
    }
    if (!isObject(node)) return;
    const like = node as { kind?: unknown; operator?: unknown; right?: readonly Expression[] };
    if (like.kind === "comparison" && like.operator === "like")
      for (const side of like.right ?? [])
        if (side.kind === "string") for (const piece of side.pieces) this.#bind(piece);
    for (const [name, value] of Object.entries(node)) if (!isPlace(name)) this.#collectBindings(value);
  }

  #bind(piece: StringPiece): void {
    if (piece.kind !== "hole" || piece.value?.kind !== "path" || piece.value.segments.length !== 1) return;
    const [name] = piece.value.segments;
    if (name !== undefined && !name.quoted) this.#bound.add(exactText(name.text));
  }
}

function linesIn(node: object): "ticket" | "alert" | "body" | undefined {
  const kind = "kind" in node ? node.kind : undefined;
  if (kind === "receive alert" || kind === "receive same alert") return "alert";
  return "root" in node && "fields" in node ? "body" : undefined;
}

function isPlace(key: string): boolean {
  return key === "span" || key.endsWith("Span") || key === "source";
}

/** Members whose value names a declaration, whatever node they stand in. */
const referringKeys: readonly (readonly [NameKind, readonly string[]])[] = [
  ["callout", ["callout"]],
  ["calendar", ["calendar", "during"]],
  ["template", ["template", "replySuccess", "replyFailure"]],
  ["recipient", ["recipient"]],
  ["rule", ["rule"]],
  ["bare", ["list"]],
];

function scopeOf(before: Name | undefined): "ticket" | "organization" | "device" {
  const word = before?.text.toLowerCase();
  return word === "organization" || word === "device" ? word : "ticket";
}

function withRoot(text: string, root: string): string {
  return /^(alert|ticket)\./.test(text) ? text : `${root}.${text}`;
}

/** Small, quoted names as they are. */
export function pathText({ segments }: PathNode): string {
  return segments.map(({ text, quoted }) => (quoted ? `"${text}"` : text.toLowerCase())).join(".");
}

function asList(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
function isPath(node: object): node is PathNode {
  return "kind" in node && node.kind === "path" && "segments" in node;
}
function isString(node: unknown): node is StringNode {
  return isObject(node) && "kind" in node && node.kind === "string" && "pieces" in node;
}
function isKind(node: object, kind: string): boolean {
  return "kind" in node && node.kind === kind;
}
function isName(value: unknown): value is Name {
  return isObject(value) && "quoted" in value && "text" in value;
}
