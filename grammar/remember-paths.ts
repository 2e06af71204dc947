/**
 * What could stand at a choice, worked out once a choice and not at every mistake: Chevrotain walks the whole grammar below
 * it each time that no alternative fits, and mending a broken declaration makes hundreds of such mistakes. Knows the
 * library's own names, which its types leave out; knows nothing of this grammar.
 */
import { NoViableAltException, type IParserErrorMessageProvider, type IToken } from "chevrotain";

type PathsOfChoice = Parameters<
  IParserErrorMessageProvider["buildNoViableAltMessage"]
>[0]["expectedPathsPerAlt"];

/** The part of Chevrotain's parser that this stands in for. */
interface InnerParser {
  raiseNoAltException: (occurrence: number, customDescription: string | undefined) => never;
  readonly getCurrRuleFullName: () => string;
  readonly LA: (distance: number) => IToken;
  readonly SAVE_ERROR: (error: Error) => Error;
  readonly maxLookahead: number;
  errorMessageProvider: IParserErrorMessageProvider;
}

/** After the parser's self-analysis. The first mistake at a choice is told by the library, and its paths are kept. */
export function rememberPaths(parser: object): void {
  const inner = parser as InnerParser;
  const byChoice = new Map<string, PathsOfChoice>();
  const provider = inner.errorMessageProvider;
  const raiseFirst = inner.raiseNoAltException.bind(parser);
  inner.raiseNoAltException = (occurrence, customUserDescription): never => {
    const ruleName = inner.getCurrRuleFullName();
    const choice = `${ruleName} ${occurrence}`;
    const expectedPathsPerAlt = byChoice.get(choice);
    if (expectedPathsPerAlt === undefined) {
      const buildNoViableAltMessage: typeof provider.buildNoViableAltMessage = (mistake) => {
        byChoice.set(choice, mistake.expectedPathsPerAlt);
        return provider.buildNoViableAltMessage(mistake);
      };
      inner.errorMessageProvider = { ...provider, buildNoViableAltMessage };
      try {
        return raiseFirst(occurrence, customUserDescription);
      } finally {
        inner.errorMessageProvider = provider;
      }
    }
    const previous = inner.LA(0);
    const message = provider.buildNoViableAltMessage({
      expectedPathsPerAlt,
      actual: Array.from({ length: inner.maxLookahead }, (_, i) => inner.LA(i + 1)),
      previous,
      ...(customUserDescription === undefined ? {} : { customUserDescription }),
      ruleName,
    });
    throw inner.SAVE_ERROR(new NoViableAltException(message, inner.LA(1), previous));
  };
}
