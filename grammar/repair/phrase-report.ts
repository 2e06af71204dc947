/** What is said about a phrase of another language: only what differs is underlined and replaced. Knows no table of phrases. */
import { diagnostic, spanText, type Diagnostic, type Fix } from "../../src/diagnostics/index.ts";
import { tokenEnd, type RuleToken } from "../lexer.ts";
import { T } from "../tokens.ts";
import type { Phrase } from "./phrases/phrase.ts";
import { onSameLine, tokensSpan, type Scene } from "./trial.ts";

/** A phrase as it was typed, and what could stand for it, the likeliest first. */
interface Typed {
  readonly start: number;
  readonly old: readonly RuleToken[];
  readonly forms: readonly string[];
}

/** Of the tokens typed those from `from` to before `to` are to be `written`. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly written: string;
}

export function phraseReport(scene: Scene, phrase: Phrase, typed: Typed): Diagnostic {
  const changes = typed.forms.map((form) => changeOf(scene, typed.old, form));
  const [change = { from: 0, to: typed.old.length, written: "" }] = changes;
  const changed = typed.old.slice(change.from, change.to);
  const span = tokensSpan(scene.source, changed.length === 0 ? typed.old : changed);
  const meant = goneOn(scene, typed, sentence(wordsOf(scene, typed.forms[0] ?? "")));
  return diagnostic("R1105", span, phrase.summary ?? summaryOf(change, spanText(span)), {
    help: phrase.help?.replaceAll(/\$(\d)/g, "...") ?? (meant === "" ? "leave it out" : `write \`${meant}\``),
    fixes: changes.flatMap((one) => fixOf(scene, phrase, typed, one) ?? []),
  });
}

function summaryOf({ from, to, written }: Change, text: string): string {
  const typed = text.replaceAll(/\s+/g, " ");
  if (written === "") return `\`${typed}\` is not needed here`;
  return from === to ? `\`${written}\` is missing here` : `\`${typed}\` is written \`${written}\` here`;
}

function changeOf(scene: Scene, old: readonly RuleToken[], form: string): Change {
  const words = wordsOf(scene, form);
  const same = (i: number, j: number) => old[i]?.image.toLowerCase() === words[j]?.toLowerCase();
  let from = 0;
  while (from < Math.min(old.length, words.length) && same(from, from)) from++;
  let cut = 0;
  const most = Math.min(old.length, words.length) - from;
  while (cut < most && same(old.length - 1 - cut, words.length - 1 - cut)) cut++;
  const written = sentence(words.slice(from, words.length - cut));
  // Of several words in another order a part says less than the whole.
  if (written !== "" && old.length - cut - from > 1)
    return { from: 0, to: old.length, written: sentence(words) };
  return { from, to: old.length - cut, written };
}

const goneOnMax = 6;

function isJoiner(token: RuleToken | undefined): boolean {
  return token !== undefined && [T.And, T.Or, T.If, T.Then].includes(token.tokenType);
}

/** With what follows on the line, so that the sentence is one. */
function goneOn({ tokens }: Scene, { start, old }: Typed, meant: string): string {
  if (meant === "") return "";
  const from = start + old.length;
  let end = from;
  while (end < tokens.length && tokens[end]?.firstOnLine === false && !isJoiner(tokens[end])) end++;
  const rest = tokens
    .slice(from, Math.min(end, from + goneOnMax))
    .map(({ tokenType, image }) => (tokenType === T.Dot ? "." : tokenType === T.To ? "to" : image));
  if (rest.some((image) => /[\r\n`]/.test(image))) return meant;
  const isCut = end - from > goneOnMax;
  return sentence([meant, ...rest, ...(isCut ? ["..."] : [])]).trimEnd();
}

/** The words of a form, with the texts that it names by number. */
function wordsOf({ tokens }: Scene, form: string): readonly string[] {
  if (form === "") return [];
  return form
    .split(" ")
    .map((word) => word.replaceAll(/§(\d+)/g, (_, index: string) => tokens[Number(index)]?.image ?? ""));
}

function sentence(words: readonly string[]): string {
  return words
    .join(" ")
    .replaceAll(" . ", ".")
    .replaceAll(" , ", ", ")
    .replaceAll("[ ", "[")
    .replaceAll(" ]", "]");
}

/** None where a comment or a line break of a text would be lost. */
function fixOf(scene: Scene, phrase: Phrase, { start, old }: Typed, change: Change): Fix | undefined {
  const { source, tokens } = scene;
  const changed = old.slice(change.from, change.to);
  const whole = spanText(tokensSpan(source, changed));
  if (/[\r\n]/.test(change.written) || (changed.length > 1 && /#/.test(whole))) return undefined;
  const { written } = change;
  const safe = phrase.safe ?? false;
  if (changed.length === 0) {
    const before = old[change.from];
    const last = old.at(-1);
    const place = before?.startOffset ?? (last === undefined ? 0 : tokenEnd(last));
    const newText = before === undefined ? ` ${written}` : `${written} `;
    return { title: `insert \`${written}\``, safe, edits: [{ span: source.span(place, place), newText }] };
  }
  const span = tokensSpan(source, changed);
  if (written !== "") return { title: `write \`${written}\``, safe, edits: [{ span, newText: written }] };
  const next = tokens[start + change.to];
  const last = changed.at(-1);
  const isFollowed = next !== undefined && last !== undefined && onSameLine(source, last, next);
  const end = isFollowed ? next.startOffset : span.end;
  const removed = source.span(span.start, end);
  const newText = isFollowed && /\S/.test(source.text.charAt(span.start - 1)) ? " " : "";
  return { title: `remove \`${whole}\``, safe, edits: [{ span: removed, newText }] };
}
