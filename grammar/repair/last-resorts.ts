/** What is left when no guess helps: put in what the grammar asks for, or leave out what it can't take. */
import { diagnostic, spanText } from "../../src/diagnostics/index.ts";
import type { RuleToken } from "../lexer.ts";
import { T } from "../tokens.ts";
import { isVirtual } from "../cst-to-ast/context.ts";
import { virtualToken, type Guess } from "./guess.ts";
import { hintFor } from "./hints.ts";
import { tokenSpan, tokensSpan, type Scene } from "./trial.ts";

const insertionsMax = 12;

/** All are tried and the one that reads furthest is taken; of equals the first. */
export function lastResorts(scene: Scene): readonly Guess[] {
  return [...insertions(scene), ...deletions(scene)];
}

function insertions(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const previous = tokens[fault.at - 1];
  const names = fault.expected
    .filter((name) => name !== "End")
    .toSorted((a, b) => Number(b === "Quoted") - Number(a === "Quoted"))
    .slice(0, insertionsMax);
  if (previous === undefined) return [];
  return names.flatMap((name) => {
    const type = Object.values(T).find((one) => one.name === name);
    if (type === undefined) return [];
    const isOperand = fault.productions.at(-1) === "operand";
    const value = isOperand ? "a condition" : "a value";
    const what = names.length > 2 && type === T.Quoted ? value : (type.LABEL ?? "something");
    const report = () =>
      diagnostic(
        "R1103",
        tokenSpan(source, previous),
        `${what} is missing after \`${shorten(previous.image)}\``,
        {
          help: hintFor(scene),
        },
      );
    const inserted = virtualToken(type, tokens, fault.at);
    return [{ tokens: [...tokens.slice(0, fault.at), inserted, ...tokens.slice(fault.at)], report }];
  });
}

function deletions(scene: Scene): readonly Guess[] {
  const { tokens, fault } = scene;
  const token = tokens[fault.at];
  if (token === undefined) return [];
  // Behind the end of the declaration nothing can stand: all of it is one mistake.
  if (fault.productions.length <= 1 && fault.expected.length === 0) {
    return [{ tokens: tokens.slice(0, fault.at), report: () => unexpected(scene, [token]) }];
  }
  let lineEnd = fault.at + 1;
  while (lineEnd < tokens.length && tokens[lineEnd]?.firstOnLine === false) lineEnd++;
  // No declaration begins like this: the whole is told at its first line.
  if (fault.at === 0) return [{ tokens: [], report: () => unexpected(scene, tokens.slice(0, lineEnd)) }];
  // From the fault, one token or the rest of its line; or the whole line, where its beginning alone would be no sentence.
  let lineStart = fault.at;
  while (lineStart > 1 && tokens[lineStart]?.firstOnLine === false) lineStart--;
  const cuts = [
    [fault.at, fault.at + 1] as const,
    [fault.at, lineEnd] as const,
    [lineStart, lineEnd] as const,
  ];
  return cuts.map(([from, to]) => ({
    tokens: [...tokens.slice(0, from), ...tokens.slice(to)],
    report: () => unexpected(scene, tokens.slice(fault.at, to)),
  }));
}

export function unexpected(scene: Scene, tokens: readonly RuleToken[]) {
  const skipped = tokens.filter((token) => !isVirtual(token));
  // An earlier guess put it in: there is no text to point at.
  if (skipped.length === 0) return unfinished(scene);
  const span = tokensSpan(scene.source, skipped);
  const text = shorten(spanText(span));
  const stray = skipped.length === 1 && skipped[0]?.tokenType === T.End;
  return diagnostic("R1101", span, stray ? "this `end` closes nothing" : `\`${text}\` is not expected here`, {
    help: stray ? "remove it, or look for a block above that ends too early" : hintFor(scene),
  });
}

function unfinished(scene: Scene) {
  const { source, tokens, fault } = scene;
  const previous = tokens.slice(0, fault.at).findLast((token) => !isVirtual(token));
  const span = previous === undefined ? source.span(0, 0) : tokenSpan(source, previous);
  return diagnostic("R1103", span, `something is missing after \`${shorten(spanText(span))}\``, {
    help: hintFor(scene),
  });
}

function shorten(text: string): string {
  const [line = ""] = text.split(/[\r\n]/);
  const characters = [...line];
  return characters.length > 40 ? `${characters.slice(0, 40).join("")}...` : line;
}
