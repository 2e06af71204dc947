/** Rule tests: what they name must be there, and what they say must be sayable. Knows nothing of running them. */
import { isZone } from "../calendar/index.ts";
import type { Span } from "../diagnostics/index.ts";
import { exactText, foldName } from "../domain/index.ts";
import type { Name, RuleFile, StringNode, TestDeclaration, TestStep } from "../../grammar/ast.ts";
import { checkExpectation } from "./check-test-expectations.ts";
import { checkAlertFields, checkTicketFields } from "./check-test-fields.ts";
import type { Checking } from "./checking.ts";
import { findNamed } from "./names.ts";
import { replace } from "./resolve-path.ts";
import { suggest } from "./suggest.ts";

/** `files` are the `*.test.rules`. Without any rule file beside them their names cannot be known, and are left alone. */
export function checkTestNames(checking: Checking, files: readonly RuleFile[]): void {
  const first = new Map<string, Span>();
  for (const test of files.flatMap(({ declarations }) => declarations)) {
    if (test.kind === "test" && test.name !== undefined) checkName(checking, test.name, first);
  }
}

function checkName(checking: Checking, name: Name, first: Map<string, Span>): void {
  const key = `${name.span.source.path} ${foldName(name.text)}`;
  const earlier = first.get(key);
  if (earlier === undefined) first.set(key, name.span);
  else
    checking.report.add("R1202", name.span, `the test \`${exactText(name.text)}\` is written twice`, {
      labels: [{ span: earlier, text: "first here" }],
    });
}

export function checkTest(checking: Checking, test: TestDeclaration): void {
  if (test.zone !== undefined && !isZone(test.zone.value)) {
    checking.report.add("R1204", test.zone.span, `\`${test.zone.value}\` is not a time zone`, {
      help: 'name a place, such as `zone "Europe/Berlin"`',
    });
  }
  checkTicketNumbers(checking, test);
  let received = false;
  for (const step of test.steps) {
    if (step.kind === "receive same alert" && !received) {
      checking.report.add("R1205", step.span, "no alert was received before that this could be the same as", {
        help: "write `receive alert ... end` first",
      });
    }
    if (step.kind === "receive alert") received = true;
    checkStep(checking, step);
  }
}

function checkStep(checking: Checking, step: TestStep): void {
  switch (step.kind) {
    case "given secret":
      return checkSecretName(checking, step.name);
    case "given callout":
      return checkAnswers(checking, step);
    case "given ticket":
    case "set ticket":
      return checkTicketFields(checking, step.fields);
    case "receive alert":
      return checkAlertFields(checking, step.fields);
    case "receive same alert":
      return checkAlertFields(checking, step.with);
    case "receive mail":
      return checkMail(checking, step);
    case "expect":
      return checkExpectation(checking, step.expectation);
    case "given organization":
    case "given device":
    case "given contact":
    case "wait":
    case "add note":
      return;
  }
}

/** A message begins with its headers; what else is odd in it the reader tells. */
function checkMail(checking: Checking, step: Extract<TestStep, { kind: "receive mail" }>): void {
  const { message: text } = step;
  if (text !== undefined && !/^\s*[!-9;-~]+[ \t]*:/.test(text.value))
    checking.report.add("R1103", text.span, "a mail begins with its headers", {
      help: "write `From: ...`, `To: ...` and `Subject: ...`, an empty line, then the text",
    });
  if (checking.declarations.mailboxes.size === 0)
    checking.report.add("R1205", step.span, "no mailbox is declared that could take this mail", {
      help: 'write `mailbox "alerts@msp.example" ... end` in a rule file',
    });
}

function checkAnswers(checking: Checking, step: Extract<TestStep, { kind: "given callout" }>): void {
  findNamed(checking, "callout", step.callout);
  for (const answer of step.answers) {
    if (answer.kind !== "number") continue;
    const { value, span } = answer;
    if (Number.isInteger(value) && value >= 100 && value <= 599) continue;
    checking.report.add("R1311", span, "an answer is an HTTP status between 100 and 599, or `timeout`");
  }
}

function checkSecretName(checking: Checking, name: StringNode): void {
  const wanted = name.value.trim().toLowerCase();
  const known = [...checking.secrets.keys()];
  if (known.some((secret) => secret.toLowerCase() === wanted)) return;
  const near = suggest(name.value, known);
  checking.report.add("R1201", name.span, `no rule file names the secret \`${name.value}\``, {
    help: near === undefined ? undefined : `did you mean \`"${near.text}"\`?`,
    fixes: near === undefined ? [] : [replace(name.span, `"${near.text}"`, near.sure)],
  });
}

/** Tickets are numbered from 1 in order of creation, those that are given too; how many rules open is not known here. */
function checkTicketNumbers(checking: Checking, test: TestDeclaration): void {
  let given = 0;
  let canOpen = false;
  for (const step of test.steps) {
    if (step.kind === "given ticket") {
      given += 1;
      if (!canOpen && step.number.value !== given) {
        checking.report.add(
          "R1201",
          step.number.span,
          `this is ticket ${given}, not ticket ${step.number.value}`,
          {
            note: "tickets are numbered from 1 in order of creation",
            help: `write \`ticket ${given}\``,
            fixes: [replace(step.number.span, String(given), false)],
          },
        );
      }
    } else if ("when" in step) canOpen = true;
    for (const number of numbersOf(step)) {
      if (Number.isInteger(number.value) && number.value >= 1) continue;
      checking.report.add("R1201", number.span, `there is no ticket ${number.value}`, {
        note: "tickets are numbered from 1 in order of creation",
      });
    }
  }
}

function numbersOf(step: TestStep): readonly { readonly value: number; readonly span: Span }[] {
  if (step.kind === "set ticket" || step.kind === "add note") return [step.number];
  if (step.kind !== "expect" || !("number" in step.expectation)) return [];
  return [step.expectation.number];
}
