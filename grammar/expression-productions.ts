/**
 * Productions of values: literals, paths, lookups, lists, field lines. The first layer of the parser (parser.ts);
 * knows nothing of conditions. What is written wrongly but clearly (`3,5`, `[1 2]`) is taken here and refused by the tree builder.
 */
import { CstParser, type IOrAlt, type IParserConfig } from "chevrotain";
import { allTokens, T } from "./tokens.ts";

/**
 * What an `OR` chooses from, kept beside its production where the production is met often: written in place, an array, and
 * an object and a function for each way, were made anew at each value of a file.
 */
export type Ways = IOrAlt<unknown>[];

export class ExpressionProductions extends CstParser {
  protected constructor(config: IParserConfig) {
    super(allTokens, config);
  }

  /** `a or b or "c"` */
  readonly expression = this.RULE("expression", () => {
    this.SUBRULE(this.atom);
    this.MANY(() => {
      this.CONSUME(T.Or);
      this.SUBRULE2(this.atom);
    });
  });

  readonly atom = this.RULE("atom", () => {
    this.OR(this.atomWays);
  });
  protected readonly atomWays: Ways = [
    { ALT: () => this.CONSUME(T.Quoted) },
    { ALT: () => this.SUBRULE(this.pathOrLookup) },
    { ALT: () => this.SUBRULE(this.durationValue) },
    { ALT: () => this.CONSUME(T.NumberLiteral) },
    { ALT: () => this.CONSUME(T.DecimalComma) },
    { ALT: () => this.CONSUME(T.True) },
    { ALT: () => this.CONSUME(T.False) },
    { ALT: () => this.SUBRULE(this.moment) },
    { ALT: () => this.SUBRULE(this.list) },
  ];

  /** A path first, so that `category default` and `secret "x"` need two tokens to be seen. */
  readonly pathOrLookup = this.RULE("pathOrLookup", () => {
    this.OR(this.pathOrLookupWays);
  });
  protected readonly pathOrLookupWays: Ways = [
    {
      ALT: () => {
        this.CONSUME(T.Category);
        this.CONSUME(T.Default);
      },
    },
    { ALT: () => this.SUBRULE(this.secret) },
    {
      ALT: () => {
        this.SUBRULE(this.path);
        this.OPTION(() => {
          this.CONSUME(T.LBracket);
          this.SUBRULE(this.expression);
          this.CONSUME(T.RBracket);
        });
      },
    },
  ];

  readonly secret = this.RULE("secret", () => {
    this.CONSUME(T.Secret);
    this.CONSUME(T.Quoted);
  });

  /** `ticket.udf."Datto RMM Alert ID"`; a dot with nothing behind it is kept for the editor. */
  readonly path = this.RULE("path", () => {
    this.CONSUME(T.Word);
    this.MANY(() => {
      this.CONSUME(T.Dot);
      this.OPTION(() => {
        this.OR(this.pathWays);
      });
    });
  });
  protected readonly pathWays: Ways = [
    { ALT: () => this.CONSUME2(T.Word) },
    { ALT: () => this.CONSUME(T.Quoted) },
  ];

  readonly list = this.RULE("list", () => {
    this.CONSUME(T.LBracket);
    this.MANY(() => {
      this.OR(this.listWays);
    });
    this.CONSUME(T.RBracket);
  });
  protected readonly listWays: Ways = [
    { ALT: () => this.CONSUME(T.Comma) },
    { ALT: () => this.SUBRULE(this.expression) },
  ];

  /** `1 hour 30 minutes` where a number may stand as well: only with its unit. */
  readonly durationValue = this.RULE("durationValue", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.ShortDuration) },
      {
        ALT: () => {
          this.CONSUME(T.NumberLiteral);
          this.CONSUME(T.Unit);
          this.MANY({
            GATE: () => this.LA(2).tokenType === T.Unit,
            DEF: () => {
              this.CONSUME2(T.NumberLiteral);
              this.CONSUME2(T.Unit);
            },
          });
        },
      },
    ]);
  });

  /** The same where only a duration fits: a forgotten unit is told by the tree builder. */
  readonly duration = this.RULE("duration", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.ShortDuration) },
      {
        ALT: () => {
          this.CONSUME(T.NumberLiteral);
          this.OPTION(() => this.CONSUME(T.Unit));
          this.MANY({
            GATE: () => this.LA(2).tokenType === T.Unit,
            DEF: () => {
              this.CONSUME2(T.NumberLiteral);
              this.CONSUME2(T.Unit);
            },
          });
        },
      },
    ]);
  });

  /** `2026-11-21`, `2026-12-24 18:00`, `8:00` */
  readonly moment = this.RULE("moment", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.DateLiteral);
          this.OPTION(() => this.CONSUME(T.ClockLiteral));
        },
      },
      { ALT: () => this.CONSUME2(T.ClockLiteral) },
    ]);
  });

  /** `priority = "High"`; a comma behind it is allowed in every block. */
  readonly fieldLine = this.RULE("fieldLine", () => {
    this.SUBRULE(this.path);
    this.CONSUME(T.Equals);
    this.SUBRULE(this.expression);
    this.OPTION(() => this.CONSUME(T.Comma));
  });

  /**
   * "A field line is a name followed by `=` or `.`; anything else ends the block." Chevrotain looks no further than the
   * production, so what follows a block is told apart by this gate.
   */
  protected isFieldAhead(): boolean {
    const next = this.LA(2).tokenType;
    return next === T.Equals || next === T.Dot;
  }

  readonly dueInLine = this.RULE("dueInLine", () => {
    this.CONSUME(T.Due);
    this.CONSUME(T.In);
    this.SUBRULE(this.duration);
    this.OPTION(() => this.CONSUME(T.Comma));
  });

  /** `monday to friday`, `saturday`, `weekday`, `day` */
  readonly dayRange = this.RULE("dayRange", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.DayName) },
      { ALT: () => this.CONSUME(T.Weekday) },
      { ALT: () => this.CONSUME(T.Unit) },
    ]);
    this.OPTION(() => {
      this.CONSUME(T.To);
      this.CONSUME2(T.DayName);
    });
  });

  readonly days = this.RULE("days", () => {
    this.SUBRULE(this.dayRange);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.dayRange);
    });
  });

  readonly clockRanges = this.RULE("clockRanges", () => {
    this.SUBRULE(this.clockRange);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.clockRange);
    });
  });

  readonly clockRange = this.RULE("clockRange", () => {
    this.CONSUME(T.ClockLiteral);
    this.CONSUME(T.To);
    this.CONSUME2(T.ClockLiteral);
  });
}
