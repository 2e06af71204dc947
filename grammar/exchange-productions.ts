/** Productions of what exchanges messages with the world: callouts and mailboxes. */
import { DeclarationProductions } from "./declaration-productions.ts";
import { T } from "./tokens.ts";

export class ExchangeProductions extends DeclarationProductions {
  readonly calloutDeclaration = this.RULE("calloutDeclaration", () => {
    this.OPTION(() => this.CONSUME(T.Inactive));
    this.CONSUME(T.Callout);
    this.CONSUME(T.Quoted);
    this.MANY(() => this.SUBRULE(this.calloutLine));
    this.CONSUME(T.End);
  });

  readonly calloutLine = this.RULE("calloutLine", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.addressLine) },
      { ALT: () => this.SUBRULE(this.authLine) },
      { ALT: () => this.SUBRULE(this.headerLine) },
      { ALT: () => this.SUBRULE(this.bodyLine) },
      { ALT: () => this.SUBRULE(this.onlyWhenLine) },
      { ALT: () => this.SUBRULE(this.retryLine) },
      { ALT: () => this.SUBRULE(this.timeoutLine) },
      { ALT: () => this.SUBRULE(this.successLine) },
      { ALT: () => this.SUBRULE(this.noRetryLine) },
      { ALT: () => this.SUBRULE(this.honourLine) },
      { ALT: () => this.SUBRULE(this.signLine) },
      { ALT: () => this.SUBRULE(this.pauseLine) },
      { ALT: () => this.SUBRULE(this.notifyLine) },
    ]);
  });

  readonly addressLine = this.RULE("addressLine", () => {
    this.CONSUME(T.Method);
    this.CONSUME(T.Quoted);
  });

  readonly authLine = this.RULE("authLine", () => {
    this.CONSUME(T.Auth);
    this.OR([
      { ALT: () => this.CONSUME(T.None) },
      {
        ALT: () => {
          this.CONSUME(T.Basic);
          this.SUBRULE(this.atom);
          this.SUBRULE2(this.atom);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Bearer);
          this.SUBRULE3(this.atom);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Header);
          this.CONSUME(T.Quoted);
          this.SUBRULE4(this.atom);
        },
      },
    ]);
  });

  readonly headerLine = this.RULE("headerLine", () => {
    this.CONSUME(T.Header);
    this.CONSUME(T.Quoted);
    this.SUBRULE(this.expression);
  });

  readonly bodyLine = this.RULE("bodyLine", () => {
    this.CONSUME(T.Body);
    this.OR([
      {
        ALT: () => {
          this.OR2([
            { ALT: () => this.CONSUME(T.Json) },
            { ALT: () => this.CONSUME(T.Form) },
            { ALT: () => this.CONSUME(T.Xml) },
          ]);
          this.OPTION(() => this.CONSUME(T.Quoted));
          this.MANY(() => this.SUBRULE(this.fieldLine));
          this.CONSUME(T.End);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Text);
          this.CONSUME2(T.Quoted);
        },
      },
    ]);
  });

  readonly onlyWhenLine = this.RULE("onlyWhenLine", () => {
    this.CONSUME(T.Only);
    this.CONSUME(T.When);
    this.SUBRULE(this.condition);
  });

  readonly retryLine = this.RULE("retryLine", () => {
    this.CONSUME(T.Retry);
    this.CONSUME(T.Every);
    this.SUBRULE(this.duration);
    this.OPTION(() => {
      this.CONSUME(T.Up);
      this.CONSUME(T.To);
      this.CONSUME(T.NumberLiteral);
      this.OR([{ ALT: () => this.CONSUME(T.Times) }, { ALT: () => this.CONSUME(T.Time) }]);
    });
  });

  readonly timeoutLine = this.RULE("timeoutLine", () => {
    this.CONSUME(T.Timeout);
    this.SUBRULE(this.duration);
  });

  readonly successLine = this.RULE("successLine", () => {
    this.CONSUME(T.Success);
    this.CONSUME(T.Is);
    this.SUBRULE(this.numbers);
  });

  /** `200, 204`; `200,204` too, which comes as one token. */
  readonly numbers = this.RULE("numbers", () => {
    this.OR([{ ALT: () => this.CONSUME(T.NumberLiteral) }, { ALT: () => this.CONSUME(T.DecimalComma) }]);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.OR2([{ ALT: () => this.CONSUME2(T.NumberLiteral) }, { ALT: () => this.CONSUME2(T.DecimalComma) }]);
    });
  });

  readonly noRetryLine = this.RULE("noRetryLine", () => {
    this.CONSUME(T.Do);
    this.CONSUME(T.Not);
    this.CONSUME(T.Retry);
    this.CONSUME(T.On);
    this.CONSUME(T.FourXx);
  });

  readonly honourLine = this.RULE("honourLine", () => {
    this.CONSUME(T.Honour);
    this.CONSUME(T.Retry);
    this.CONSUME(T.After);
  });

  readonly signLine = this.RULE("signLine", () => {
    this.CONSUME(T.Sign);
    this.CONSUME(T.With);
    this.SUBRULE(this.atom);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.atom);
    });
  });

  readonly pauseLine = this.RULE("pauseLine", () => {
    this.CONSUME(T.Pause);
    this.CONSUME(T.After);
    this.CONSUME(T.NumberLiteral);
    this.CONSUME(T.Failed);
    this.CONSUME(T.Deliveries);
  });

  readonly notifyLine = this.RULE("notifyLine", () => {
    this.CONSUME(T.Notify);
    this.SUBRULE(this.texts);
    this.CONSUME(T.On);
    this.OR([
      { ALT: () => this.CONSUME(T.Failure) },
      {
        ALT: () => {
          this.CONSUME(T.Every);
          this.CONSUME(T.Call);
        },
      },
    ]);
  });

  /* ---------- mailbox ---------- */

  readonly mailboxDeclaration = this.RULE("mailboxDeclaration", () => {
    this.OPTION(() => this.CONSUME(T.Inactive));
    this.CONSUME(T.Mailbox);
    this.CONSUME(T.Quoted);
    this.MANY(() => this.SUBRULE(this.mailboxLine));
    this.CONSUME(T.End);
  });

  readonly mailboxLine = this.RULE("mailboxLine", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.tokenLine) },
      { ALT: () => this.SUBRULE(this.fallbackLine) },
      { ALT: () => this.SUBRULE(this.duplicatesBlock) },
      { ALT: () => this.SUBRULE(this.mailDefaults) },
      { ALT: () => this.SUBRULE(this.tagLine) },
      {
        ALT: () => {
          this.CONSUME(T.Trust);
          this.CONSUME(T.Sender);
        },
      },
      { ALT: () => this.SUBRULE(this.replyLine) },
    ]);
  });

  readonly tokenLine = this.RULE("tokenLine", () => {
    this.CONSUME(T.Token);
    this.CONSUME(T.Password);
    this.SUBRULE(this.atom);
  });

  readonly fallbackLine = this.RULE("fallbackLine", () => {
    this.CONSUME(T.Organization);
    this.CONSUME(T.Fallback);
    this.CONSUME(T.Quoted);
  });

  readonly duplicatesBlock = this.RULE("duplicatesBlock", () => {
    this.CONSUME(T.Duplicates);
    this.CONSUME(T.By);
    this.SUBRULE(this.duplicateKey);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.duplicateKey);
    });
    this.MANY2(() => this.SUBRULE(this.duplicateCase));
    this.CONSUME(T.End);
  });

  readonly duplicateKey = this.RULE("duplicateKey", () => {
    this.OR([{ ALT: () => this.CONSUME(T.Alert) }, { ALT: () => this.CONSUME(T.Ticket) }]);
    this.OR2([{ ALT: () => this.CONSUME(T.Id) }, { ALT: () => this.CONSUME(T.Number) }]);
  });

  readonly duplicateCase = this.RULE("duplicateCase", () => {
    this.OR([{ ALT: () => this.CONSUME(T.Open) }, { ALT: () => this.CONSUME(T.Complete) }]);
    this.CONSUME(T.Arrow);
    this.OR2([
      {
        ALT: () => {
          this.CONSUME(T.Add);
          this.CONSUME(T.Note);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Create);
          this.CONSUME(T.Ticket);
        },
      },
      { ALT: () => this.CONSUME(T.Drop) },
      {
        ALT: () => {
          this.CONSUME(T.Reopen);
          this.CONSUME(T.As);
          this.CONSUME(T.Quoted);
        },
      },
    ]);
    this.OPTION(() => this.CONSUME(T.Comma));
  });

  readonly mailDefaults = this.RULE("mailDefaults", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Ticket) },
      { ALT: () => this.CONSUME(T.Note) },
      {
        ALT: () => {
          this.CONSUME(T.Time);
          this.CONSUME(T.Entry);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Project);
          this.CONSUME2(T.Note);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Task);
          this.OR2([
            { ALT: () => this.CONSUME3(T.Note) },
            {
              ALT: () => {
                this.CONSUME2(T.Time);
                this.CONSUME2(T.Entry);
              },
            },
          ]);
        },
      },
    ]);
    this.MANY(() => {
      this.OR3([{ ALT: () => this.SUBRULE(this.dueInLine) }, { ALT: () => this.SUBRULE(this.fieldLine) }]);
    });
    this.CONSUME(T.End);
  });

  readonly tagLine = this.RULE("tagLine", () => {
    this.CONSUME(T.Tag);
    this.CONSUME(T.From);
    this.SUBRULE(this.tagSource);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.tagSource);
    });
  });

  readonly tagSource = this.RULE("tagSource", () => {
    this.OR([{ ALT: () => this.CONSUME(T.Title) }, { ALT: () => this.CONSUME(T.Description) }]);
  });

  readonly replyLine = this.RULE("replyLine", () => {
    this.CONSUME(T.Reply);
    this.OR([{ ALT: () => this.CONSUME(T.Success) }, { ALT: () => this.CONSUME(T.Failure) }]);
    this.CONSUME(T.With);
    this.CONSUME(T.Template);
    this.CONSUME(T.Quoted);
  });
}
