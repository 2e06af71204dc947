/** What a word means where it stands: fields, declarations with what they give, codes of diagnostics, words. Pure. */
import type { Vocabulary } from "../checker/index.ts";
import { inWhole, spanText, type Span } from "../diagnostics/index.ts";
import {
  CALLOUT_RESENDS_DEFAULT,
  CALLOUT_RETRY_INTERVAL_MS_DEFAULT,
  CALLOUT_TIMEOUT_MS_DEFAULT,
  exactText,
  SECOND,
} from "../domain/index.ts";
import type { CalloutDeclaration, Declaration, Expression } from "../../grammar/ast.ts";
import { assistAt } from "../../grammar/index.ts";
import { allPaths, rootsAt, type KnownPath } from "./fields-at.ts";
import { contains, declarationAt, occurrenceAt, type Look } from "./look.ts";
import { declaringSpans } from "./names.ts";
import { occurrencesIn, type Occurrence } from "./occurrences.ts";
import { actionPhrases, eventPhrases, ticketLinePhrases } from "./phrases.ts";

export interface Explained {
  readonly markdown: string;
  readonly span: Span;
}

/** `readPage` gives the page of a code. */
export function hoverAt(
  look: Look,
  offset: number,
  readPage: (code: string) => string | undefined,
): Explained | undefined {
  const code = codeAt(look, offset);
  if (code !== undefined) {
    const page = readPage(code.code);
    return page === undefined ? undefined : { markdown: page, span: code.span };
  }
  const at = occurrenceAt(look, offset);
  if (at !== undefined) {
    const markdown = at.kind === "field" ? fieldHelp(look, at, offset) : nameHelp(look, at);
    return markdown === undefined ? undefined : { markdown, span: at.span };
  }
  return wordHelp(look, offset);
}

/** `R2010` in a comment. */
function codeAt({ file }: Look, offset: number): { readonly code: string; readonly span: Span } | undefined {
  const comment = file.tree.comments.find(({ span }) => contains(span, offset));
  if (comment === undefined) return undefined;
  for (const found of comment.text.matchAll(/\bR\d{4}\b/g)) {
    const start = comment.span.start + found.index;
    if (start <= offset && offset <= start + 5)
      return { code: found[0], span: file.source.span(start, start + 5) };
  }
  return undefined;
}

function fieldHelp(look: Look, at: Occurrence, offset: number): string | undefined {
  const path = allPaths(look.state.declarations).find(
    (one) => one.path.toLowerCase() === at.name.toLowerCase(),
  );
  const open = path ?? openPath(look, at.name);
  if (open === undefined) return undefined;
  const roots = rootsAt(declarationAt(look, offset), offset);
  const away = roots !== undefined && !roots.has(open.root) && open.root !== "rule";
  const vocabulary = look.state.vocabularies.get(at.name);
  return [
    fence(`${at.name}: ${open.type}`),
    open.documentation,
    open.mayBeMissing ? "May be missing." : "Never missing where it can be read.",
    open.writable ? "A rule may write it." : undefined,
    vocabulary === undefined ? undefined : vocabularyHelp(vocabulary),
    away ? `**Not at hand here**: the events of this rule bring no \`${open.root}\`.` : undefined,
  ]
    .filter((line) => line !== undefined)
    .join("\n\n");
}

function openPath(look: Look, name: string): KnownPath | undefined {
  return allPaths(look.state.declarations).find(({ path }) => path.endsWith(".") && name.startsWith(path));
}

const SHOWN_MAX = 30;

function vocabularyHelp({ words, ranks, source }: Vocabulary): string {
  const shown = words.slice(0, SHOWN_MAX).map((word) => `"${word}"`);
  const more = words.length > SHOWN_MAX ? ", ..." : "";
  const lead = source === "category" || source === "callout" ? "Declared" : "Values";
  return `${lead}${ranks === undefined ? "" : ", lowest first"}: ${shown.join(", ")}${more}`;
}

function nameHelp(look: Look, at: Occurrence): string | undefined {
  if (at.kind === "binding") return `\`${at.name}\`: the text that \`like\` takes here`;
  if (at.kind === "secret")
    return `secret \`${at.name}\`: its value comes from the server's settings, \`TOCSIN_SECRET_${at.name.toUpperCase()}\``;
  const [span] = declaringSpans(look, at);
  if (span === undefined) return undefined;
  const declaration = look.state.files
    .flatMap(({ tree }) => tree.declarations)
    .find(
      (one) => inWhole(one.span).source === inWhole(span).source && contains(one.span, inWhole(span).start),
    );
  return declaration === undefined ? undefined : declarationHelp(look, declaration, at);
}

function declarationHelp(look: Look, declaration: Declaration, at: Occurrence): string {
  const uses = countUses(look, at);
  return [
    fence(headOf(declaration)),
    declaration.doc,
    effectOf(look, declaration),
    `Used ${uses === 1 ? "once" : uses === 0 ? "nowhere" : `${uses} times`}.`,
  ]
    .filter((line) => line !== undefined && line !== "")
    .join("\n\n");
}

function countUses(look: Look, at: Occurrence): number {
  return look.state.files
    .flatMap(({ tree }) => tree.declarations)
    .flatMap(occurrencesIn)
    .filter(({ kind, name, declares }) => !declares && kind === at.kind && name === at.name).length;
}

const HEAD_CHARACTERS_MAX = 600;

/** A short declaration as typed, of a long one the beginning. */
function headOf(declaration: Declaration): string {
  const text = spanText(declaration.span).trimEnd();
  if (text.length <= HEAD_CHARACTERS_MAX) return text;
  return `${text.slice(0, HEAD_CHARACTERS_MAX).replace(/[^\n]*$/, "")}  ...`;
}

/** What it comes to, with what is left out written out. */
function effectOf(look: Look, declaration: Declaration): string | undefined {
  switch (declaration.kind) {
    case "list":
      return `${declaration.items.length} ${declaration.items.length === 1 ? "value" : "values"}`;
    case "lookup":
      return declaration.otherwise === undefined
        ? "A word that it lacks gives a missing value."
        : `Everything else gives ${valueText(declaration.otherwise)}.`;
    case "category":
      return "A ticket of this category begins with these values, where its rule writes no others.";
    case "callout":
      return calloutHelp(declaration);
    case "rule":
      return `Order ${declaration.order?.value ?? 100}${declaration.inactive ? ", inactive" : ""}.${dedupHelp(declaration)}`;
    case "partner": {
      const fields = [...look.state.declarations.udfs.values()].filter(
        ({ partner }) => partner === exactText(declaration.name?.text ?? ""),
      );
      return `Brings ${fields.map(({ scope, name }) => `\`${name}\` (${scope})`).join(", ")}.`;
    }
    default:
      return undefined;
  }
}

function dedupHelp(rule: Extract<Declaration, { readonly kind: "rule" }>): string {
  const opens = rule.actions.find((action) => action.kind === "create ticket");
  const byItself = opens !== undefined && opens.dedup === undefined && opens.oncePer === undefined;
  const hasAlert = rule.events.some(({ kind }) => kind.startsWith("alert"));
  return byItself && hasAlert
    ? " Repeats: within 5 minutes by `alert.title`, since no `dedup` is written."
    : "";
}

function calloutHelp(callout: CalloutDeclaration): string {
  const { retry, timeout, success, notify } = callout;
  const every = (retry?.every?.ms ?? CALLOUT_RETRY_INTERVAL_MS_DEFAULT) / SECOND;
  const times = retry?.times?.value ?? CALLOUT_RESENDS_DEFAULT;
  return [
    `At most ${times + 1} requests, one every ${every} seconds${retry === undefined ? " (the default)" : ""}.`,
    `Each takes at most ${(timeout?.ms ?? CALLOUT_TIMEOUT_MS_DEFAULT) / SECOND} seconds.`,
    success.length === 0
      ? "Any 2xx is a success."
      : `Success is ${success.map(({ value }) => value).join(", ")}.`,
    notify === undefined ? "**Nobody is told when it fails.**" : undefined,
  ]
    .filter((line) => line !== undefined)
    .join(" ");
}

function valueText(value: Expression): string {
  return `\`${spanText(value.span)}\``;
}

/** `create ticket`, `alert repeats`: by the sentence that begins with the word. */
function wordHelp(look: Look, offset: number): Explained | undefined {
  const { at } = assistAt(look.file.source, offset);
  if (at === undefined || at.kind === "text") return undefined;
  const line = look.file.source.text.slice(at.start, at.start + 60).toLowerCase();
  const found = [...eventPhrases, ...actionPhrases, ...ticketLinePhrases]
    .filter(({ label }) => line.startsWith(label.toLowerCase()))
    .toSorted((a, b) => b.label.length - a.label.length)[0];
  if (found === undefined) return undefined;
  return {
    markdown: `${fence(found.label)}\n\n${found.documentation}`,
    span: look.file.source.span(at.start, at.start + found.label.length),
  };
}

function fence(text: string): string {
  return `\`\`\`tocsin\n${text}\n\`\`\``;
}
