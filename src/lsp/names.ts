/** Definitions, references and renaming of names across a set. Pure. */
import type { TextEdit } from "vscode-languageserver";
import { exactText, foldName } from "../domain/index.ts";
import type { Span } from "../diagnostics/index.ts";
import { heldNames } from "./held-names.ts";
import { locate, occurrenceAt, type Location, type Look } from "./look.ts";
import { occurrencesIn, type NameKind, type Occurrence } from "./occurrences.ts";
import { toRange, type Range } from "./positions.ts";

/** All places of the set that mean the name at the offset, its declaration first of all where it stands first. */
export function placesOf(look: Look, offset: number): readonly Occurrence[] {
  const at = occurrenceAt(look, offset);
  if (at === undefined || at.kind === "field") return [];
  return samePlaces(look, at);
}

function samePlaces(look: Look, at: Occurrence): readonly Occurrence[] {
  const declarations = look.state.files.flatMap(({ tree }) => tree.declarations);
  const all =
    at.kind === "binding" ? declarations.filter(({ span }) => span.source === at.span.source) : declarations;
  const isSame = ({ kind, name }: Occurrence) => kind === at.kind && name === at.name;
  return [...all.flatMap(occurrencesIn).filter(isSame), ...heldNames(look.state).filter(isSame)];
}

export function definitionOf(look: Look, offset: number): readonly Location[] {
  const at = occurrenceAt(look, offset);
  if (at === undefined) return [];
  return declaringSpans(look, at).flatMap((span) => locate(look, span) ?? []);
}

/** The name where it is declared; of a partner's field the partner, of a name that `like` takes the pattern. */
export function declaringSpans(look: Look, at: Occurrence): readonly Span[] {
  const places = samePlaces(look, at);
  const declared = places.filter(({ declares }) => declares).map(({ span }) => span);
  if (declared.length > 0) return declared;
  if (at.kind === "binding") return places.slice(0, 1).map(({ span }) => span);
  if (at.kind.startsWith("udf ")) {
    const entry = look.state.declarations.udfs.get(`${at.kind.slice(4)} ${at.name}`);
    return entry === undefined ? [] : [entry.span];
  }
  if (at.kind === "field") {
    const declaredValues = look.state.vocabularies.get(at.name)?.declared;
    return declaredValues === undefined ? [] : [declaredValues];
  }
  return [];
}

export function referencesOf(look: Look, offset: number, withDeclaration: boolean): readonly Location[] {
  return placesOf(look, offset)
    .filter(({ declares }) => withDeclaration || !declares)
    .flatMap(({ span }) => locate(look, span) ?? []);
}

export type Renaming =
  | { readonly kind: "renamed"; readonly changes: Record<string, TextEdit[]> }
  | { readonly kind: "refused"; readonly why: string };

const notRenamed: ReadonlySet<NameKind> = new Set(["field", "secret", "partner"]);

/** Where the name stands and how it reads, or why it cannot be renamed. */
export function prepareRename(
  look: Look,
  offset: number,
):
  | { readonly kind: "may"; readonly range: Range; readonly name: string }
  | { readonly kind: "refused"; readonly why: string } {
  const at = occurrenceAt(look, offset);
  if (at === undefined) return { kind: "refused", why: "there is no name here" };
  const why = whyNot(look, at);
  if (why !== undefined) return { kind: "refused", why };
  return { kind: "may", range: toRange(innerSpan(at), look.encoding), name: at.name };
}

function whyNot(look: Look, at: Occurrence): string | undefined {
  if (at.kind === "field") return "a field of the program keeps its name";
  if (at.kind === "secret") return "a secret is named by the server's settings";
  if (at.kind === "partner") return "a partner's name is in its fields, which hold data: declare another one";
  if (at.kind.startsWith("udf ")) {
    const entry = look.state.declarations.udfs.get(`${at.kind.slice(4)} ${at.name}`);
    if (entry?.partner !== undefined) return `partner "${entry.partner}" brings this field under this name`;
  }
  if (notRenamed.has(at.kind) || declaringSpans(look, at).length === 0)
    return `nothing here declares \`${at.name}\``;
  return undefined;
}

export function rename(look: Look, offset: number, typed: string): Renaming {
  const at = occurrenceAt(look, offset);
  const why = at === undefined ? "there is no name here" : whyNot(look, at);
  if (at === undefined || why !== undefined) return { kind: "refused", why: why ?? "" };
  const wanted = exactText(typed);
  const refusal = whyNotThis(look, at, wanted);
  if (refusal !== undefined) return { kind: "refused", why: refusal };
  const changes: Record<string, TextEdit[]> = {};
  for (const place of samePlaces(look, at)) {
    const location = locate(look, place.span);
    if (location === undefined) continue;
    const newText = place.quoted ? quote(wanted) : wanted;
    (changes[location.uri] ??= []).push({ range: location.range, newText });
  }
  return { kind: "renamed", changes };
}

const bareForm = /^[\p{L}_][\p{L}\p{N}_]*$/u;

function whyNotThis(look: Look, at: Occurrence, wanted: string): string | undefined {
  if (wanted === "") return "a name needs a character";
  if (/[\r\n]/.test(wanted)) return "a name stands on one line";
  const isBare = at.kind === "bare" || at.kind === "binding";
  if (isBare && !bareForm.test(wanted)) return `\`${wanted}\` is no bare name: letters, digits and _ only`;
  if (isBare && reserved.has(wanted.toLowerCase())) return `\`${wanted}\` is a word of the language`;
  const folded = foldName(wanted);
  const spaces: readonly NameKind[] = isBare ? ["bare", "binding"] : [at.kind];
  const clash = look.state.files
    .flatMap(({ tree }) => tree.declarations)
    .flatMap(occurrencesIn)
    .find(
      ({ kind, name, declares }) =>
        (declares || kind === "binding") &&
        spaces.includes(kind) &&
        name !== at.name &&
        foldName(name) === folded,
    );
  return clash === undefined ? undefined : `\`${clash.name}\` is there already`;
}

const reserved: ReadonlySet<string> = new Set(
  (
    "rule list lookup values define test inactive when if except then end otherwise and or not in is like contains does " +
    "starts ends matches between at exactly create set add remove complete notify run suppress stop expect given receive " +
    "true false empty created completed"
  ).split(" "),
);

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Without its quotes, where they are plain. */
function innerSpan({ span, quoted }: Occurrence): Span {
  const text = span.source.text.slice(span.start, span.end);
  const isPlain = quoted && text.length > 1 && text.startsWith('"') && !text.startsWith('"""');
  return isPlain ? { ...span, start: span.start + 1, end: span.end - 1 } : span;
}
