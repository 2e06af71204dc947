/**
 * Productions of rules: clauses, events, actions. Clauses are taken in any order and number, so that a misplaced one costs
 * one message (the tree builder's) and not the rule.
 */
import { ConditionProductions } from "./condition-productions.ts";
import type { Ways } from "./expression-productions.ts";
import { T } from "./tokens.ts";

const ticketVerbs = new Set([T.Created, T.Edited, T.Completed, T.Reopened]);
const actors = new Set([T.Staff, T.Contact, T.System, T.Rule, T.Integration]);
const ticketLines = new Set([T.Due, T.Dedup, T.No, T.On, T.Once]);

export class RuleProductions extends ConditionProductions {
  readonly rule = this.RULE("rule", () => {
    this.OPTION(() => this.CONSUME(T.Inactive));
    this.CONSUME(T.Rule);
    this.CONSUME(T.Quoted);
    this.MANY(() => this.SUBRULE(this.clause));
    this.CONSUME(T.End);
  });

  readonly clause = this.RULE("clause", () => {
    this.OR(this.clauseWays);
  });
  protected readonly clauseWays: Ways = [
    {
      ALT: () => {
        this.CONSUME(T.Order);
        this.CONSUME(T.NumberLiteral);
      },
    },
    { ALT: () => this.SUBRULE(this.scope) },
    { ALT: () => this.SUBRULE(this.whenClause) },
    {
      ALT: () => {
        this.CONSUME(T.If);
        this.SUBRULE(this.condition);
      },
    },
    {
      ALT: () => {
        this.OR2([
          {
            ALT: () => {
              this.CONSUME(T.Except);
              this.CONSUME(T.When);
            },
          },
          { ALT: () => this.CONSUME(T.Unless) },
        ]);
        this.SUBRULE2(this.condition);
      },
    },
    { ALT: () => this.SUBRULE(this.thenClause) },
  ];

  /** `for organization "A", "B"`, `for organization in LIST` */
  readonly scope = this.RULE("scope", () => {
    this.CONSUME(T.For);
    this.OR([{ ALT: () => this.CONSUME(T.Organization) }, { ALT: () => this.CONSUME(T.Organizations) }]);
    this.OR2([
      { ALT: () => this.SUBRULE(this.texts) },
      {
        ALT: () => {
          this.CONSUME(T.In);
          this.OR3([{ ALT: () => this.CONSUME(T.Word) }, { ALT: () => this.SUBRULE(this.list) }]);
        },
      },
    ]);
  });

  /** `"a", "b"` */
  readonly texts = this.RULE("texts", () => {
    this.CONSUME(T.Quoted);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.CONSUME2(T.Quoted);
    });
  });

  /* ---------- events ---------- */

  readonly whenClause = this.RULE("whenClause", () => {
    this.CONSUME(T.When);
    this.SUBRULE(this.event);
    this.MANY(() => {
      this.CONSUME(T.Or);
      this.OR([
        { ALT: () => this.SUBRULE2(this.event) },
        // `changes to "A" or "B"`
        { ALT: () => this.CONSUME(T.Quoted) },
      ]);
    });
  });

  readonly event = this.RULE("event", () => {
    this.OR(this.eventWays);
  });
  protected readonly eventWays: Ways = [
    { ALT: () => this.SUBRULE(this.alertEvent) },
    { ALT: () => this.SUBRULE(this.absenceEvent) },
    { ALT: () => this.SUBRULE(this.ticketEvent) },
    { ALT: () => this.SUBRULE(this.ticketTimeEvent) },
    { ALT: () => this.SUBRULE(this.entryEvent) },
    { ALT: () => this.SUBRULE(this.calloutEvent) },
    { ALT: () => this.SUBRULE(this.everyEvent) },
    { ALT: () => this.SUBRULE(this.fieldEvent) },
  ];

  readonly alertEvent = this.RULE("alertEvent", () => {
    this.CONSUME(T.Alert);
    this.OR([
      { ALT: () => this.CONSUME(T.Received) },
      { ALT: () => this.CONSUME(T.Repeats) },
      { ALT: () => this.CONSUME(T.Resolved) },
      {
        ALT: () => {
          this.CONSUME(T.Still);
          this.CONSUME(T.Firing);
          this.CONSUME(T.After);
          this.SUBRULE(this.duration);
        },
      },
    ]);
  });

  readonly absenceEvent = this.RULE("absenceEvent", () => {
    this.CONSUME(T.No);
    this.CONSUME(T.Alert);
    this.CONSUME(T.For);
    this.SUBRULE(this.duration);
    this.OPTION(() => this.SUBRULE(this.per));
  });

  /** `ticket created or edited by contact` */
  readonly ticketEvent = this.RULE("ticketEvent", () => {
    this.CONSUME(T.Ticket);
    this.SUBRULE(this.ticketVerb);
    this.MANY({
      GATE: () => ticketVerbs.has(this.LA(2).tokenType),
      DEF: () => {
        this.CONSUME(T.Or);
        this.SUBRULE2(this.ticketVerb);
      },
    });
    this.OPTION(() => this.SUBRULE(this.by));
  });

  readonly ticketVerb = this.RULE("ticketVerb", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Created) },
      { ALT: () => this.CONSUME(T.Edited) },
      { ALT: () => this.CONSUME(T.Completed) },
      { ALT: () => this.CONSUME(T.Reopened) },
    ]);
  });

  readonly by = this.RULE("by", () => {
    this.CONSUME(T.By);
    this.SUBRULE(this.actor);
    this.MANY({
      GATE: () => actors.has(this.LA(2).tokenType),
      DEF: () => {
        this.OR([{ ALT: () => this.CONSUME(T.Comma) }, { ALT: () => this.CONSUME(T.Or) }]);
        this.SUBRULE2(this.actor);
      },
    });
  });

  readonly actor = this.RULE("actor", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Staff) },
      { ALT: () => this.CONSUME(T.Contact) },
      { ALT: () => this.CONSUME(T.System) },
      { ALT: () => this.CONSUME(T.Rule) },
      { ALT: () => this.CONSUME(T.Integration) },
    ]);
  });

  readonly ticketTimeEvent = this.RULE("ticketTimeEvent", () => {
    this.CONSUME(T.Ticket);
    this.OR([
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(T.Idle) }, { ALT: () => this.CONSUME(T.Open) }]);
          this.CONSUME(T.For);
          this.SUBRULE(this.duration);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Due);
          this.CONSUME(T.In);
          this.SUBRULE2(this.duration);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Overdue);
          this.OPTION(() => {
            this.CONSUME(T.By);
            this.SUBRULE3(this.duration);
          });
        },
      },
    ]);
    this.OPTION2(() => {
      this.CONSUME(T.During);
      this.CONSUME(T.Quoted);
    });
  });

  readonly entryEvent = this.RULE("entryEvent", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Note) },
      {
        ALT: () => {
          this.CONSUME(T.Time);
          this.CONSUME(T.Entry);
        },
      },
    ]);
    this.CONSUME(T.Added);
    this.OPTION(() => this.SUBRULE(this.by));
  });

  readonly calloutEvent = this.RULE("calloutEvent", () => {
    this.CONSUME(T.Callout);
    this.OPTION(() => this.CONSUME(T.Quoted));
    this.OR([{ ALT: () => this.CONSUME(T.Succeeded) }, { ALT: () => this.CONSUME(T.Failed) }]);
  });

  /** `every weekday at 08:00 in "business hours"`, `every 15 minutes` */
  readonly everyEvent = this.RULE("everyEvent", () => {
    this.CONSUME(T.Every);
    this.OR([{ ALT: () => this.SUBRULE(this.durationValue) }, { ALT: () => this.SUBRULE(this.days) }]);
    this.MANY(() => {
      this.OR2([
        {
          ALT: () => {
            this.CONSUME(T.At);
            this.CONSUME(T.ClockLiteral);
            this.MANY2(() => {
              this.CONSUME(T.Comma);
              this.CONSUME2(T.ClockLiteral);
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.In);
            this.CONSUME(T.Quoted);
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.Zone);
            this.CONSUME2(T.Quoted);
          },
        },
      ]);
    });
  });

  /** `ticket.queue changes from "A" to "B", "C" by staff` */
  readonly fieldEvent = this.RULE("fieldEvent", () => {
    this.SUBRULE(this.path);
    this.OR([{ ALT: () => this.CONSUME(T.Changes) }, { ALT: () => this.CONSUME(T.Changed) }]);
    this.OPTION(() => {
      this.CONSUME(T.From);
      this.SUBRULE(this.valueList);
    });
    this.OPTION2(() => {
      this.CONSUME(T.To);
      this.SUBRULE2(this.valueList);
    });
    this.OPTION3(() => this.SUBRULE(this.by));
  });

  readonly valueList = this.RULE("valueList", () => {
    this.OR([
      {
        ALT: () => {
          this.OPTION(() => {
            this.OR2([{ ALT: () => this.CONSUME(T.Any) }, { ALT: () => this.CONSUME(T.One) }]);
            this.CONSUME(T.Of);
          });
          this.SUBRULE(this.valueGroup);
        },
      },
      {
        ALT: () => {
          this.SUBRULE(this.atom);
          this.MANY(() => {
            this.CONSUME(T.Comma);
            this.SUBRULE2(this.atom);
          });
        },
      },
    ]);
  });

  /* ---------- actions ---------- */

  readonly thenClause = this.RULE("thenClause", () => {
    this.CONSUME(T.Then);
    this.MANY(() => this.SUBRULE(this.action));
  });

  readonly action = this.RULE("action", () => {
    this.OR(this.actionWays);
  });
  protected readonly actionWays: Ways = [
    { ALT: () => this.SUBRULE(this.createTicket) },
    { ALT: () => this.SUBRULE(this.addNote) },
    { ALT: () => this.SUBRULE(this.setField) },
    { ALT: () => this.SUBRULE(this.completeTicket) },
    { ALT: () => this.SUBRULE(this.changeTag) },
    { ALT: () => this.SUBRULE(this.runCallout) },
    { ALT: () => this.SUBRULE(this.notify) },
    { ALT: () => this.SUBRULE(this.suppressAlert) },
    { ALT: () => this.CONSUME(T.Stop) },
  ];

  readonly createTicket = this.RULE("createTicket", () => {
    this.CONSUME(T.Create);
    this.CONSUME(T.Ticket);
    this.MANY({
      GATE: () => ticketLines.has(this.LA(1).tokenType) || this.isFieldAhead(),
      DEF: () => {
        this.OR(this.createTicketWays);
      },
    });
  });
  protected readonly createTicketWays: Ways = [
    { ALT: () => this.SUBRULE(this.dueInLine) },
    { ALT: () => this.SUBRULE(this.dedupLine) },
    { ALT: () => this.SUBRULE(this.noDedupLine) },
    { ALT: () => this.SUBRULE(this.onRepeatLine) },
    { ALT: () => this.SUBRULE(this.oncePerLine) },
    { ALT: () => this.SUBRULE(this.fieldLine) },
  ];

  readonly dedupLine = this.RULE("dedupLine", () => {
    this.CONSUME(T.Dedup);
    this.CONSUME(T.Within);
    this.SUBRULE(this.duration);
    this.CONSUME(T.By);
    this.SUBRULE(this.dedupPart);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.dedupPart);
    });
    this.OPTION(() => {
      this.CONSUME(T.Across);
      this.SUBRULE(this.crossed);
      this.MANY2(() => {
        this.CONSUME2(T.Comma);
        this.SUBRULE2(this.crossed);
      });
    });
  });

  readonly dedupPart = this.RULE("dedupPart", () => {
    this.SUBRULE(this.path);
    this.OPTION(() => {
      this.CONSUME(T.Without);
      this.CONSUME(T.Numbers);
    });
  });

  readonly crossed = this.RULE("crossed", () => {
    this.OR([{ ALT: () => this.CONSUME(T.Organizations) }, { ALT: () => this.CONSUME(T.Sources) }]);
  });

  readonly noDedupLine = this.RULE("noDedupLine", () => {
    this.CONSUME(T.No);
    this.CONSUME(T.Dedup);
  });

  readonly onRepeatLine = this.RULE("onRepeatLine", () => {
    this.CONSUME(T.On);
    this.CONSUME(T.Repeat);
    this.CONSUME(T.Note);
    this.CONSUME(T.Quoted);
  });

  readonly oncePerLine = this.RULE("oncePerLine", () => {
    this.CONSUME(T.Once);
    this.CONSUME(T.Per);
    this.SUBRULE(this.duration);
    this.OPTION(() => {
      this.CONSUME2(T.Per);
      this.SUBRULE(this.path);
    });
  });

  readonly addNote = this.RULE("addNote", () => {
    this.CONSUME(T.Add);
    this.CONSUME(T.Note);
    this.CONSUME(T.Quoted);
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(T.Internal) }, { ALT: () => this.CONSUME(T.Public) }]);
    });
  });

  readonly setField = this.RULE("setField", () => {
    this.CONSUME(T.Set);
    this.SUBRULE(this.path);
    this.OR([
      { ALT: () => this.CONSUME(T.Equals) },
      { ALT: () => this.CONSUME(T.To) },
      { ALT: () => this.CONSUME(T.Is) },
    ]);
    this.SUBRULE(this.expression);
  });

  readonly completeTicket = this.RULE("completeTicket", () => {
    this.CONSUME(T.Complete);
    this.CONSUME(T.Ticket);
    this.OPTION({
      GATE: () => this.LA(2).tokenType === T.Untouched,
      DEF: () => {
        this.CONSUME(T.If);
        this.CONSUME(T.Untouched);
      },
    });
  });

  readonly changeTag = this.RULE("changeTag", () => {
    this.OR([{ ALT: () => this.CONSUME(T.Add) }, { ALT: () => this.CONSUME(T.Remove) }]);
    this.OR2([{ ALT: () => this.CONSUME(T.Tag) }, { ALT: () => this.CONSUME(T.Tags) }]);
    this.SUBRULE(this.texts);
  });

  readonly runCallout = this.RULE("runCallout", () => {
    this.CONSUME(T.Run);
    this.CONSUME(T.Callout);
    this.CONSUME(T.Quoted);
  });

  readonly notify = this.RULE("notify", () => {
    this.CONSUME(T.Notify);
    this.SUBRULE(this.notifyTarget);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.notifyTarget);
    });
    this.OPTION(() => {
      this.OPTION2(() => this.CONSUME(T.With));
      this.OR([{ ALT: () => this.CONSUME(T.Template) }, { ALT: () => this.CONSUME(T.Text) }]);
      this.CONSUME(T.Quoted);
    });
  });

  readonly notifyTarget = this.RULE("notifyTarget", () => {
    this.OR([{ ALT: () => this.CONSUME(T.Quoted) }, { ALT: () => this.SUBRULE(this.path) }]);
  });

  readonly suppressAlert = this.RULE("suppressAlert", () => {
    this.CONSUME(T.Suppress);
    this.CONSUME(T.Alert);
  });
}
