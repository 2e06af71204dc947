/** Productions of rule tests: what is given, what happens when, what is expected. */
import { ExchangeProductions } from "./exchange-productions.ts";
import { T } from "./tokens.ts";

export class TestProductions extends ExchangeProductions {
  readonly test = this.RULE("test", () => {
    this.CONSUME(T.Test);
    this.CONSUME(T.Quoted);
    this.MANY(() => this.SUBRULE(this.testLine));
    this.CONSUME(T.End);
  });

  readonly testLine = this.RULE("testLine", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.zoneLine) },
      { ALT: () => this.SUBRULE(this.given) },
      { ALT: () => this.SUBRULE(this.timedStep) },
      { ALT: () => this.SUBRULE(this.step) },
      { ALT: () => this.SUBRULE(this.expectation) },
    ]);
  });

  readonly given = this.RULE("given", () => {
    this.CONSUME(T.Given);
    this.OR([
      { ALT: () => this.SUBRULE(this.givenOrganization) },
      { ALT: () => this.SUBRULE(this.givenDevice) },
      {
        ALT: () => {
          this.CONSUME(T.Contact);
          this.CONSUME(T.Quoted);
          this.OPTION(() => this.SUBRULE(this.ofOrganization));
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Secret);
          this.CONSUME2(T.Quoted);
          this.CONSUME(T.Is);
          this.CONSUME3(T.Quoted);
        },
      },
      { ALT: () => this.SUBRULE(this.givenCallout) },
      { ALT: () => this.SUBRULE(this.givenTicket) },
    ]);
  });

  readonly givenOrganization = this.RULE("givenOrganization", () => {
    this.OPTION(() => this.CONSUME(T.Unmapped));
    this.CONSUME(T.Organization);
    this.CONSUME(T.Quoted);
    this.OPTION2(() => this.SUBRULE(this.tagsPart));
  });

  readonly tagsPart = this.RULE("tagsPart", () => {
    this.OR([{ ALT: () => this.CONSUME(T.Tags) }, { ALT: () => this.CONSUME(T.Tag) }]);
    this.SUBRULE(this.texts);
  });

  readonly ofOrganization = this.RULE("ofOrganization", () => {
    this.CONSUME(T.Of);
    this.CONSUME(T.Quoted);
  });

  readonly givenDevice = this.RULE("givenDevice", () => {
    this.CONSUME(T.Device);
    this.CONSUME(T.Quoted);
    this.OPTION(() => this.SUBRULE(this.ofOrganization));
    this.OPTION2(() => this.SUBRULE(this.tagsPart));
  });

  readonly givenCallout = this.RULE("givenCallout", () => {
    this.CONSUME(T.Callout);
    this.CONSUME(T.Quoted);
    this.CONSUME(T.Answers);
    this.SUBRULE(this.answer);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.answer);
    });
  });

  readonly answer = this.RULE("answer", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.NumberLiteral) },
      { ALT: () => this.CONSUME(T.DecimalComma) },
      { ALT: () => this.CONSUME(T.Timeout) },
    ]);
  });

  /** Its `end` stands only behind fields: without any the line is the whole. */
  readonly givenTicket = this.RULE("givenTicket", () => {
    this.CONSUME(T.Ticket);
    this.CONSUME(T.NumberLiteral);
    this.CONSUME(T.Created);
    this.CONSUME(T.At);
    this.SUBRULE(this.moment);
    this.OPTION({
      GATE: () => this.isFieldAhead(),
      DEF: () => {
        this.AT_LEAST_ONE(() => this.SUBRULE(this.fieldLine));
        this.CONSUME(T.End);
      },
    });
  });

  /** `at 09:33` alone moves the clock; with a step behind it, the step happens then. */
  readonly timedStep = this.RULE("timedStep", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.At);
          this.SUBRULE(this.moment);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.After);
          this.SUBRULE(this.duration);
        },
      },
    ]);
    this.OPTION(() => this.SUBRULE(this.step));
  });

  readonly step = this.RULE("step", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.receiveAlert) },
      { ALT: () => this.SUBRULE(this.receiveSame) },
      { ALT: () => this.SUBRULE(this.receiveMail) },
      { ALT: () => this.SUBRULE(this.setTicket) },
      { ALT: () => this.SUBRULE(this.addNoteStep) },
    ]);
  });

  readonly receiveAlert = this.RULE("receiveAlert", () => {
    this.CONSUME(T.Receive);
    this.CONSUME(T.Alert);
    this.MANY(() => this.SUBRULE(this.fieldLine));
    this.CONSUME(T.End);
  });

  readonly receiveSame = this.RULE("receiveSame", () => {
    this.CONSUME(T.Receive);
    this.CONSUME(T.Same);
    this.CONSUME(T.Alert);
    this.OPTION(() => {
      this.CONSUME(T.With);
      this.SUBRULE(this.fieldLines);
    });
  });

  /** Fields without an `end`: the next step ends them. */
  readonly fieldLines = this.RULE("fieldLines", () => {
    this.SUBRULE(this.fieldLine);
    this.MANY({
      GATE: () => this.isFieldAhead(),
      DEF: () => this.SUBRULE2(this.fieldLine),
    });
  });

  readonly receiveMail = this.RULE("receiveMail", () => {
    this.CONSUME(T.Receive);
    this.CONSUME(T.Mail);
    this.CONSUME(T.Quoted);
  });

  readonly setTicket = this.RULE("setTicket", () => {
    this.CONSUME(T.Set);
    this.CONSUME(T.Ticket);
    this.CONSUME(T.NumberLiteral);
    this.SUBRULE(this.fieldLines);
  });

  readonly addNoteStep = this.RULE("addNoteStep", () => {
    this.CONSUME(T.Add);
    this.CONSUME(T.Note);
    this.OPTION(() => this.CONSUME(T.Quoted));
    this.CONSUME(T.To);
    this.CONSUME(T.Ticket);
    this.CONSUME(T.NumberLiteral);
    this.OPTION2(() => {
      this.CONSUME(T.By);
      this.OR([{ ALT: () => this.CONSUME(T.Staff) }, { ALT: () => this.CONSUME(T.Contact) }]);
    });
  });

  /* ---------- expectations ---------- */

  readonly expectation = this.RULE("expectation", () => {
    this.CONSUME(T.Expect);
    this.OR([
      { ALT: () => this.SUBRULE(this.expectTicket) },
      { ALT: () => this.SUBRULE(this.expectCount) },
      { ALT: () => this.SUBRULE(this.expectNote) },
      { ALT: () => this.SUBRULE(this.expectNotify) },
      { ALT: () => this.SUBRULE(this.expectCallout) },
      { ALT: () => this.SUBRULE(this.expectAlert) },
      { ALT: () => this.SUBRULE(this.expectRule) },
      { ALT: () => this.CONSUME(T.Nothing) },
    ]);
  });

  readonly expectTicket = this.RULE("expectTicket", () => {
    this.CONSUME(T.Ticket);
    this.CONSUME(T.NumberLiteral);
    this.OR([
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(T.Not));
          this.OR2([{ ALT: () => this.CONSUME(T.Created) }, { ALT: () => this.CONSUME(T.Completed) }]);
        },
      },
      {
        ALT: () => {
          this.SUBRULE(this.path);
          this.OR3([
            {
              ALT: () => {
                this.CONSUME(T.Is);
                this.OPTION2(() => this.CONSUME2(T.Not));
                this.OR4([{ ALT: () => this.CONSUME(T.Empty) }, { ALT: () => this.SUBRULE(this.atom) }]);
              },
            },
            {
              ALT: () => {
                this.CONSUME(T.Contains);
                this.SUBRULE2(this.atom);
              },
            },
          ]);
        },
      },
    ]);
  });

  readonly expectCount = this.RULE("expectCount", () => {
    this.OR([{ ALT: () => this.CONSUME(T.No) }, { ALT: () => this.CONSUME(T.NumberLiteral) }]);
    this.OR2([{ ALT: () => this.CONSUME(T.Ticket) }, { ALT: () => this.CONSUME(T.Tickets) }]);
  });

  readonly expectNote = this.RULE("expectNote", () => {
    this.OPTION(() => this.CONSUME(T.No));
    this.CONSUME(T.Note);
    this.CONSUME(T.On);
    this.CONSUME(T.Ticket);
    this.CONSUME(T.NumberLiteral);
    this.OPTION2(() => {
      this.CONSUME(T.Containing);
      this.CONSUME(T.Quoted);
    });
  });

  readonly expectNotify = this.RULE("expectNotify", () => {
    this.OPTION(() => this.CONSUME(T.No));
    this.CONSUME(T.Notify);
    this.CONSUME(T.Quoted);
    this.OPTION2(() => this.SUBRULE(this.times));
  });

  readonly times = this.RULE("times", () => {
    this.CONSUME(T.NumberLiteral);
    this.OR([{ ALT: () => this.CONSUME(T.Times) }, { ALT: () => this.CONSUME(T.Time) }]);
  });

  readonly expectCallout = this.RULE("expectCallout", () => {
    this.CONSUME(T.Callout);
    this.CONSUME(T.Quoted);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Sent);
          this.SUBRULE(this.times);
        },
      },
      { ALT: () => this.CONSUME(T.Succeeded) },
      { ALT: () => this.CONSUME(T.Failed) },
      {
        ALT: () => {
          this.CONSUME(T.Not);
          this.CONSUME2(T.Sent);
        },
      },
    ]);
  });

  readonly expectAlert = this.RULE("expectAlert", () => {
    this.CONSUME(T.Alert);
    this.OR([
      { ALT: () => this.CONSUME(T.Suppressed) },
      { ALT: () => this.CONSUME(T.Unmatched) },
      { ALT: () => this.CONSUME(T.Held) },
      { ALT: () => this.CONSUME(T.Handled) },
      { ALT: () => this.CONSUME(T.Resolved) },
    ]);
  });

  readonly expectRule = this.RULE("expectRule", () => {
    this.CONSUME(T.Rule);
    this.CONSUME(T.Quoted);
    this.OPTION(() => this.CONSUME(T.Not));
    this.CONSUME(T.Fired);
    this.OPTION2(() => {
      this.CONSUME(T.Because);
      this.SUBRULE(this.path);
    });
  });
}
