/** Guesses about sentences as other tools and ordinary speech build them: one message each, where a word-by-word repair gives several. */
import type { TokenType } from "chevrotain";
import { diagnostic } from "../../src/diagnostics/index.ts";
import { createRuleToken, type RuleToken } from "../lexer.ts";
import { T } from "../tokens.ts";
import { insertion, isText, splice, virtualToken, type Guess } from "./guess.ts";
import { tokenSpan, tokensSpan, type Scene } from "./trial.ts";

const addressWords: ReadonlySet<string> = new Set(["url", "uri", "endpoint", "address", "request", "http"]);

/** `"https://..."` or `url "https://..."` in a callout: the method is missing. */
export function methodMissing({ source, tokens, fault }: Scene): readonly Guess[] {
  if (tokens[0]?.tokenType !== T.Callout && tokens[1]?.tokenType !== T.Callout) return [];
  const word = tokens[fault.at];
  if (word === undefined || !word.firstOnLine) return [];
  const isWord = addressWords.has(word.image.toLowerCase());
  let at = isWord ? fault.at + 1 : fault.at;
  if (isWord && tokens[at]?.tokenType === T.Equals) at++;
  const url = tokens[at];
  if (url === undefined || !isText(url) || !/^["']?https?:/i.test(url.image)) return [];
  const span = tokensSpan(source, tokens.slice(fault.at, at + 1));
  const place = source.span(word.startOffset, url.startOffset);
  const report = () =>
    diagnostic("R1103", span, "the method is missing before the URL", {
      help: `write \`post ${url.image}\`, or \`get\`, which sends the body as query parameters`,
      fixes: ["post", "get"].map((method) => ({
        title: `write \`${method}\``,
        safe: false,
        edits: [{ span: place, newText: `${method} ` }],
      })),
    });
  const method = createRuleToken(T.Method, "post", word.startOffset, word.startOffset, true);
  return [{ tokens: splice(tokens, fault.at, at - fault.at, method), report }];
}

const verbs: ReadonlySet<TokenType> = new Set([
  ...[T.Create, T.Add, T.Set, T.Complete, T.Remove, T.Run, T.Notify, T.Suppress, T.Stop],
]);

/** `create ticket, notify "noc"`, `stop and notify "noc"`: actions only follow each other. */
export function joinedActions(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const sign = tokens[fault.at];
  if (sign === undefined || ![T.Comma, T.And].includes(sign.tokenType)) return [];
  if (!verbs.has(tokens[fault.at + 1]?.tokenType ?? T.End)) return [];
  const span = tokenSpan(source, sign);
  const report = () =>
    diagnostic("R1101", span, `actions follow each other without \`${sign.image}\``, {
      help: "leave it out, or write each action on a line of its own",
      fixes: [{ title: `remove \`${sign.image}\``, safe: true, edits: [{ span, newText: "" }] }],
    });
  return [{ tokens: splice(tokens, fault.at, 1), report }];
}

/** `rule "x" alert received`: what begins an event stands where `when` is missing. */
export function whenMissing(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const event = tokens[fault.at];
  const isRule = tokens[0]?.tokenType === T.Rule || tokens[1]?.tokenType === T.Rule;
  if (!isRule || event === undefined || !event.firstOnLine) return [];
  if (tokens.slice(0, fault.at).some((token) => token.tokenType === T.When)) return [];
  const place = source.span(event.startOffset, event.startOffset);
  const report = () =>
    diagnostic("R1103", tokenSpan(source, event), "`when` is missing before the event", {
      help: `write \`when ${event.image} ...\``,
      fixes: [{ title: "insert `when`", safe: true, edits: [{ span: place, newText: "when " }] }],
    });
  return [insertion(scene, T.When, report)];
}

/** `starts "x"`, `ends "x"`. */
export function withMissing(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const word = tokens[fault.at - 1];
  if (word === undefined || ![T.Starts, T.Ends].includes(word.tokenType) || !isText(tokens[fault.at]))
    return [];
  const place = source.span(
    word.endOffset === undefined ? 0 : word.endOffset + 1,
    (word.endOffset ?? -1) + 1,
  );
  const report = () =>
    diagnostic("R1103", tokenSpan(source, word), `\`with\` is missing after \`${word.image}\``, {
      help: `write \`${word.image} with\``,
      fixes: [{ title: "insert `with`", safe: true, edits: [{ span: place, newText: " with" }] }],
    });
  return [insertion(scene, T.With, report)];
}

/** What stands before the length of time in a line of `create ticket`. */
const beforeLength: ReadonlyMap<TokenType, readonly [string, TokenType]> = new Map([
  [T.Dedup, ["within", T.Within]],
  [T.Due, ["in", T.In]],
  [T.Once, ["per", T.Per]],
]);

/** `dedup 5 minutes by alert.title`, `due 4 hours`, `once 30 minutes`: no field of these names, a word is missing. */
export function lengthWordMissing(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  return [fault.at, fault.at + 1].flatMap((at) => {
    const line = tokens[at - 1];
    const missing = line?.firstOnLine === true ? beforeLength.get(line.tokenType) : undefined;
    if (line === undefined || missing === undefined || !beginsLength(tokens[at])) return [];
    const [word, type] = missing;
    const end = line.startOffset + line.image.length;
    const place = source.span(end, end);
    const report = () =>
      diagnostic("R1103", tokenSpan(source, line), `\`${word}\` is missing after \`${line.image}\``, {
        help: `write \`${line.image} ${word} ...\``,
        fixes: [{ title: `insert \`${word}\``, safe: true, edits: [{ span: place, newText: ` ${word}` }] }],
      });
    return [{ tokens: splice(tokens, at, 0, virtualToken(type, tokens, at)), report }];
  });
}

function beginsLength(token: RuleToken | undefined): boolean {
  return token?.tokenType === T.NumberLiteral || token?.tokenType === T.ShortDuration;
}

/** `is equal to "x"`, `is the same as "x"`: `is` says all of it. The fault shows behind the first word, or at it. */
export function equalTo({ source, tokens, fault }: Scene): readonly Guess[] {
  const start = [fault.at - 1, fault.at].find((at) =>
    /^(?:equal|equals|same|identical)$/i.test(tokens[at]?.image ?? ""),
  );
  const before = start === undefined ? undefined : tokens[start - 1]?.tokenType;
  if (start === undefined || (before !== T.Is && before !== T.Not)) return [];
  let end = start + 1;
  if (/^(?:to|as)$/i.test(tokens[end]?.image ?? "")) end++;
  return [removedWords({ source, tokens }, start, end, "`is` alone compares: it needs no more words")];
}

/** `and if alert.title ...`: one `if` holds for all conditions. */
export function secondIf({ source, tokens, fault }: Scene): readonly Guess[] {
  const before = tokens[fault.at - 1]?.tokenType;
  if (tokens[fault.at]?.tokenType !== T.If || (before !== T.And && before !== T.Or)) return [];
  return [removedWords({ source, tokens }, fault.at, fault.at + 1, "one `if` holds for all conditions")];
}

function removedWords(
  { source, tokens }: Pick<Scene, "source" | "tokens">,
  from: number,
  to: number,
  summary: string,
): Guess {
  const words = tokens.slice(from, to);
  const span = tokensSpan(source, words);
  const written = words.map((word) => word.image).join(" ");
  const next = tokens[to];
  const removed = next === undefined ? span : source.span(span.start, next.startOffset);
  const report = () =>
    diagnostic("R1105", span, summary, {
      help: `leave \`${written}\` out`,
      fixes: [{ title: `remove \`${written}\``, safe: true, edits: [{ span: removed, newText: "" }] }],
    });
  return { tokens: splice(tokens, from, to - from), report };
}

/** `list a = ("x", "y")`: a list stands in square brackets. */
export function listInRoundBrackets({ source, tokens, fault }: Scene): readonly Guess[] {
  const at = tokens.findIndex((token) => token.tokenType === T.Equals) + 1;
  const open = tokens[at];
  if (tokens[0]?.tokenType !== T.List || open?.tokenType !== T.LParen || fault.at > at) return [];
  const end = tokens.findIndex((token, i) => i > at && token.tokenType === T.RParen);
  const close = tokens[end];
  if (close === undefined) return [];
  const report = () =>
    diagnostic("R1101", tokensSpan(source, tokens.slice(at, end + 1)), "a list stands in square brackets", {
      help: 'write `["a", "b"]`',
      fixes: [
        {
          title: "use square brackets",
          safe: true,
          edits: [
            { span: tokenSpan(source, open), newText: "[" },
            { span: tokenSpan(source, close), newText: "]" },
          ],
        },
      ],
    });
  const inner = tokens.slice(at + 1, end);
  return [
    {
      tokens: [
        ...tokens.slice(0, at),
        retyped(open, T.LBracket),
        ...inner,
        retyped(close, T.RBracket),
        ...tokens.slice(end + 1),
      ],
      report,
    },
  ];
}

function retyped(token: RuleToken, type: TokenType): RuleToken {
  return { ...token, tokenType: type, tokenTypeIdx: type.tokenTypeIdx ?? 0 };
}
