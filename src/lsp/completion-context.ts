/** Reads from the tokens before a place which names or whose values are wanted there. Pure. */
import { CompletionItemKind } from "vscode-languageserver";
import { inWhole } from "../diagnostics/index.ts";
import type { Assist, PlainToken } from "../../grammar/index.ts";
import type { Look } from "./look.ts";
import { declaredName, occurrencesIn, type NameKind } from "./occurrences.ts";

export interface Wanted {
  readonly text: string;
  readonly detail: string;
  readonly kind: CompletionItemKind;
}

/** The names of a kind that a text in quotes should hold; undefined where it is no name of a declaration. */
export function wantedNames(look: Look, { before, productions }: Assist): readonly Wanted[] | undefined {
  const kind = kindWanted(before, productions);
  if (kind === "organization") return texts(look, "organization");
  if (kind === undefined) return undefined;
  return namesOfKind(look, kind);
}

function kindWanted(
  before: readonly PlainToken[],
  productions: readonly string[],
): NameKind | "organization" | undefined {
  const words = before.slice(-6).map(({ kind, image }) => (kind === "text" ? '"' : image.toLowerCase()));
  const last = words.at(-1) ?? "";
  const line = words.join(" ");
  if (before.length < 2) return undefined;
  if (last === "callout") return "callout";
  if (last === "template") return "template";
  if (last === "during" || last === "outside") return "calendar";
  if (last === "secret") return "secret";
  if (last === "rule" && line.includes("expect")) return "rule";
  if (last === "organization" || last === "organizations") return "organization";
  if (/(^| )(notify|no notify)( "( ,)?)*( ,)?$/.test(line)) return "recipient";
  return productions.at(-1) === "everyEvent" && last === "in" ? "calendar" : undefined;
}

export function namesOfKind(look: Look, wanted: NameKind): readonly Wanted[] {
  const found = new Map<string, Wanted>();
  for (const { path, tree } of look.state.files)
    for (const declaration of tree.declarations) {
      const named = declaredName(declaration);
      if (wanted === "secret")
        for (const { kind, name } of occurrencesIn(declaration))
          if (kind === "secret")
            found.set(name, { text: name, detail: "secret", kind: CompletionItemKind.Constant });
      if (named?.kind !== wanted) continue;
      const { text } = named.name;
      found.set(text, { text, detail: `${declaration.kind}, ${path}`, kind: CompletionItemKind.Reference });
    }
  return [...found.values()];
}

/** Names of organizations that the set writes somewhere: they are records, not declarations. */
function texts(look: Look, what: "organization"): readonly Wanted[] {
  const found = new Set<string>();
  const pattern = /\borganizations?(?:\.name)?\s*(?:=|is|in\s*[[(]?)?\s*((?:"[^"\r\n]*"\s*,?\s*)+)/giu;
  for (const { source } of look.state.files)
    for (const [, list = ""] of source.text.matchAll(pattern))
      for (const [, text = ""] of list.matchAll(/"([^"\r\n]*)"/g))
        if (found.size < TEXTS_MAX) found.add(text);
  return [...found].map((text) => ({ text, detail: what, kind: CompletionItemKind.Value }));
}

const TEXTS_MAX = 200;

/** Bare names that can stand where a word is taken. */
export function namesOf(look: Look, { productions, before }: Assist): readonly Wanted[] {
  const { lists, lookups, defines } = look.state.declarations;
  const inScope = productions.at(-1) === "scope";
  const ofLists = [...lists.keys()].map((text) => wanted(text, "list", CompletionItemKind.Variable));
  if (inScope) return ofLists;
  const isCondition = productions.includes("condition");
  const start = before[0]?.start ?? 0;
  const bound = look.file.tree.declarations
    .filter(({ span }) => inWhole(span).start === start)
    .flatMap(occurrencesIn)
    .filter(({ kind }) => kind === "binding")
    .map(({ name }) => wanted(name, "taken by like", CompletionItemKind.Variable));
  return [
    ...new Map(bound.map((one) => [one.text, one])).values(),
    ...ofLists,
    ...[...lookups.keys()].map((text) => wanted(text, "lookup", CompletionItemKind.Function)),
    ...(isCondition
      ? [...defines.keys()].map((text) => wanted(text, "definition", CompletionItemKind.Function))
      : []),
  ];
}

function wanted(text: string, detail: string, kind: CompletionItemKind): Wanted {
  return { text, detail, kind };
}

/** Between a path and its value: operators and what can be listed before. */
const betweenPathAndValue: ReadonlySet<string> = new Set(
  (
    "is not in like contains does contain starts start ends end with matches match at least most more less than between " +
    "exactly any all none one of changed changes from to or and = == != < <= > >= ( [ ,"
  ).split(" "),
);

/** The canonical path whose value is wanted: `ticket.priority is |`, `priority = |`, `alert.severity in ["a", |`. */
export function wantedPath(before: readonly PlainToken[], { productions }: Assist): string | undefined {
  let i = before.length - 1;
  let skipped = 0;
  while (i >= 0) {
    const token = before[i];
    if (token === undefined) return undefined;
    const isBetween =
      token.kind === "text" ? skipped > 0 : betweenPathAndValue.has(token.image.toLowerCase());
    if (!isBetween || (token.kind === "text" && before[i - 1]?.image === ".")) break;
    skipped++;
    i--;
  }
  if (skipped === 0) return undefined;
  const segments: string[] = [];
  for (let wantsName = true; i >= 0; i--, wantsName = !wantsName) {
    const token = before[i];
    if (token === undefined || (token.image === ".") === wantsName) break;
    if (token.kind === "sign" && token.image !== ".") break;
    segments.unshift(token.kind === "text" ? token.image : token.image.toLowerCase());
    if (wantsName && before[i - 1]?.image !== ".") break;
  }
  const path = segments.join("");
  if (path === "") return undefined;
  return path.includes(".") && !path.startsWith("udf.") ? path : `${rootOfLine(before, productions)}.${path}`;
}

/** Fields of a test's alert belong to it, all others to the ticket. */
function rootOfLine(before: readonly PlainToken[], productions: readonly string[]): "alert" | "ticket" {
  if (!productions.includes("test")) return "ticket";
  const opener = before.findLast(
    ({ type }) => type === "Receive" || type === "Given" || type === "Set" || type === "Expect",
  );
  return opener?.type === "Receive" ? "alert" : "ticket";
}
