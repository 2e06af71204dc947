/** Productions of every declaration but rules and tests. Lines of a block come in any order; the tree builder counts them. */
import { RuleProductions } from "./rule-productions.ts";
import { T } from "./tokens.ts";

export class DeclarationProductions extends RuleProductions {
  readonly listDeclaration = this.RULE("listDeclaration", () => {
    this.CONSUME(T.List);
    this.SUBRULE(this.bareName);
    this.CONSUME(T.Equals);
    this.SUBRULE(this.list);
  });

  /** A name in quotes is taken and refused by the tree builder. */
  readonly bareName = this.RULE("bareName", () => {
    this.OR([{ ALT: () => this.CONSUME(T.Word) }, { ALT: () => this.CONSUME(T.Quoted) }]);
  });

  readonly lookupDeclaration = this.RULE("lookupDeclaration", () => {
    this.CONSUME(T.Lookup);
    this.SUBRULE(this.bareName);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.SUBRULE(this.lookupEntry) },
        { ALT: () => this.SUBRULE(this.lookupOtherwise) },
      ]);
    });
    this.CONSUME(T.End);
  });

  readonly lookupEntry = this.RULE("lookupEntry", () => {
    this.SUBRULE(this.atom);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.atom);
    });
    this.CONSUME(T.Arrow);
    this.SUBRULE(this.expression);
    this.OPTION(() => this.CONSUME2(T.Comma));
  });

  readonly lookupOtherwise = this.RULE("lookupOtherwise", () => {
    this.CONSUME(T.Otherwise);
    this.CONSUME(T.Arrow);
    this.SUBRULE(this.expression);
    this.OPTION(() => this.CONSUME(T.Comma));
  });

  readonly valuesDeclaration = this.RULE("valuesDeclaration", () => {
    this.CONSUME(T.Values);
    this.SUBRULE(this.path);
    this.CONSUME(T.Equals);
    this.CONSUME(T.Quoted);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(T.LessThan) }, { ALT: () => this.CONSUME(T.Comma) }]);
      this.CONSUME2(T.Quoted);
    });
  });

  readonly defineDeclaration = this.RULE("defineDeclaration", () => {
    this.CONSUME(T.Define);
    this.SUBRULE(this.bareName);
    this.OR([{ ALT: () => this.CONSUME(T.As) }, { ALT: () => this.CONSUME(T.Equals) }]);
    this.SUBRULE(this.condition);
  });

  readonly calendarDeclaration = this.RULE("calendarDeclaration", () => {
    this.CONSUME(T.Calendar);
    this.CONSUME(T.Quoted);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.SUBRULE(this.zoneLine) },
        { ALT: () => this.SUBRULE(this.hoursLine) },
        { ALT: () => this.SUBRULE(this.closedLine) },
      ]);
    });
    this.CONSUME(T.End);
  });

  readonly zoneLine = this.RULE("zoneLine", () => {
    this.CONSUME(T.Zone);
    this.CONSUME(T.Quoted);
  });

  readonly hoursLine = this.RULE("hoursLine", () => {
    this.SUBRULE(this.days);
    this.SUBRULE(this.clockRanges);
  });

  readonly closedLine = this.RULE("closedLine", () => {
    this.CONSUME(T.Closed);
    this.SUBRULE(this.dateRange);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.dateRange);
    });
  });

  readonly dateRange = this.RULE("dateRange", () => {
    this.CONSUME(T.DateLiteral);
    this.OPTION(() => {
      this.CONSUME(T.To);
      this.CONSUME2(T.DateLiteral);
    });
  });

  readonly categoryDeclaration = this.RULE("categoryDeclaration", () => {
    this.CONSUME(T.Category);
    this.CONSUME(T.Quoted);
    this.MANY(() => {
      this.OR([{ ALT: () => this.SUBRULE(this.dueInLine) }, { ALT: () => this.SUBRULE(this.fieldLine) }]);
    });
    this.CONSUME(T.End);
  });

  readonly recipientDeclaration = this.RULE("recipientDeclaration", () => {
    this.CONSUME(T.Recipient);
    this.CONSUME(T.Quoted);
    this.MANY(() => this.SUBRULE(this.recipientLine));
    this.CONSUME(T.End);
  });

  readonly recipientLine = this.RULE("recipientLine", () => {
    this.OR([{ ALT: () => this.CONSUME(T.Email) }, { ALT: () => this.CONSUME(T.Webhook) }]);
    this.SUBRULE(this.texts);
  });

  readonly templateDeclaration = this.RULE("templateDeclaration", () => {
    this.CONSUME(T.Template);
    this.CONSUME(T.Quoted);
    this.MANY(() => this.SUBRULE(this.templateLine));
    this.CONSUME(T.End);
  });

  readonly templateLine = this.RULE("templateLine", () => {
    this.OR([{ ALT: () => this.CONSUME(T.Subject) }, { ALT: () => this.CONSUME(T.Body) }]);
    this.CONSUME(T.Quoted);
  });

  readonly partnerDeclaration = this.RULE("partnerDeclaration", () => {
    this.CONSUME(T.Partner);
    this.CONSUME(T.Quoted);
  });

  readonly udfDeclaration = this.RULE("udfDeclaration", () => {
    this.CONSUME(T.Udf);
    this.OR([
      { ALT: () => this.CONSUME(T.Ticket) },
      { ALT: () => this.CONSUME(T.Organization) },
      { ALT: () => this.CONSUME(T.Device) },
    ]);
    this.CONSUME(T.Quoted);
    this.OR2([
      { ALT: () => this.CONSUME(T.Text) },
      { ALT: () => this.CONSUME(T.Number) },
      { ALT: () => this.CONSUME(T.Date) },
      { ALT: () => this.CONSUME(T.Boolean) },
    ]);
  });

  readonly maintenanceDeclaration = this.RULE("maintenanceDeclaration", () => {
    this.CONSUME(T.Maintenance);
    this.CONSUME(T.Quoted);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.SUBRULE(this.maintenanceScopes) },
        { ALT: () => this.SUBRULE(this.zoneLine) },
        { ALT: () => this.SUBRULE(this.maintenanceEvery) },
        { ALT: () => this.SUBRULE(this.maintenanceFrom) },
      ]);
    });
    this.CONSUME(T.End);
  });

  readonly maintenanceScopes = this.RULE("maintenanceScopes", () => {
    this.CONSUME(T.For);
    this.SUBRULE(this.maintenanceScope);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.maintenanceScope);
    });
  });

  readonly maintenanceScope = this.RULE("maintenanceScope", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Organization) },
      { ALT: () => this.CONSUME(T.Device) },
      { ALT: () => this.CONSUME(T.Source) },
    ]);
    this.CONSUME(T.Quoted);
    this.MANY({
      GATE: () => this.LA(2).tokenType.CATEGORIES?.includes(T.Quoted) === true,
      DEF: () => {
        this.CONSUME(T.Comma);
        this.CONSUME2(T.Quoted);
      },
    });
  });

  readonly maintenanceEvery = this.RULE("maintenanceEvery", () => {
    this.CONSUME(T.Every);
    this.SUBRULE(this.days);
    this.SUBRULE(this.clockRanges);
  });

  readonly maintenanceFrom = this.RULE("maintenanceFrom", () => {
    this.CONSUME(T.From);
    this.SUBRULE(this.moment);
    this.CONSUME(T.To);
    this.SUBRULE2(this.moment);
  });
}
