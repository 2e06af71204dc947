/** Mail: handed in by those who run their own MTA, listed with what became of it, explained, downloaded, tried again. */
import { z } from "zod";
import { MAIL_ATTACHMENT_BYTES_MAX, MAIL_BYTES_MAX, foldName } from "../../domain/index.ts";
import type { Mailroom } from "../../engine/index.ts";
import { missesOfMail, type ExplainedRule } from "../../explain/index.ts";
import { readTicket, selectMailFacts, selectRawMail } from "../../store/index.ts";
import { insertAudit, mailExists, selectMail, selectMails, type MailRow } from "../../store/desk/index.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { pageAnswer, pageRequest } from "../page.ts";
import { notFound, Problem, unavailable } from "../problem.ts";
import { ok, route, type Route } from "../route.ts";
import { MAIL_STATES, mailExplained, mailOut, mailTaken } from "../schemas/mail.ts";
import { filter, filterOf, listOf, missesQuery, pageQuery } from "../schemas/shared-shapes.ts";

const tag = "Mail";
const path = "/api/v1/mail/{id}";
const NO_MAIL = "there is no mail of this id";

const exists: Route["exists"] = async (deps, params) => {
  if (!(await mailExists(deps.store, params["id"] ?? ""))) throw notFound(NO_MAIL);
};

function mailroomOf({ engine }: ApiDependencies): Mailroom {
  if (engine.mail === undefined) throw unavailable("this process takes no mail");
  return engine.mail;
}

async function rowOf(deps: ApiDependencies, id: string | undefined): Promise<MailRow> {
  const row = await selectMail(deps.store, id ?? "");
  if (row === undefined) throw notFound(NO_MAIL);
  return row;
}

const postMail = route({
  method: "POST",
  path: "/api/v1/mail/{mailbox}",
  permission: "ingest",
  tag,
  summary: "Hand in a whole message for a mailbox; decided right after, in order",
  description:
    "The envelope's sender is `Return-Path`, else `From`. The same Message-ID again changes nothing. A mail by a key is no more authenticated than one by SMTP.",
  bodyType: "message/rfc822",
  readsBytes: true,
  bodyBytesMax: MAIL_BYTES_MAX,
  answers: {
    200: { description: "the mailbox has it already", schema: mailTaken },
    201: { description: "stored", schema: mailTaken },
  },
  problems: ["not_found", "invalid_body", "body_too_large", "unavailable"],
  run: async ({ deps, params, bytes, receivedAt, peer, key }) => {
    const mailroom = mailroomOf(deps);
    if (key.integration !== null && foldName(key.integration) !== foldName(params["mailbox"] ?? ""))
      throw new Problem(
        "forbidden",
        `this key sends for \`${key.integration}\` only: make one without an integration, or with the mailbox's address as its integration`,
      );
    const { state, mailbox } = mailroom.mailboxOf(params["mailbox"] ?? "");
    if (state !== "active" || mailbox === undefined)
      throw notFound(
        state === "inactive" ? "the mailbox is inactive" : "there is no mailbox of this address",
      );
    if (bytes.length === 0)
      throw new Problem("invalid_body", "the body must be a message, headers first", {
        errors: [{ path: "", message: "must be a message, headers first" }],
      });
    const receipt = await mailroom.receive({
      mailbox,
      envelopeFrom: envelopeSender(bytes),
      envelopeTo: [params["mailbox"] ?? mailbox],
      peer,
      receivedAt,
      raw: bytes,
    });
    if (receipt.kind === "attachment-too-large")
      throw new Problem("body_too_large", `an attachment has more than ${MAIL_ATTACHMENT_BYTES_MAX} bytes`);
    if (receipt.kind === "unavailable" || receipt.kind === "unreadable") throw unavailable();
    if (receipt.kind === "no-mailbox") throw notFound("there is no mailbox of this address");
    const row = await selectMail(deps.store, receipt.id);
    const body = { id: receipt.id, state: row?.state ?? "received", again: receipt.again };
    return { status: receipt.again ? 200 : 201, body, headers: { location: `/api/v1/mail/${receipt.id}` } };
  },
});

const HEADER_BYTES_LOOKED_AT = 256 * 1024;

/** As an MTA would have left it: `Return-Path`, which is empty for bounces, else the address of `From`. */
function envelopeSender(raw: Buffer): string {
  const text = raw.subarray(0, HEADER_BYTES_LOOKED_AT).toString("latin1");
  const end = text.search(/\r?\n\r?\n/u);
  const head = (end === -1 ? text : text.slice(0, end)).replaceAll(/\r?\n[ \t]+/gu, " ");
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, "imu").exec(head)?.[1]?.trim();
  const returnPath = value("Return-Path");
  if (returnPath !== undefined) return /<([^<>]*)>/u.exec(returnPath)?.[1]?.trim() ?? returnPath;
  const from = value("From") ?? "";
  return (
    /<([^<>\s]+)>\s*$/u.exec(from)?.[1] ??
    /[^\s<>"(),;:]+@[^\s<>"(),;:]+/u.exec(from)?.[0] ??
    ""
  ).trim();
}

const listMail = route({
  method: "GET",
  path: "/api/v1/mail",
  permission: "read",
  tag,
  summary: "Mail, newest first, with what became of it",
  query: z.object({
    ...pageQuery,
    state: filterOf(MAIL_STATES),
    mailbox: filter,
  }),
  answers: { 200: { description: "a page", schema: listOf(mailOut) } },
  problems: ["invalid_body"],
  run: async ({ deps, query }) => {
    const filters = {
      ...(query.state === undefined ? {} : { states: query.state }),
      ...(query.mailbox === undefined ? {} : { mailboxes: query.mailbox }),
    };
    return pageAnswer(await selectMails(deps.store, filters, pageRequest(query)), toJson);
  },
});

const oneMail = route({
  method: "GET",
  path,
  permission: "read",
  tag,
  summary: "One mail",
  answers: { 200: { description: "the mail", schema: mailOut } },
  problems: ["not_found"],
  run: async ({ deps, params }) => ok(toJson(await rowOf(deps, params["id"]))),
});

const rawMail = route({
  method: "GET",
  path: `${path}/raw`,
  permission: "operate",
  tag,
  summary: "The message as it came, passwords of tokens masked",
  answers: { 200: { description: "RFC 5322", type: "message/rfc822" } },
  problems: ["not_found"],
  run: async ({ deps, params }) => {
    const raw = await selectRawMail(deps.store, params["id"] ?? "");
    if (raw === undefined)
      throw notFound("there is no mail of this id, or its raw message is kept no longer");
    return {
      status: 200,
      // A browser must not show what a stranger wrote.
      bytes: { type: "message/rfc822", content: raw },
      headers: {
        "content-disposition": `attachment; filename="${params["id"] ?? "mail"}.eml"`,
        "x-content-type-options": "nosniff",
      },
    };
  },
});

const retry = route({
  method: "POST",
  path: `${path}/retry`,
  permission: "operate",
  tag,
  summary: "Decide a failed or ignored mail again, after its cause was mended",
  exists,
  bodyIsOptional: true,
  answers: { 202: { description: "it waits to be decided", schema: mailTaken } },
  problems: ["not_found", "wrong_state"],
  run: async ({ deps, params, receivedAt, by }) => {
    const id = params["id"] ?? "";
    const outcome = await mailroomOf(deps).retry(id, receivedAt);
    switch (outcome.kind) {
      case "not-found":
        throw notFound(NO_MAIL);
      case "wrong-state":
        throw new Problem(
          "wrong_state",
          `the mail is ${outcome.state}: only failed and ignored mail is decided again`,
        );
      case "gone":
        throw new Problem("wrong_state", "its raw message is kept no longer (TOCSIN_RETENTION_RAW_MAIL)");
      case "queued":
        await insertAudit(deps.store, by, "mail retried", id);
        return { status: 202, body: { id, state: "received", again: false } };
    }
  },
});

const explain = route({
  method: "GET",
  path: `${path}/explain`,
  permission: "read",
  tag,
  summary: "Why? Whose it is, what it repeats, what became of it, which rules fired, and the nearest misses",
  query: missesQuery,
  exists,
  answers: { 200: { description: "the explanation", schema: mailExplained } },
  problems: ["not_found", "invalid_body"],
  run: async ({ deps, params, query }) => {
    const row = await rowOf(deps, params["id"]);
    const { explanation } = row;
    const misses = await missesOf(deps, row, query.limit);
    return ok({
      id: row.id,
      outcome: row.state,
      why: whyOf(row),
      ...(explanation?.attributed === undefined ? {} : { attributed: explanation.attributed }),
      ...(explanation?.duplicate === undefined ? {} : { duplicate: explanation.duplicate }),
      authenticated: explanation?.authenticated ?? false,
      ...(explanation?.notice === undefined ? {} : { notice: explanation.notice }),
      messages: explanation?.messages ?? [],
      rules: [
        ...row.firings.map(({ rule, file, line, on, conditions }) => ({
          rule,
          file,
          line,
          on,
          result: "fired",
          conditions: conditions.map((one) => ({ ...one, actual: one.actual ?? null })),
        })),
        ...misses,
      ],
    });
  },
});

/** Of a mail that became a ticket: what else it becomes raises no event that says so. */
async function missesOf(
  deps: ApiDependencies,
  { id, object, ticket: number, rule_set: ruleSet, firings }: MailRow,
  limit: number,
): Promise<readonly ExplainedRule[]> {
  if (object !== "ticket" || number === null || ruleSet === null) return [];
  const [ticket, facts, ir] = await Promise.all([
    readTicket(deps.store, number),
    selectMailFacts(deps.store, id),
    deps.ruleSets.compiled(ruleSet),
  ]);
  if (ticket === undefined || facts === undefined || ir === undefined) return [];
  return missesOfMail({ facts, ticket, firings }, ir, { limit });
}

function whyOf(row: MailRow): string {
  if (row.state === "received") return "it waits to be decided";
  if (row.reason !== null) return row.reason;
  const number = row.ticket ?? row.item;
  return `it became a ${row.object ?? "thing"}${number === null ? "" : ` (${number})`}`;
}

function toJson(row: MailRow): Readonly<Record<string, unknown>> {
  return {
    id: row.id,
    state: row.state,
    ...(row.reason === null ? {} : { reason: row.reason }),
    from: row.sender ?? row.envelope_from,
    to: row.envelope_to,
    mailbox: row.mailbox,
    subject: row.subject ?? "",
    received_at: row.received_at,
    decided_at: row.decided_at,
    ...(row.ticket === null ? {} : { ticket: row.ticket }),
    ...(row.item === null ? {} : { item: row.item }),
    ...(row.object === null ? {} : { object: row.object }),
    envelope_from: row.envelope_from,
    message_id: row.message_id,
    bytes: row.bytes,
    raw: row.has_raw,
    ...(row.warnings.length === 0 ? {} : { warnings: row.warnings }),
  };
}

export const mails: readonly Route[] = [postMail, listMail, oneMail, rawMail, explain, retry];
