/**
 * Productions of conditions. One flat chain of `and` and `or`; brackets hold a chain, and whether they group conditions
 * or values is for the tree builder to say, so that two tokens of lookahead are enough.
 */
import { ExpressionProductions, type Ways } from "./expression-productions.ts";
import { T } from "./tokens.ts";

export class ConditionProductions extends ExpressionProductions {
  readonly condition = this.RULE("condition", () => {
    this.SUBRULE(this.unary);
    this.MANY(() => {
      this.OR(this.conditionWays);
      this.SUBRULE2(this.unary);
    });
  });
  protected readonly conditionWays: Ways = [
    { ALT: () => this.CONSUME(T.And) },
    { ALT: () => this.CONSUME(T.Or) },
  ];

  readonly unary = this.RULE("unary", () => {
    this.MANY(() => this.CONSUME(T.Not));
    this.SUBRULE(this.operand);
    this.OPTION(() => this.SUBRULE(this.tail));
  });

  readonly operand = this.RULE("operand", () => {
    this.OR(this.operandWays);
  });
  protected readonly operandWays: Ways = [
    { ALT: () => this.SUBRULE(this.count) },
    { ALT: () => this.SUBRULE(this.quantified) },
    { ALT: () => this.SUBRULE(this.calendarTest) },
    { ALT: () => this.SUBRULE(this.group) },
    { ALT: () => this.SUBRULE(this.atom) },
  ];

  readonly group = this.RULE("group", () => {
    this.CONSUME(T.LParen);
    this.SUBRULE(this.condition);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.OPTION(() => this.SUBRULE2(this.condition));
    });
    this.CONSUME(T.RParen);
  });

  /** `any of (C1, C2)` */
  readonly quantified = this.RULE("quantified", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Any) },
      { ALT: () => this.CONSUME(T.All) },
      { ALT: () => this.CONSUME(T.None) },
      { ALT: () => this.CONSUME(T.One) },
    ]);
    this.CONSUME(T.Of);
    this.SUBRULE(this.group);
  });

  readonly calendarTest = this.RULE("calendarTest", () => {
    this.OR([{ ALT: () => this.CONSUME(T.During) }, { ALT: () => this.CONSUME(T.Outside) }]);
    this.CONSUME(T.Quoted);
  });

  /** `more than 20 alerts in 5 minutes per alert.organization` */
  readonly count = this.RULE("count", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.More);
          this.CONSUME(T.Than);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.At);
          this.CONSUME(T.Least);
        },
      },
    ]);
    this.CONSUME(T.NumberLiteral);
    this.OR2([{ ALT: () => this.CONSUME(T.Alerts) }, { ALT: () => this.CONSUME(T.Alert) }]);
    this.OR3([{ ALT: () => this.CONSUME(T.In) }, { ALT: () => this.CONSUME(T.Within) }]);
    this.SUBRULE(this.duration);
    this.OPTION(() => this.SUBRULE(this.per));
  });

  /** `per alert.device`, `per (alert.organization, alert.device)` */
  readonly per = this.RULE("per", () => {
    this.CONSUME(T.Per);
    this.OR([
      { ALT: () => this.SUBRULE(this.path) },
      {
        ALT: () => {
          this.CONSUME(T.LParen);
          this.SUBRULE2(this.path);
          this.MANY(() => {
            this.CONSUME(T.Comma);
            this.OPTION(() => this.SUBRULE3(this.path));
          });
          this.CONSUME(T.RParen);
        },
      },
    ]);
  });

  /** What follows the left side. */
  readonly tail = this.RULE("tail", () => {
    this.OR(this.tailWays);
  });
  protected readonly tailWays: Ways = [
    { ALT: () => this.SUBRULE(this.isTail) },
    {
      ALT: () => {
        this.OPTION(() => this.CONSUME(T.Does));
        this.CONSUME(T.Not);
        this.OR2([{ ALT: () => this.SUBRULE(this.infinitive) }, { ALT: () => this.SUBRULE(this.operation) }]);
      },
    },
    { ALT: () => this.SUBRULE(this.changed) },
    { ALT: () => this.SUBRULE2(this.operation) },
    { ALT: () => this.SUBRULE(this.foreignTail) },
  ];

  /** `is`, `is not`, with an operation behind it (`is at least`) or a value. */
  readonly isTail = this.RULE("isTail", () => {
    this.CONSUME(T.Is);
    this.OPTION(() => this.CONSUME(T.Not));
    this.OR(this.isTailWays);
  });
  protected readonly isTailWays: Ways = [
    { ALT: () => this.CONSUME(T.Empty) },
    { ALT: () => this.SUBRULE(this.operation) },
    { ALT: () => this.SUBRULE(this.right) },
  ];

  /** Behind `does not`, and `not` alone: `does not contain "x"`, `not changed`. */
  readonly infinitive = this.RULE("infinitive", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.changed) },
      {
        ALT: () => {
          this.OR2([
            { ALT: () => this.CONSUME(T.Contain) },
            { ALT: () => this.CONSUME(T.Match) },
            {
              ALT: () => {
                this.OR3([{ ALT: () => this.CONSUME(T.Start) }, { ALT: () => this.CONSUME(T.End) }]);
                this.CONSUME(T.With);
              },
            },
          ]);
          this.SUBRULE(this.right);
        },
      },
    ]);
  });

  readonly operation = this.RULE("operation", () => {
    this.OR(this.operationWays);
  });
  protected readonly operationWays: Ways = [
    { ALT: () => this.SUBRULE(this.between) },
    { ALT: () => this.SUBRULE(this.calendarTest) },
    {
      ALT: () => {
        this.SUBRULE(this.operator);
        this.SUBRULE(this.right);
      },
    },
  ];

  readonly operator = this.RULE("operator", () => {
    this.OR(this.operatorWays);
  });
  protected readonly operatorWays: Ways = [
    { ALT: () => this.CONSUME(T.In) },
    { ALT: () => this.CONSUME(T.Like) },
    { ALT: () => this.CONSUME(T.Contains) },
    {
      ALT: () => {
        this.OR2([{ ALT: () => this.CONSUME(T.Starts) }, { ALT: () => this.CONSUME(T.Ends) }]);
        this.CONSUME(T.With);
      },
    },
    { ALT: () => this.CONSUME(T.Matches) },
    {
      ALT: () => {
        this.CONSUME(T.At);
        this.OR3([{ ALT: () => this.CONSUME(T.Least) }, { ALT: () => this.CONSUME(T.Most) }]);
      },
    },
    {
      ALT: () => {
        this.OR4([{ ALT: () => this.CONSUME(T.More) }, { ALT: () => this.CONSUME(T.Less) }]);
        this.CONSUME(T.Than);
      },
    },
    { ALT: () => this.CONSUME(T.LessThan) },
    { ALT: () => this.CONSUME(T.LessOrEqual) },
    { ALT: () => this.CONSUME(T.GreaterThan) },
    { ALT: () => this.CONSUME(T.GreaterOrEqual) },
  ];

  readonly between = this.RULE("between", () => {
    this.CONSUME(T.Between);
    this.SUBRULE(this.atom);
    this.CONSUME(T.And);
    this.SUBRULE2(this.atom);
  });

  readonly changed = this.RULE("changed", () => {
    this.CONSUME(T.Changed);
    this.OPTION(() => {
      this.CONSUME(T.From);
      this.SUBRULE(this.right);
    });
    this.OPTION2(() => {
      this.CONSUME(T.To);
      this.SUBRULE2(this.right);
    });
  });

  /** The right side: one value, values in brackets, `any of (...)`, or the name of a list behind it. */
  readonly right = this.RULE("right", () => {
    this.OPTION(() => this.CONSUME(T.Exactly));
    this.OR(this.rightWays);
  });
  protected readonly rightWays: Ways = [
    {
      ALT: () => {
        this.OR2([
          { ALT: () => this.CONSUME(T.Any) },
          { ALT: () => this.CONSUME(T.All) },
          { ALT: () => this.CONSUME(T.None) },
          { ALT: () => this.CONSUME(T.One) },
        ]);
        this.CONSUME(T.Of);
        this.OR3([{ ALT: () => this.SUBRULE(this.valueGroup) }, { ALT: () => this.SUBRULE(this.atom) }]);
      },
    },
    { ALT: () => this.SUBRULE2(this.valueGroup) },
    { ALT: () => this.SUBRULE2(this.atom) },
  ];

  readonly valueGroup = this.RULE("valueGroup", () => {
    this.CONSUME(T.LParen);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(T.Comma) }, { ALT: () => this.SUBRULE(this.expression) }]);
    });
    this.CONSUME(T.RParen);
  });

  /** `==`, `!=`, `equals`, `exists`: refused by the tree builder. */
  readonly foreignTail = this.RULE("foreignTail", () => {
    this.OR([
      {
        ALT: () => {
          this.OR2([
            { ALT: () => this.CONSUME(T.Equals) },
            { ALT: () => this.CONSUME(T.NotEquals) },
            { ALT: () => this.CONSUME(T.EqualsWord) },
          ]);
          this.OPTION(() => this.CONSUME(T.To));
          this.SUBRULE(this.right);
        },
      },
      { ALT: () => this.CONSUME(T.Exists) },
    ]);
  });
}
