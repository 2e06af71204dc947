/** The productions of the grammar as data, for diagrams. Knows nothing of how they are drawn. */
import type { ISerializedGast } from "chevrotain";
import { DeclarationParser } from "./parser.ts";
import { T } from "./tokens.ts";

export type Production =
  | { readonly kind: "sequence" | "choice"; readonly of: readonly Production[] }
  | {
      readonly kind: "optional" | "repeated" | "any number";
      readonly of: Production;
      readonly separator?: string;
    }
  | { readonly kind: "word" | "value"; readonly text: string }
  | { readonly kind: "named"; readonly name: string };

/** Words and signs of other languages: the parser takes them, so that one mistake costs one error, and then refuses them. */
const refused = new Set([
  ...[T.Exists, T.Unless, T.Else, T.NotEquals, T.EqualsWord, T.DecimalComma].map((type) => type.name),
  ...[T.UnclosedText, T.UnclosedBlock, T.CurlyText, T.BareText].map((type) => type.name),
  "foreignTail",
]);

interface Part {
  readonly type: string;
  readonly name?: string;
  readonly label?: string;
  readonly separator?: { readonly label: string };
  readonly definition?: readonly Part[];
}

/** By name, in the order of the grammar. What holds only words that are refused is left out. */
export function productions(): ReadonlyMap<string, Production> {
  const parts = new DeclarationParser(false).getSerializedGastProductions() as readonly ISerializedGast[];
  const found = new Map<string, Production>();
  for (const part of parts as readonly Part[]) {
    const production = sequence(part.definition ?? []);
    if (part.name !== undefined && !refused.has(part.name) && production !== undefined)
      found.set(part.name, production);
  }
  return found;
}

function sequence(parts: readonly Part[]): Production | undefined {
  const of: Production[] = [];
  for (const part of parts) {
    const one = read(part);
    // A part that must stand there and is refused takes its whole sequence along.
    if (one !== undefined) of.push(one);
    else if (part.type !== "Option" && part.type !== "Repetition") return undefined;
  }
  return of.length === 1 ? of[0] : { kind: "sequence", of };
}

function read(part: Part): Production | undefined {
  const parts = part.definition ?? [];
  switch (part.type) {
    case "Terminal":
      return refused.has(part.name ?? "") ? undefined : terminal(part.label ?? part.name ?? "");
    case "NonTerminal":
      return refused.has(part.name ?? "") ? undefined : { kind: "named", name: part.name ?? "" };
    case "Alternation": {
      const of = parts.flatMap((one) => sequence(one.definition ?? []) ?? []);
      return of.length > 1 ? { kind: "choice", of } : of[0];
    }
    case "Option":
      return wrapped("optional", sequence(parts), part);
    case "RepetitionMandatory":
    case "RepetitionMandatoryWithSeparator":
      return wrapped("repeated", sequence(parts), part);
    case "Repetition":
    case "RepetitionWithSeparator":
      return wrapped("any number", sequence(parts), part);
    default:
      return sequence(parts);
  }
}

function wrapped(
  kind: "optional" | "repeated" | "any number",
  of: Production | undefined,
  { separator }: Part,
): Production | undefined {
  if (of === undefined) return undefined;
  return separator === undefined ? { kind, of } : { kind, of, separator: separator.label };
}

/** Labels are as a message says them: `` `when` `` is a word, `a text in quotes` a kind of value. */
function terminal(label: string): Production {
  const word = /^`(.+)`$/.exec(label)?.[1];
  return word === undefined ? { kind: "value", text: label } : { kind: "word", text: word };
}
