/** Calendars and schedules as the compiler hands them over: wall-clock words, resolved only here. Knows no clock. */

/** 1 is Monday, 7 Sunday, as ISO 8601 counts. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Seconds since midnight of the day on which the range begins; `to` is beyond 86,400 where it runs over midnight. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

/** A day without a zone. */
export interface PlainDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** `closed 2026-12-25, 2026-12-27 to 2027-01-02`; both ends in. */
export interface ClosedDays {
  readonly from: PlainDay;
  readonly to: PlainDay;
}

export interface Calendar {
  readonly name: string;
  /** IANA name, checked by the checker. */
  readonly zone: string;
  /** Open ranges by the weekday on which they begin. */
  readonly hours: ReadonlyMap<Weekday, readonly DayRange[]>;
  /** A range that begins on a closed day is closed as a whole (language.md 2). */
  readonly closed: readonly ClosedDays[];
}

/** `every ...` (language.md 3.1). Intervals count from midnight UTC of 1970, as Temporal's own intervals do. */
export type Schedule =
  | { readonly kind: "interval"; readonly ms: number }
  | {
      readonly kind: "times";
      readonly days: ReadonlySet<Weekday>;
      /** Seconds since midnight. */
      readonly times: readonly number[];
      readonly zone: string;
      /** Days that it closes are left out. */
      readonly calendar: Calendar | undefined;
    };

/** When a maintenance window is in force. */
export type WindowTimes =
  | {
      readonly kind: "weekly";
      readonly zone: string;
      readonly hours: ReadonlyMap<Weekday, readonly DayRange[]>;
    }
  | { readonly kind: "span"; readonly from: number; readonly to: number };
