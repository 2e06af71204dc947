/** A condition as it is being written, and where what cannot be written is told. Knows no operator. */
import type { JsonPath } from "./locate-json.ts";

export type Written =
  | { readonly kind: "text"; readonly text: string; readonly joined?: "and" | "or" }
  | { readonly kind: "true" | "false" }
  /** Told already. */
  | { readonly kind: "gap" };

export interface Told {
  readonly gap: (path: JsonPath, summary: string) => void;
  /** A fact that is not one of ours, and the path that it is taken for. */
  readonly guess: (path: JsonPath, fact: string, written: string) => void;
}

export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function gapAt(told: Told, path: JsonPath, summary: string): Written {
  told.gap(path, summary);
  return { kind: "gap" };
}

export const text = (written: string): Written => ({ kind: "text", text: written });

/** What always or never holds needs no words; `and` and `or` at one level get brackets. */
export function join(word: "and" | "or", parts: readonly Written[]): Written {
  if (parts.some(({ kind }) => kind === "gap")) return { kind: "gap" };
  const [ends, idle] = word === "and" ? (["false", "true"] as const) : (["true", "false"] as const);
  if (parts.some(({ kind }) => kind === ends)) return { kind: ends };
  const texts = parts.filter((part) => part.kind === "text");
  const [only] = texts;
  if (only === undefined) return { kind: idle };
  if (texts.length === 1) return only;
  const of = texts.map((one) =>
    one.joined === undefined || one.joined === word ? one.text : `(${one.text})`,
  );
  return { kind: "text", text: of.join(` ${word} `), joined: word };
}

export function negate(written: Written): Written {
  if (written.kind === "gap") return written;
  if (written.kind !== "text") return { kind: written.kind === "true" ? "false" : "true" };
  return text(`not (${written.text})`);
}
