/** Tickets for people and programs. Every change goes through the engine, where rules see it in the same transaction. */
import { z } from "zod";
import {
  DESCRIPTION_CHARACTERS_MAX,
  TICKET_DETAILS_MAX,
  TITLE_CHARACTERS_MAX,
  toRfc3339,
} from "../../domain/index.ts";
import type { TicketInput, TicketOutcome } from "../../engine/index.ts";
import {
  selectTicket,
  selectTicketDetails,
  selectTickets,
  ticketExists,
  type TicketRow,
} from "../../store/desk/index.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { pageAnswer, pageRequest } from "../page.ts";
import { notFound, Problem } from "../problem.ts";
import { ok, route, type Route } from "../route.ts";
import { filter, listOf, pageQuery } from "../schemas/shared-shapes.ts";
import {
  noteIn,
  noteOut,
  ticketDetailsOut,
  ticketIn,
  ticketOut,
  ticketPatch,
  timeEntryIn,
  timeEntryOut,
} from "../schemas/ticket.ts";

const tag = "Tickets";
const path = "/api/v1/tickets/{number}";

const exists: Route["exists"] = async (deps, params) => {
  if (!(await ticketExists(deps.store, params["number"] ?? "")))
    throw notFound("there is no ticket of this number");
};

const listTickets = route({
  method: "GET",
  path: "/api/v1/tickets",
  permission: "read",
  tag,
  summary: "Tickets, newest first",
  query: z.object({
    ...pageQuery,
    status: filter,
    organization: filter,
    title: filter,
    source: filter,
    queue: filter,
  }),
  answers: { 200: { description: "a page", schema: listOf(ticketOut) } },
  problems: ["invalid_body"],
  run: async ({ deps, query }) => {
    const filters = {
      ...(query.status === undefined ? {} : { statuses: query.status }),
      ...(query.organization === undefined ? {} : { organizations: query.organization }),
      ...(query.title === undefined ? {} : { titles: query.title }),
      ...(query.source === undefined ? {} : { sources: query.source }),
      ...(query.queue === undefined ? {} : { queues: query.queue }),
    };
    return pageAnswer(await selectTickets(deps.store, filters, pageRequest(query)), toJson);
  },
});

const oneTicket = route({
  method: "GET",
  path,
  permission: "read",
  tag,
  summary: "One ticket with its notes, time entries, history, and what rules wait for",
  answers: { 200: { description: "the ticket", schema: ticketDetailsOut } },
  problems: ["not_found"],
  run: async ({ deps, params }) => {
    const row = await selectTicket(deps.store, params["number"] ?? "");
    if (row === undefined) throw notFound("there is no ticket of this number");
    const [details, due] = await Promise.all([
      selectTicketDetails(deps.store, row.id, TICKET_DETAILS_MAX),
      deps.engine.ticketDeadlines(row.number),
    ]);
    const deadlines = due.map(({ rule, clock, at }) => ({
      rule,
      clock: clock.replace("ticket-", ""),
      at: toRfc3339(at),
    }));
    return { ...ok({ ...toJson(row), ...details, deadlines }), headers: { etag: `"${row.version}"` } };
  },
});

const openTicket = route({
  method: "POST",
  path: "/api/v1/tickets",
  permission: "operate",
  tag,
  summary: "Open a ticket; no dedup",
  body: ticketIn,
  answers: { 201: { description: "opened, and the rules have run", schema: ticketOut } },
  problems: ["unknown_reference"],
  run: async ({ deps, body, by, receivedAt }) => {
    const outcome = done(await deps.engine.openTicket(toInput(body), by, receivedAt));
    const json = await afterChange(deps, outcome);
    return { status: 201, body: json, headers: { location: `/api/v1/tickets/${outcome.number}` } };
  },
});

const changeTicket = route({
  method: "PATCH",
  path,
  permission: "operate",
  tag,
  summary: "Change fields of a ticket; what is left out stays, null empties",
  body: ticketPatch,
  versioned: true,
  exists,
  answers: { 200: { description: "changed, and the rules have run", schema: ticketOut } },
  problems: ["not_found", "unknown_reference", "version_conflict"],
  run: async ({ deps, params, body, by, receivedAt, ifVersion }) => {
    if (body.title !== undefined && [...body.title].length > TITLE_CHARACTERS_MAX) {
      const message = `must have at most ${TITLE_CHARACTERS_MAX} characters`;
      throw new Problem("invalid_body", `\`title\`: ${message}`, { errors: [{ path: "title", message }] });
    }
    const number = params["number"] ?? "";
    const outcome = done(
      await deps.engine.changeTicket(number, body as TicketInput, by, receivedAt, ifVersion),
    );
    return ok(await afterChange(deps, outcome));
  },
});

const addNote = route({
  method: "POST",
  path: `${path}/notes`,
  permission: "operate",
  tag,
  summary: "Add a note; internal unless said",
  body: noteIn,
  exists,
  answers: { 201: { description: "added", schema: noteOut } },
  problems: ["not_found"],
  run: async ({ deps, params, body, by, receivedAt }) => {
    const note = { at: receivedAt, by, visibility: body.visibility, text: body.text };
    done(await deps.engine.addNote(params["number"] ?? "", note));
    return { status: 201, body: { ...note, at: toRfc3339(receivedAt) } };
  },
});

const addTimeEntry = route({
  method: "POST",
  path: `${path}/time-entries`,
  permission: "operate",
  tag,
  summary: "Add a time entry",
  body: timeEntryIn,
  exists,
  answers: { 201: { description: "added", schema: timeEntryOut } },
  problems: ["not_found"],
  run: async ({ deps, params, body, by, receivedAt }) => {
    const entry = { at: receivedAt, by, hours: body.hours, role: body.role, text: body.text };
    done(await deps.engine.addTimeEntry(params["number"] ?? "", entry));
    return { status: 201, body: { ...entry, at: toRfc3339(receivedAt) } };
  },
});

/** A title that is too long for a ticket is kept whole at the head of the description (contract.md 3, Limits). */
function toInput(body: z.output<typeof ticketIn>): TicketInput {
  const characters = [...body.title];
  if (characters.length <= TITLE_CHARACTERS_MAX) return body as TicketInput;
  const description = [body.title, body.description ?? ""].filter((part) => part !== "").join("\n\n");
  return {
    ...(body as TicketInput),
    title: characters.slice(0, TITLE_CHARACTERS_MAX).join(""),
    description: [...description].slice(0, DESCRIPTION_CHARACTERS_MAX).join(""),
  };
}

type Done = Extract<TicketOutcome, { kind: "done" }>;

/** Throws: Problem. */
function done(outcome: TicketOutcome): Done {
  switch (outcome.kind) {
    case "done":
      return outcome;
    case "not-found":
      throw notFound("there is no ticket of this number");
    case "version-conflict":
      throw new Problem("version_conflict", `the ticket has version ${outcome.version} by now`, {
        version: outcome.version,
      });
    case "unknown-reference": {
      const { path, message } = outcome;
      throw new Problem("unknown_reference", `\`${path}\`: ${message}`, { errors: [{ path, message }] });
    }
  }
}

async function afterChange(deps: ApiDependencies, outcome: Done): Promise<Readonly<Record<string, unknown>>> {
  const row = await selectTicket(deps.store, outcome.number);
  if (row === undefined) throw notFound("there is no ticket of this number");
  return { ...toJson(row), ...(outcome.warnings.length === 0 ? {} : { warnings: outcome.warnings }) };
}

function toJson(row: TicketRow): Readonly<Record<string, unknown>> {
  const { id: _ours, ...shown } = row;
  return shown;
}

export const tickets: readonly Route[] = [
  listTickets,
  openTicket,
  oneTicket,
  changeTicket,
  addNote,
  addTimeEntry,
];
