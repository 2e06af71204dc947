/**
 * Which way the parser goes, by table: Chevrotain's own look-ahead of two tokens compares them with each way in turn,
 * twenty comparisons where a comparison's operator stands. Gives the same answers. Knows no production.
 *
 *   first token ──> alternative             decided by one token
 *              ──> second token ──> alternative
 */
import {
  getLookaheadPaths,
  LLkLookaheadStrategy,
  type ILookaheadStrategy,
  type IOrAlt,
  type IToken,
  type LookaheadSequence,
  type TokenType,
} from "chevrotain";

/** By `tokenTypeIdx`: an alternative, or a row for the token behind; holes where no alternative begins so. */
type Row = (number | undefined)[];
type Table = (number | Row | undefined)[];

/** The parser as look-ahead functions see it. */
interface Ahead {
  LA_FAST(howMuch: number): IToken;
}

type AlternationOptions = Parameters<ILookaheadStrategy["buildLookaheadForAlternation"]>[0];
type OptionalOptions = Parameters<ILookaheadStrategy["buildLookaheadForOptional"]>[0];

export class TableLookahead extends LLkLookaheadStrategy {
  override buildLookaheadForAlternation(
    options: AlternationOptions,
  ): (alternatives?: IOrAlt<unknown>[]) => number | undefined {
    const { prodOccurrence: occurrence, rule, maxLookahead } = options;
    const paths = getLookaheadPaths({ occurrence, rule, maxLookahead, prodType: "Alternation" });
    const table = options.hasPredicates ? undefined : buildTable(paths);
    return table === undefined ? super.buildLookaheadForAlternation(options) : reader(table);
  }

  override buildLookaheadForOptional(options: OptionalOptions): () => boolean {
    const { prodOccurrence: occurrence, rule, maxLookahead, prodType } = options;
    const [inside] = getLookaheadPaths({ occurrence, rule, maxLookahead, prodType });
    const table = inside === undefined ? undefined : buildTable([inside]);
    if (table === undefined) return super.buildLookaheadForOptional(options);
    const read = reader(table);
    return function (this: Ahead) {
      return read.call(this) === 0;
    };
  }
}

function reader(table: Table): (this: Ahead) => number | undefined {
  return function () {
    const way = table[this.LA_FAST(1).tokenTypeIdx];
    return typeof way === "object" ? way[this.LA_FAST(2).tokenTypeIdx] : way;
  };
}

/** Undefined where a table cannot say it: a way of no token, of more than two, or of one that others ask a second for. */
function buildTable(alternatives: readonly LookaheadSequence[]): Table | undefined {
  const table: Table = [];
  for (const [alternative, ways] of alternatives.entries())
    for (const [first, second, ...more] of ways) {
      if (first === undefined || more.length > 0) return undefined;
      for (const index of indexesOf(first)) if (!enter(table, index, second, alternative)) return undefined;
    }
  return table;
}

/** Of alternatives that begin alike the first is taken: what is entered stays. False: the table cannot say it. */
function enter(table: Table, first: number, second: TokenType | undefined, alternative: number): boolean {
  const known = table[first];
  if (second === undefined) {
    if (typeof known === "object") return false;
    table[first] = known ?? alternative;
    return true;
  }
  if (typeof known === "number") return true;
  const row: Row = known ?? [];
  for (const index of indexesOf(second)) row[index] ??= alternative;
  table[first] = row;
  return true;
}

/** Of the type itself and of those that belong to it. */
function indexesOf({ tokenTypeIdx, categoryMatches }: TokenType): readonly number[] {
  return [...(tokenTypeIdx === undefined ? [] : [tokenTypeIdx]), ...(categoryMatches ?? [])];
}
