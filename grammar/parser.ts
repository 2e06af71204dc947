/**
 * The parser of one declaration: the productions of all layers, one instance for the process. Gives a concrete tree
 * and Chevrotain's errors; turning those into the admin's words is the work of syntax-messages.ts.
 */
import {
  tokenMatcher,
  type CstElement,
  type CstNode,
  type IParserErrorMessageProvider,
  type IRecognitionException,
  type IToken,
  type TokenType,
} from "chevrotain";
import type { Ways } from "./expression-productions.ts";
import type { RuleToken } from "./lexer.ts";
import { rememberPaths } from "./remember-paths.ts";
import { TableLookahead } from "./lookahead.ts";
import { TestProductions } from "./test-productions.ts";
import { T } from "./tokens.ts";

const LOOKAHEAD = 2;

/**
 * What could have stood at an error, kept in its message: `0:Then If`. The number says which of the tokens looked at is
 * the wrong one: with two of lookahead, `alert recieved` fails at `alert` though only the second word is misspelt.
 */
const expectedNames: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => `0:${expected.name}`,
  buildNotAllInputParsedMessage: () => "0:",
  buildNoViableAltMessage: ({ expectedPathsPerAlt, actual }) =>
    namesAt(expectedPathsPerAlt.flat(), actual[0]),
  buildEarlyExitMessage: ({ expectedIterationPaths, actual }) => namesAt(expectedIterationPaths, actual[0]),
};

function namesAt(paths: readonly (readonly TokenType[])[], actual: IToken | undefined): string {
  const begun = paths.filter(
    ([type, next]) =>
      next !== undefined && type !== undefined && actual !== undefined && tokenMatcher(actual, type),
  );
  const depth = begun.length > 0 ? 1 : 0;
  const names = (depth === 1 ? begun : paths).flatMap((path) => path[depth]?.name ?? []);
  return `${depth}:${[...new Set(names)].join(" ")}`;
}

/** Holds the children of one node by name, and inherits no names. */
class Children {
  readonly [name: string]: CstElement[];
}
Object.setPrototypeOf(Children.prototype, null);

export class DeclarationParser extends TestProductions {
  /** Chevrotain's own switch, which its types leave out. */
  declare recoveryEnabled: boolean;
  /** Chevrotain's own as well. */
  declare CST_STACK: CstNode[];
  declare setInitialNodeLocation: (node: CstNode) => void;

  constructor(validate: boolean, recoveryEnabled = true) {
    super({
      recoveryEnabled,
      maxLookahead: LOOKAHEAD,
      lookaheadStrategy: new TableLookahead({ maxLookahead: LOOKAHEAD }),
      nodeLocationTracking: "onlyOffset",
      skipValidations: !validate,
      errorMessageProvider: expectedNames,
    });
    this.performSelfAnalysis();
    rememberPaths(this);
  }

  readonly declaration = this.RULE("declaration", () => {
    this.OR(this.declarationWays);
  });
  protected readonly declarationWays: Ways = [
    { ALT: () => this.SUBRULE(this.rule) },
    { ALT: () => this.SUBRULE(this.test) },
    { ALT: () => this.SUBRULE(this.listDeclaration) },
    { ALT: () => this.SUBRULE(this.lookupDeclaration) },
    { ALT: () => this.SUBRULE(this.valuesDeclaration) },
    { ALT: () => this.SUBRULE(this.defineDeclaration) },
    { ALT: () => this.SUBRULE(this.calendarDeclaration) },
    { ALT: () => this.SUBRULE(this.categoryDeclaration) },
    { ALT: () => this.SUBRULE(this.recipientDeclaration) },
    { ALT: () => this.SUBRULE(this.templateDeclaration) },
    { ALT: () => this.SUBRULE(this.calloutDeclaration) },
    { ALT: () => this.SUBRULE(this.partnerDeclaration) },
    { ALT: () => this.SUBRULE(this.udfDeclaration) },
    { ALT: () => this.SUBRULE(this.mailboxDeclaration) },
    { ALT: () => this.SUBRULE(this.maintenanceDeclaration) },
  ];

  /** With recovery the tree is kept around an error; without it reading stops at the first, which is quicker. */
  parse(tokens: readonly RuleToken[], recover: boolean): ParsedDeclaration {
    this.recoveryEnabled = recover;
    this.input = [...tokens];
    // Each mistake is an Error to Chevrotain; nobody reads where in this program it was made, and the trace is most of its cost.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const tree = this.declaration() as CstNode | undefined;
      return { tree, errors: this.errors };
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  /**
   * As Chevrotain's, but for `children`: an object without a prototype is a hash table to V8, slow to fill and to ask, and
   * the tree builder asks each node for a dozen children that are not there.
   */
  cstInvocationStateUpdate(name: string): void {
    const node: CstNode = { name, children: new Children() };
    this.setInitialNodeLocation(node);
    this.CST_STACK.push(node);
  }

  /** A text or a number that nobody wrote would be a lie; a missing `then` is not. */
  protected override canTokenTypeBeInsertedInRecovery(type: TokenType): boolean {
    return !literals.has(type) && type !== T.End;
  }
}

const literals: ReadonlySet<TokenType> = new Set([
  ...[T.Quoted, T.Word, T.NumberLiteral, T.ClockLiteral, T.DateLiteral, T.Unit, T.DayName, T.Method],
]);

export interface ParsedDeclaration {
  readonly tree: CstNode | undefined;
  readonly errors: readonly IRecognitionException[];
}

let quick: DeclarationParser | undefined;
let shared: DeclarationParser | undefined;

/**
 * The tree of a declaration without a mistake; undefined for any other. By a parser that was never made to recover:
 * Chevrotain then leaves out what it does for recovery at each token, also where there is nothing to recover from.
 */
export function readWhole(tokens: readonly RuleToken[]): CstNode | undefined {
  quick ??= new DeclarationParser(false, false);
  const { tree, errors } = quick.parse(tokens, false);
  return errors.length === 0 ? tree : undefined;
}

/** One for the process, made at the first mistake: the analysis of the grammar costs some 20 ms. */
export function sharedParser(): DeclarationParser {
  shared ??= new DeclarationParser(false);
  return shared;
}
