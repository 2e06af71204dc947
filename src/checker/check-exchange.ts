/** What goes out of the house: recipients, templates, callouts. Knows nothing of rules. */
import { spanText, type Span } from "../diagnostics/index.ts";
import {
  CALLOUT_PAUSE_AFTER_MAX,
  CALLOUT_RESENDS_MAX,
  CALLOUT_RETRY_INTERVAL_MS_MAX,
  CALLOUT_TIMEOUT_MS_MAX,
  exactText,
  type FieldRoot,
} from "../domain/index.ts";
import type {
  CalloutAuthNode,
  CalloutDeclaration,
  Expression,
  RecipientDeclaration,
  TemplateDeclaration,
} from "../../grammar/ast.ts";
import { checkEmail, checkUrl } from "./addresses.ts";
import { checkDuration, checkInteger } from "./amounts.ts";
import { checkCondition } from "./check-condition.ts";
import { checkNegations } from "./check-negations.ts";
import { checkHeaders } from "./check-headers.ts";
import { newScope, openPlace, type AtHand, type Checking, type Place, type Reads } from "./checking.ts";
import { everyCategoryGivesQueue } from "./event-place.ts";
import { findNamed } from "./names.ts";
import { namesTaken } from "./names-taken.ts";
import { presentWhenTrue, withPresent } from "./presence.ts";
import { readOnce } from "./reads.ts";
import { checkSent, checkText } from "./value-type.ts";

export function checkRecipient(checking: Checking, recipient: RecipientDeclaration): void {
  for (const email of recipient.emails) checkEmail(checking.report, email);
  for (const webhook of recipient.webhooks) checkUrl(checking.report, webhook);
  const none = recipient.emails.length + recipient.webhooks.length === 0;
  if (none && recipient.name !== undefined)
    checking.report.add("R1103", recipient.name.span, "a recipient needs an `email` or a `webhook`");
}

export function checkTemplate(checking: Checking, template: TemplateDeclaration): void {
  readTemplate(checking, template);
  if (template.name === undefined) return;
  for (const line of ["subject", "body"] as const)
    if (template[line] === undefined)
      checking.report.add("R1103", template.name.span, `a template needs a \`${line}\``);
}

/** Its texts, looked at once; every `notify` judges what they read. */
export function readTemplate(checking: Checking, template: TemplateDeclaration): Reads {
  return readOnce(checking, template, (reads) => {
    const place = openPlace(reads);
    checkText(checking, place, template.subject);
    checkText(checking, place, template.body);
  });
}

/** The delivery is built from the ticket alone: the alert may be long gone when a person completes it. */
export function checkCallout(checking: Checking, callout: CalloutDeclaration): void {
  const place = calloutPlace(checking, callout);
  if (callout.onlyWhen !== undefined) {
    checkCondition(checking, place, callout.onlyWhen);
    checkNegations(checking, place, callout.onlyWhen);
  }
  const here = withPresent(place, presentWhenTrue(checking, callout.onlyWhen));
  if (callout.method === undefined && callout.name !== undefined)
    checking.report.add("R1103", callout.name.span, "a callout needs a line with its method and its URL", {
      help: 'write for example `post "https://rmm.example.com/close"` as its first line',
    });
  checkUrl(checking.report, callout.url);
  checkText(checking, here, callout.url);
  if (callout.auth !== undefined) checkAuth(checking, callout.auth);
  checkHeaders(checking, here, callout);
  checkBody(checking, here, callout);
  for (const secret of callout.sign) checkSecret(checking, secret, "`sign with`");
  checkAmounts(checking, callout);
  for (const name of callout.notify?.to ?? []) findNamed(checking, "recipient", name);
  // CO-6: somebody must hear of it.
  if (callout.notify === undefined && callout.name !== undefined)
    checking.report.add("R2009", callout.name.span, "nobody is told when this callout fails", {
      help: 'add `notify "..." on failure`',
    });
}

function calloutPlace(checking: Checking, callout: CalloutDeclaration): Place {
  const roots = new Map<FieldRoot, AtHand>([["ticket", "always"]]);
  return {
    roots,
    reads: undefined,
    whyMissing: () => "a callout is built from its ticket: only `ticket` paths are there",
    bound: new Map(),
    ifMissing: (path) => `write \`only when ${path} is not empty\`: without the value the delivery fails`,
    scope: newScope(namesTaken(callout.onlyWhen)),
    present: new Set(everyCategoryGivesQueue(checking) ? ["ticket.queue"] : []),
    events: [],
  };
}

function checkAuth(checking: Checking, auth: CalloutAuthNode): void {
  switch (auth.kind) {
    case "none":
      return;
    case "basic":
      if (auth.user !== undefined) checkUser(checking, auth.user);
      checkSecret(checking, auth.password, "a password");
      return;
    case "bearer":
      checkSecret(checking, auth.token, "a token");
      return;
    case "header":
      checkSecret(checking, auth.value, "the value of an `auth header`");
      return;
  }
}

/** A user's name is no secret in itself, so it may stand in the text. */
function checkUser(checking: Checking, user: Expression): void {
  if (user.kind === "secret") noteSecret(checking, user);
  else if (user.kind !== "string")
    checking.report.add("R1301", user.span, "the user is a text in quotes or a secret");
}

/** R1307 where a password stands in the file, which many people read. */
export function checkSecret(checking: Checking, value: Expression | undefined, what: string): void {
  if (value === undefined) return;
  if (value.kind === "secret") noteSecret(checking, value);
  else if (value.kind === "string")
    checking.report.add("R1307", value.span, `${what} in plain text can be read by everybody`, {
      help: 'write `secret "name"`; its value comes from `TOCSIN_SECRET_NAME` of the server',
    });
  else checking.report.add("R1301", value.span, `${what} is a \`secret "name"\``);
}

function noteSecret(checking: Checking, secret: Extract<Expression, { readonly kind: "secret" }>): void {
  if (secret.name === undefined) return;
  const name = exactText(secret.name.text);
  if (!/^[A-Za-z0-9_]+$/.test(name))
    checking.report.add("R1306", secret.name.span, `\`${name}\` cannot name a secret`, {
      help: "letters, digits and `_`: its value is read from `TOCSIN_SECRET_<NAME>`",
    });
  else if (!checking.secrets.has(name)) checking.secrets.set(name, secret.name.span);
}

function checkBody(checking: Checking, place: Place, callout: CalloutDeclaration): void {
  const { body } = callout;
  if (body === undefined) return;
  if (body.kind === "text") {
    checkText(checking, place, body.text);
    return;
  }
  const seen = new Map<string, Span>();
  for (const field of body.fields) {
    const name = field.path.segments.map((s) => s.text).join(".");
    const earlier = seen.get(name);
    if (earlier !== undefined)
      checking.report.add("R1110", field.path.span, `\`${spanText(field.path.span)}\` is written twice`, {
        labels: [{ span: earlier, text: "first here" }],
      });
    seen.set(name, field.path.span);
    if (field.value !== undefined) checkSent(checking, place, field.value);
  }
}

function checkAmounts(checking: Checking, callout: CalloutDeclaration): void {
  const { report } = checking;
  checkDuration(report, callout.retry?.every, "the time between two tries", {
    max: CALLOUT_RETRY_INTERVAL_MS_MAX,
  });
  checkInteger(report, callout.retry?.times, "the number of tries", { min: 0, max: CALLOUT_RESENDS_MAX });
  checkDuration(report, callout.timeout, "a time-out", { max: CALLOUT_TIMEOUT_MS_MAX });
  for (const status of callout.success)
    checkInteger(report, status, "an HTTP status", { min: 100, max: 599 });
  const most = CALLOUT_PAUSE_AFTER_MAX;
  checkInteger(report, callout.pauseAfter, "the number of failed deliveries", { min: 1, max: most });
}
