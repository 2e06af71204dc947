/** The thirteen vectors of domain.md 2.1: what becomes of a repeat of "Das Gerät SRV-B ...". Data only. */

export type Step =
  | { readonly kind: "alert"; readonly at: string; readonly organization?: string; readonly deliveryId?: string }
  | { readonly kind: "status"; readonly at: string; readonly ticket: number; readonly status: string };

export interface DedupVector {
  readonly number: number;
  readonly behaviour: string;
  /** Local times of 2026-11-22 (`+` in front: the next day). */
  readonly steps: readonly Step[];
  /** Outcomes of the alerts in order: `T1` opened, `note T1`. */
  readonly expected: readonly string[];
  /** Steps that arrive in one batch, at once. */
  readonly parallel?: true;
}

const alert = (at: string): Step => ({ kind: "alert", at });
const status = (at: string, value: string): Step => ({ kind: "status", at, ticket: 1, status: value });

export const dedupVectors: readonly DedupVector[] = [
  { number: 1, behaviour: "the first alert opens a ticket", steps: [alert("23:05:00")], expected: ["T1"] },
  {
    number: 2,
    behaviour: "a repeat inside five minutes becomes a note",
    steps: [alert("23:05:00"), alert("23:08:00")],
    expected: ["T1", "note T1"],
  },
  {
    number: 3,
    behaviour: "a repeat does not extend the window: later than five minutes opens a second ticket",
    steps: [alert("23:05:00"), alert("23:08:00"), alert("23:12:00")],
    expected: ["T1", "note T1", "T2"],
  },
  {
    number: 4,
    behaviour: "the second ticket opens its own window",
    steps: [alert("23:05:00"), alert("23:08:00"), alert("23:12:00"), alert("23:13:00")],
    expected: ["T1", "note T1", "T2", "note T2"],
  },
  {
    number: 5,
    behaviour: "exactly five minutes is inside",
    steps: [alert("23:05:00"), alert("23:10:00.000")],
    expected: ["T1", "note T1"],
  },
  {
    number: 6,
    behaviour: "one millisecond more is outside",
    steps: [alert("23:05:00"), alert("23:10:00.001")],
    expected: ["T1", "T2"],
  },
  {
    number: 7,
    behaviour: "a repeat of a Complete ticket opens a new one",
    steps: [alert("23:05:00"), status("23:07:00", "Complete"), alert("23:08:00")],
    expected: ["T1", "T2"],
  },
  {
    number: 8,
    behaviour: "the status is read when the repeat is processed: a reopened ticket takes the note",
    steps: [
      alert("23:05:00"),
      status("23:06:00", "Complete"),
      status("23:07:00", "In Progress"),
      alert("23:08:00"),
    ],
    expected: ["T1", "note T1"],
  },
  {
    number: 9,
    behaviour: "two repeats make two notes on one ticket",
    steps: [alert("23:05:00"), alert("23:06:00"), alert("23:08:00")],
    expected: ["T1", "note T1", "note T1"],
  },
  {
    number: 10,
    behaviour: "another organization never shares a ticket",
    steps: [alert("23:05:00"), { kind: "alert", at: "23:08:00", organization: "Globex" }],
    expected: ["T1", "T2"],
  },
  {
    number: 11,
    behaviour: "two at the same moment make one ticket and one note",
    steps: [alert("23:05:00.000"), alert("23:05:00.000")],
    expected: ["T1", "note T1"],
    parallel: true,
  },
  {
    number: 12,
    behaviour: "midnight changes nothing",
    steps: [alert("23:58:00"), alert("+00:02:00")],
    expected: ["T1", "note T1"],
  },
  {
    number: 13,
    behaviour: "a delivery that the transport sent twice is answered before the decision and changes nothing",
    steps: [
      { kind: "alert", at: "23:05:00", deliveryId: "d-1" },
      { kind: "alert", at: "23:06:00", deliveryId: "d-1" },
    ],
    expected: ["T1"],
  },
];
