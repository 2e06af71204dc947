/** Runs one test: its givens, its steps under the virtual clock, its expectations. Knows no files and no output. */
import type { RuleSetIr } from "../compiler/index.ts";
import { foldName, SYSTEM_ACTOR, unreachable } from "../domain/index.ts";
import type { Actor, Instant } from "../domain/index.ts";
import { spanText } from "../diagnostics/index.ts";
import type { StringNode, TestStep } from "../../grammar/ast.ts";
import { checkExpectation } from "./expectations/index.ts";
import { Journal } from "./journal.ts";
import { alertOf, deliveryKey, readMembers } from "./read-alert.ts";
import type { AlertMembers } from "./read-alert.ts";
import { readTicketFields } from "./read-ticket-fields.ts";
import { SimulatedDesk, TooMuchHappens } from "./simulated-desk.ts";
import { SimulatedMail } from "./simulated-mail.ts";
import { TestRecords } from "./test-records.ts";
import { clockWords, firstMoment, momentOf } from "./test-time.ts";
import type { RunnableTest, SimulatedSet, TestFailure, TestResult } from "./types.ts";

const STAFF: Actor = { kind: "staff", name: "staff" };
const CONTACT: Actor = { kind: "contact", name: "contact" };
const OWN_ORGANIZATION = { id: "or_own", name: "My Own MSP", tags: [], udf: {} };

export interface FinishedTest {
  readonly result: TestResult;
  readonly journal: Journal;
}

export async function runTest(runnable: RunnableTest, set: SimulatedSet): Promise<FinishedTest> {
  const run = new TestRun(runnable, set);
  const failures = await run.finish();
  const { name, file, line } = runnable;
  const result: TestResult = {
    name,
    file,
    line,
    result: failures.length === 0 ? "passed" : "failed",
    failures,
  };
  return { result, journal: run.journal };
}

/** A step that cannot be made: the rest of the test would mean nothing. */
class StepImpossible extends Error {
  override readonly name = "StepImpossible";
}

class TestRun {
  readonly journal = new Journal();
  readonly #runnable: RunnableTest;
  readonly #set: SimulatedSet;
  readonly #records: TestRecords;
  readonly #desk: SimulatedDesk;
  readonly #mail: SimulatedMail;
  readonly #zone: string;
  readonly #deliveries = new Map<string, string>();
  #now: Instant;
  #members: AlertMembers | undefined;
  #alerts = 0;

  constructor(runnable: RunnableTest, set: SimulatedSet) {
    this.#runnable = runnable;
    this.#set = set;
    const { ir } = set.rules;
    const { test } = runnable;
    this.#zone = test.zone?.value ?? ir.zone ?? "UTC";
    this.#now = firstMoment(test, this.#zone);
    this.#records = new TestRecords(test, OWN_ORGANIZATION, spellingsOf(test.steps, ir));
    this.#desk = new SimulatedDesk({ rules: set.rules, records: this.#records, journal: this.journal });
    this.#desk.startClock(this.#now);
    this.#mail = new SimulatedMail({ test, ir, records: this.#records, tickets: this.#desk.desk.tickets });
  }

  async finish(): Promise<readonly TestFailure[]> {
    const failures: TestFailure[] = [];
    for (const step of this.#runnable.test.steps) {
      try {
        const failure = await this.#step(step);
        if (failure !== undefined) failures.push(failure);
      } catch (thrown) {
        if (!(thrown instanceof StepImpossible) && !(thrown instanceof TooMuchHappens)) throw thrown;
        failures.push({ ...placeOf(step), got: thrown.message, details: [] });
        break;
      }
    }
    return failures;
  }

  async #step(step: TestStep): Promise<TestFailure | undefined> {
    switch (step.kind) {
      case "expect": {
        const found = checkExpectation(step.expectation, {
          desk: this.#desk,
          journal: this.journal,
          set: this.#set,
          records: this.#records,
          time: { now: this.#now, zone: this.#zone },
        });
        return found === undefined ? undefined : { ...placeOf(step), ...found };
      }
      case "given organization":
      case "given device":
      case "given contact":
      case "given secret":
        // Records were read before the first step. A secret's value shows in no effect: it is filled in when sent.
        return undefined;
      case "given callout":
        this.#desk.callouts.giveAnswers(
          step.callout.text.trim().normalize("NFC"),
          step.answers.map((answer) => (answer.kind === "timeout" ? "timeout" : answer.value)),
        );
        return undefined;
      case "given ticket":
        await this.#giveTicket(step);
        return undefined;
      default:
        await this.#make(step);
        return undefined;
    }
  }

  async #giveTicket(step: Extract<TestStep, { kind: "given ticket" }>): Promise<void> {
    if (step.created !== undefined) await this.#moveTo(this.#momentOf(step.created));
    const next = this.#desk.desk.tickets.size + 1;
    if (step.number.value !== next) {
      throw new StepImpossible(
        `tickets are numbered in order of creation: this one is ticket ${next}, not ${step.number.value}`,
      );
    }
    const { own } = this.#records;
    await this.#desk.give({
      kind: "ticket-opened",
      ticketId: this.#desk.nextTicketId(),
      fields: {
        title: `Ticket ${next}`,
        source: "Test",
        organization: own,
        ...readTicketFields(step.fields, this.#reading(own.id)),
      },
      by: SYSTEM_ACTOR,
      at: this.#now,
    });
  }

  /** A step with a time moves the clock; what falls due meanwhile, and at that very moment, happens before the step. */
  async #make(step: MadeStep): Promise<void> {
    const { when } = step;
    if (when !== undefined || step.kind.startsWith("receive")) this.journal.openWindow();
    if (when !== undefined) {
      await this.#moveTo(when.kind === "at" ? this.#momentOf(when.time) : this.#now + when.duration.ms);
    }
    await this.#act(step);
    await this.#desk.runUntil(this.#now);
  }

  #momentOf(time: Parameters<typeof momentOf>[0]): Instant {
    return momentOf(time, { now: this.#now, zone: this.#zone });
  }

  async #moveTo(at: Instant): Promise<void> {
    if (at < this.#now) {
      const words = (moment: Instant): string => clockWords(moment, this.#zone);
      throw new StepImpossible(`the clock cannot go back from ${words(this.#now)} to ${words(at)}`);
    }
    await this.#desk.runUntil(at);
    this.#now = at;
  }

  async #act(step: MadeStep): Promise<void> {
    switch (step.kind) {
      case "wait":
        return;
      case "receive alert":
        this.#members = readMembers(step.fields, this.#time());
        return await this.#receive(this.#members);
      case "receive same alert":
        if (this.#members === undefined) throw new StepImpossible("no alert was received before");
        this.#members = readMembers(step.with, this.#time(), this.#members);
        return await this.#receive(this.#members);
      case "receive mail":
        return await this.#receiveMail(step);
      case "set ticket":
        return await this.#setTicket(step);
      case "add note":
        return await this.#addNote(step);
      default:
        return unreachable(step);
    }
  }

  async #receive(members: AlertMembers): Promise<void> {
    this.#alerts += 1;
    const alert = alertOf(members, { id: `al_${this.#alerts}`, at: this.#now, records: this.#records });
    const key = deliveryKey(alert);
    const first = key === undefined ? undefined : this.#deliveries.get(key);
    if (first !== undefined) {
      const why = `the same delivery as ${first}: it changes nothing`;
      this.journal.add({ kind: "alert", at: this.#now, alert, outcome: "duplicate_delivery", why });
      return;
    }
    if (key !== undefined) this.#deliveries.set(key, `the alert of ${clockWords(this.#now, this.#zone)}`);
    const { outcome, why } = await this.#desk.handle({ kind: "alert", alert });
    this.journal.add({ kind: "alert", at: this.#now, alert, outcome: outcome ?? "unmatched", why });
  }

  /** The same Message-ID again is the transport: it changes nothing. */
  async #receiveMail(step: Extract<TestStep, { kind: "receive mail" }>): Promise<void> {
    const taken = this.#mail.take(step.message?.value ?? "", this.#now);
    if (taken.kind === "impossible") throw new StepImpossible(taken.why);
    if (taken.kind === "again") return;
    const result = await this.#desk.handle(taken.event);
    this.#mail.decided(taken.event, taken.loopKey, result);
  }

  async #setTicket(step: Extract<TestStep, { kind: "set ticket" }>): Promise<void> {
    const ticket = this.#ticket(step.number.value);
    const fields = readTicketFields(step.fields, this.#reading(ticket.organization.id));
    await this.#desk.handle({
      kind: "ticket-changed",
      ticketId: ticket.id,
      fields,
      by: STAFF,
      at: this.#now,
    });
  }

  async #addNote(step: Extract<TestStep, { kind: "add note" }>): Promise<void> {
    const ticket = this.#ticket(step.number.value);
    await this.#desk.handle({
      kind: "note-added",
      ticketId: ticket.id,
      note: {
        at: this.#now,
        by: step.by === "contact" ? CONTACT : STAFF,
        visibility: "internal",
        text: step.text?.value ?? "note",
      },
    });
  }

  #ticket(number: number): NonNullable<ReturnType<SimulatedDesk["ticket"]>> {
    const ticket = this.#desk.ticket(number);
    if (ticket === undefined) {
      const count = this.#desk.desk.tickets.size;
      throw new StepImpossible(
        `there is no ticket ${number} yet: ${count === 0 ? "none was opened" : `there ${count === 1 ? "is one ticket" : `are ${count} tickets`}`}`,
      );
    }
    return ticket;
  }

  #time(): { readonly now: Instant; readonly zone: string } {
    return { now: this.#now, zone: this.#zone };
  }

  #reading(organizationId: string): Parameters<typeof readTicketFields>[1] {
    return {
      ir: this.#set.rules.ir,
      meanings: this.#set.meanings,
      records: this.#records,
      time: this.#time(),
      organizationId,
    };
  }
}

type MadeStep = Extract<
  TestStep,
  { kind: "wait" | "receive alert" | "receive same alert" | "receive mail" | "set ticket" | "add note" }
>;

function placeOf(step: TestStep): { readonly line: number; readonly expected: string } {
  return {
    line: step.span.source.position(step.span.start).line,
    expected: spanText(step.span).replaceAll(/\s+/g, " "),
  };
}

/** Names as the test and the rules write them: records are looked up by folded names. */
function spellingsOf(steps: readonly TestStep[], ir: RuleSetIr): ReadonlyMap<string, string> {
  const spellings = new Map<string, string>();
  const add = (name: string): void => {
    const key = foldName(name);
    if (!spellings.has(key)) spellings.set(key, name.trim());
  };
  const lines = steps.flatMap((step) => ("fields" in step ? step.fields : "with" in step ? step.with : []));
  const texts = lines.flatMap(({ value }): readonly StringNode[] =>
    value?.kind === "string" ? [value] : [],
  );
  for (const text of texts) add(text.value);
  for (const { actions } of ir.rules) {
    for (const action of actions) {
      const values =
        action.kind === "create-ticket"
          ? action.fields.map(({ value }) => value)
          : action.kind === "set-field"
            ? [action.value]
            : [];
      for (const value of values) {
        if (value.kind === "const" && typeof value.value === "string") add(value.value);
      }
    }
  }
  return spellings;
}
