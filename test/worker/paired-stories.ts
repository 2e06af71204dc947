/**
 * Stories of every event of time, each told once: in a unit of one's own, so that they run on real servers in seconds and in
 * a rule test in hours, from the same rules, the same steps and the same end.
 */

/** What stands for time in a story's rules. */
export interface Scale {
  /** So many units: `6 seconds`, `3 hours` */
  readonly span: (units: number) => string;
  /** Of the schedule, which runs a minute apart at least. */
  readonly every: string;
  /** Of day, so many units after the beginning. */
  readonly clock: (units: number) => string;
  /** The same with its date. */
  readonly moment: (units: number) => string;
}

type AlertFields = Readonly<Record<string, string>>;

export type Step = { readonly at: number } & (
  | { readonly kind: "alert"; readonly fields: AlertFields }
  | { readonly kind: "ticket"; readonly title: string; readonly dueAt?: number }
  | { readonly kind: "note" }
);

/** One that the story opened, in order of creation. */
export interface ExpectedTicket {
  readonly title: string;
  readonly status: "New" | "Complete";
  /** Of what rules note after the last step. */
  readonly notes?: readonly string[];
}

export interface Story {
  readonly title: string;
  readonly rules: (scale: Scale) => string;
  readonly steps: readonly Step[];
  /** Units after the beginning. */
  readonly end: number;
  readonly tickets: readonly ExpectedTicket[];
}

const alert = (at: number, fields: AlertFields): Step => ({ at, kind: "alert", fields });

export const stories: readonly Story[] = [
  {
    title: "an alert that stays is released, one that clears comes to nothing",
    rules: ({ span }) => `
rule "Stays" when alert still firing after ${span(3)} if alert.source is "Probe"
  then create ticket title = "stays {alert.title}" end`,
    steps: [
      alert(0, { source: "Probe", title: "SRV-A", alert_id: "a" }),
      alert(0, { source: "Probe", title: "SRV-B", alert_id: "b" }),
      alert(1, { source: "Probe", title: "SRV-A still", alert_id: "a" }),
      alert(1, { source: "Probe", title: "SRV-B", alert_id: "b", status: "resolved" }),
    ],
    end: 5,
    tickets: [{ title: "stays SRV-A still", status: "New" }],
  },
  {
    title: "what clears completes the ticket that nobody touched, and no other",
    rules: () => `
rule "Ups" when alert received if alert.source is "Ups" then create ticket title = "ups {alert.title}" end
rule "Ups is back" when alert resolved if alert.source is "Ups" then complete ticket if untouched end`,
    steps: [
      alert(0, { source: "Ups", title: "touched", alert_id: "t" }),
      { at: 1, kind: "note" },
      alert(1, { source: "Ups", title: "alone", alert_id: "u" }),
      alert(2, { source: "Ups", title: "touched", alert_id: "t", status: "resolved" }),
      alert(2, { source: "Ups", title: "alone", alert_id: "u", status: "resolved" }),
    ],
    end: 3,
    tickets: [
      { title: "ups touched", status: "New" },
      { title: "ups alone", status: "Complete" },
    ],
  },
  {
    title: "a silence is told once, after the last alert of its device",
    rules: ({ span }) => `
rule "Silent" when no alert for ${span(3)} per alert.device if alert.source is "Backup"
  then create ticket title = "silent {alert.device.name or "?"}" no dedup end`,
    steps: [
      alert(0, { source: "Backup", title: "done", device: "FS-1" }),
      alert(0, { source: "Backup", title: "done", device: "FS-2" }),
      alert(2, { source: "Backup", title: "done", device: "FS-2" }),
    ],
    end: 7,
    tickets: [
      { title: "silent FS-1", status: "New" },
      { title: "silent FS-2", status: "New" },
    ],
  },
  {
    title: "a ticket is idle, due and overdue, and ends untouched",
    rules: ({ span }) => `
rule "Idle" when ticket idle for ${span(2)} if ticket.title is "clock" then add note "idle" end
rule "Due" when ticket due in ${span(1)} if ticket.title is "clock" then add note "nearly due" end
rule "Overdue" when ticket overdue by ${span(1)} if ticket.title is "clock"
  then
    add note "overdue"
    complete ticket if untouched
end`,
    steps: [{ at: 0, kind: "ticket", title: "clock", dueAt: 5 }],
    end: 8,
    tickets: [{ title: "clock", status: "Complete", notes: ["idle", "nearly due", "overdue"] }],
  },
  {
    title: "an act of a person begins another silence of the ticket",
    rules: ({ span }) => `
rule "Looked at" when ticket idle for ${span(3)} if ticket.title is "touched"
  then
    add note "idle again"
    complete ticket if untouched
end`,
    steps: [
      { at: 0, kind: "ticket", title: "touched" },
      { at: 2, kind: "note" },
    ],
    end: 7,
    tickets: [{ title: "touched", status: "New", notes: ["idle again"] }],
  },
  {
    title: "only the hours of a calendar count, inside and outside of it other rules act",
    rules: ({ span, clock }) => `
calendar "later"
  zone "UTC"
  monday to sunday ${clock(6)} to ${clock(12)}
end
rule "Open in hours" when ticket open for ${span(1)} during "later" if ticket.title is "calendar" then add note "open" end
rule "Open before" when ticket open for ${span(1)} if outside "later" and ticket.title is "calendar" then add note "outside" end
rule "Open within" when ticket open for ${span(8)} if during "later" and ticket.title is "calendar" then add note "inside" end
rule "Never inside" when ticket open for ${span(1)} if during "later" and ticket.title is "calendar" then complete ticket end`,
    steps: [{ at: 0, kind: "ticket", title: "calendar" }],
    end: 10,
    tickets: [{ title: "calendar", status: "New", notes: ["outside", "open", "inside"] }],
  },
  {
    title: "a count opens one ticket for a storm of a device",
    rules: ({ span }) => `
rule "Storm" when alert received if alert.source is "Gateway" and more than 2 alerts in ${span(4)} per (alert.device, alert.source)
  then create ticket title = "storm {alert.device.name or "?"}" dedup within ${span(4)} by alert.device end`,
    steps: [0, 0, 1]
      .map((at) => alert(at, { source: "Gateway", title: "x", device: "GW-1" }))
      .concat([0, 1, 6].map((at) => alert(at, { source: "Gateway", title: "x", device: "GW-2" }))),
    end: 7,
    tickets: [{ title: "storm GW-1", status: "New" }],
  },
  {
    title: "one ticket for an organization as long as it is young",
    rules: ({ span }) => `
rule "Once" when alert received if alert.source is "Flood"
  then create ticket title = "once {alert.title}" once per ${span(4)} per alert.organization end`,
    steps: [
      alert(0, { source: "Flood", title: "a", organization: "Acme" }),
      alert(1, { source: "Flood", title: "b", organization: "Acme" }),
      alert(2, { source: "Flood", title: "c", organization: "Globex" }),
      alert(6, { source: "Flood", title: "d", organization: "Acme" }),
    ],
    end: 7,
    tickets: ["a", "c", "d"].map((title) => ({ title: `once ${title}`, status: "New" })),
  },
  {
    title: "what still fires at the end of maintenance is decided then, once",
    rules: ({ moment }) => `
maintenance "Patch night"
  for source "Patched"
  zone "UTC"
  from ${moment(-1)} to ${moment(4)}
end
rule "Maintained" when alert received if alert.source is "Patched" then create ticket title = "maintained {alert.title}" end`,
    steps: [
      alert(0, { source: "Patched", title: "up again", alert_id: "m1" }),
      alert(0, { source: "Patched", title: "down", alert_id: "m2" }),
      alert(1, { source: "Patched", title: "up again", alert_id: "m1", status: "resolved" }),
      alert(1, { source: "Patched", title: "still down", alert_id: "m2" }),
    ],
    end: 7,
    tickets: [{ title: "maintained still down", status: "New" }],
  },
  {
    title: "a schedule runs at its time",
    rules: ({ every }) => `
rule "Tick" when every 1 ${every} then create ticket title = "tick" once per 50 days end`,
    steps: [],
    end: 1,
    tickets: [{ title: "tick", status: "New" }],
  },
];
