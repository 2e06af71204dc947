/** Every event of time on real servers with short durations, and in a rule test with real ones: one description, one outcome. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failuresOf } from "../simulation/run-rule-tests.ts";
import { until } from "../workflows/desk.ts";
import { services } from "../workflows/services.ts";
import { openClockDesk, pass, type ClockDesk } from "./clock-desk.ts";
import { stories, type ExpectedTicket, type Scale, type Step, type Story } from "./paired-stories.ts";

/* ---------- in a rule test: hours ---------- */

const START_HOUR = 9;
/** Also of halves. */
const hour = (units: number): string => {
  const minutes = (START_HOUR + units) * 60;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
};
const inHours: Scale = {
  span: (units) => `${units} hours`,
  every: "hour",
  clock: hour,
  moment: (units) => `2026-01-05 ${hour(units)}`,
};

function stepText({ at, ...step }: Step): string {
  switch (step.kind) {
    case "alert": {
      const fields = Object.entries(step.fields).map(([name, value]) => `    ${name} = "${value}"`);
      return `  at ${hour(at)} receive alert\n${fields.join("\n")}\n  end`;
    }
    case "ticket": {
      const due = step.dueAt === undefined ? "" : `    due_at = ${inHours.moment(step.dueAt)}\n`;
      return `  given ticket 1 created at ${hour(at)}\n    title = "${step.title}"\n${due}  end`;
    }
    case "note":
      return `  at ${hour(at)} add note "I look at it" to ticket 1`;
  }
}

function expectationText(tickets: readonly ExpectedTicket[]): string {
  return tickets
    .flatMap(({ title, status, notes = [] }, i) => [
      `expect ticket ${i + 1} title is "${title}"`,
      `expect ticket ${i + 1} status is "${status}"`,
      ...notes.map((text) => `expect note on ticket ${i + 1} containing "${text}"`),
    ])
    .concat(`expect ticket ${tickets.length + 1} not created`)
    .map((line) => `  ${line}`)
    .join("\n");
}

function testLines({ steps, end, tickets }: Story): string {
  // The first time that a test names is its beginning, and nothing falls due before it.
  const begin = steps.length === 0 ? [`  at ${hour(0.5)}`] : [];
  return [...begin, ...steps.map(stepText), `  at ${hour(end)}`, expectationText(tickets)].join("\n");
}

/* ---------- on real servers: seconds ---------- */

/** Long enough for a busy machine to be in time with every step. */
const UNIT_MS = 2000;

let at: ClockDesk;
let start = 0;
/** Of each story's rule test: run beforehand, so that nothing is late on the real servers. */
const failures = new Map<Story, readonly string[]>();
/** All of them run beside each other from one beginning; each is looked at by its own test. */
const lived = new Map<Story, Promise<void>>();
beforeAll(async () => {
  at = await openClockDesk(services());
  for (const name of ["Acme", "Globex"]) await at.call("POST", "/organizations", { name });
  for (const story of stories) failures.set(story, await failuresOf(story.rules(inHours), testLines(story)));
  start = Math.ceil((Date.now() + 2500) / 1000) * 1000;
  await at.publish(stories.map(({ rules }) => rules(inSeconds)).join("\n"));
  for (const story of stories) lived.set(story, live(story));
}, 90_000);
afterAll(async () => {
  await at?.publish(`rule "no time" when alert received then stop end`);
  await at?.close();
});

const instant = (units: number): string => new Date(start + units * UNIT_MS).toISOString();
const inSeconds: Scale = {
  span: (units) => `${(units * UNIT_MS) / 1000} seconds`,
  every: "minute",
  clock: (units) => instant(units).slice(11, 19),
  moment: (units) => `${instant(units).slice(0, 10)} ${instant(units).slice(11, 19)}`,
};

interface Opened {
  readonly number: string;
}

/** The first ticket of the story is the one that a person looks at. */
async function take(step: Step, first: string | undefined): Promise<string | undefined> {
  await pass(Math.max(0, start + step.at * UNIT_MS - Date.now()));
  switch (step.kind) {
    case "alert": {
      const { ticket } = await at.call<{ ticket?: string }>("POST", "/alerts", step.fields);
      return first ?? ticket;
    }
    case "ticket": {
      const due = step.dueAt === undefined ? {} : { due_at: instant(step.dueAt) };
      return (await at.call<Opened>("POST", "/tickets", { title: step.title, ...due })).number;
    }
    case "note":
      await at.note(first!, "I look at it");
      return first;
  }
}

/** In the words of the story. */
async function ticketsNow({ tickets }: Story): Promise<readonly ExpectedTicket[]> {
  const rows = await at.desk.store.query<{ title: string; status: "New" | "Complete"; notes: string[] }>({
    text: `select t.title, t.status, coalesce((select array_agg(n.text order by n.at, n.id) from ticket_notes n
        where n.ticket_id = t.id and n.text = any($2)), '{}') as notes
      from tickets t where split_part(t.title, ' ', 1) = any($1) order by t.created_at, t.number`,
    values: [
      [...new Set(tickets.map(({ title }) => title.split(" ", 1)[0]))],
      [...new Set(stories.flatMap((story) => story.tickets.flatMap(({ notes = [] }) => notes)))],
    ],
  });
  return rows.map(({ notes, ...row }) => (notes.length === 0 ? row : { ...row, notes }));
}

/** Until what was told has come, and the story's end as well: nothing more must come until then. */
async function live(story: Story): Promise<void> {
  let first: string | undefined;
  for (const step of story.steps) first = await take(step, first);
  const isAsTold = async (): Promise<boolean> =>
    JSON.stringify(await ticketsNow(story)) === JSON.stringify(story.tickets);
  const patience = story.steps.length === 0 ? 75_000 : story.end * UNIT_MS + 20_000;
  await until(isAsTold, story.title, patience).catch(() => undefined);
  await pass(Math.max(0, start + story.end * UNIT_MS - Date.now()));
}

describe("as a rule test with real durations says, on real servers with short ones", () => {
  it.each(stories.map((story) => [story.title, story] as const))(
    "%s",
    async (_title, story) => {
      expect(failures.get(story)).toEqual([]);
      await lived.get(story);
      expect(await ticketsNow(story)).toEqual(story.tickets);
    },
    120_000,
  );
});
