/** Open hours and schedules, both clock changes included. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addOpenTime,
  isOpen,
  isZone,
  nextOccurrence,
  openTimeBetween,
  subtractOpenTime,
  windowAt,
  type Calendar,
  type DayRange,
  type Weekday,
} from "../../src/calendar/index.ts";

const HOUR = 3600;
const ms = (text: string): number => Date.parse(text);
const show = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();
const weekdays = (range: DayRange): ReadonlyMap<Weekday, readonly DayRange[]> =>
  new Map(([1, 2, 3, 4, 5] as const).map((day) => [day, [range]]));

const business: Calendar = {
  name: "business hours",
  zone: "Europe/Berlin",
  hours: weekdays({ from: 8 * HOUR, to: 18 * HOUR }),
  closed: [{ from: { year: 2026, month: 12, day: 25 }, to: { year: 2026, month: 12, day: 26 } }],
};
const nights: Calendar = {
  ...business,
  name: "nights",
  hours: new Map([[6, [{ from: 22 * HOUR, to: 28 * HOUR }]]]),
  closed: [],
};

describe("open hours", () => {
  it("opens at the first second and closes at the last", () => {
    expect(isOpen(business, ms("2026-11-20T08:00:00+01:00"))).toBe(true);
    expect(isOpen(business, ms("2026-11-20T07:59:59+01:00"))).toBe(false);
    expect(isOpen(business, ms("2026-11-20T17:59:59+01:00"))).toBe(true);
    expect(isOpen(business, ms("2026-11-20T18:00:00+01:00"))).toBe(false);
  });

  it("is closed on weekends and holidays", () => {
    expect(isOpen(business, ms("2026-11-21T12:00:00+01:00"))).toBe(false);
    expect(isOpen(business, ms("2026-12-25T12:00:00+01:00"))).toBe(false);
  });

  it("counts idle time over a weekend (domain.md 3.2: Friday 17:50 and 30 minutes is Monday 08:20)", () => {
    expect(show(addOpenTime(business, ms("2026-11-20T17:50:00+01:00"), 30 * 60_000))).toBe(
      "2026-11-23T07:20:00.000Z",
    );
  });

  it("steps over holidays", () => {
    expect(show(addOpenTime(business, ms("2026-12-24T17:00:00+01:00"), 2 * 3_600_000))).toBe(
      "2026-12-28T08:00:00.000Z",
    );
  });

  it("lets a range over midnight belong to the day on which it begins", () => {
    expect(isOpen(nights, ms("2026-11-22T03:59:00+01:00"))).toBe(true);
    expect(isOpen(nights, ms("2026-11-22T04:00:00+01:00"))).toBe(false);
    expect(isOpen(nights, ms("2026-11-21T03:00:00+01:00"))).toBe(false);
  });

  it("is open for ever where no hour is left out, and still counts", () => {
    const week = [1, 2, 3, 4, 5, 6, 7] as const;
    const always = {
      ...business,
      hours: new Map(week.map((day) => [day, [{ from: 0, to: 24 * HOUR }]])),
      closed: [],
    };
    const from = ms("2026-03-01T12:00:00+01:00");
    const years = 900 * 86_400_000;
    expect(isOpen(always, from)).toBe(true);
    expect(addOpenTime(always, from, years)).toBe(from + years);
    expect(subtractOpenTime(always, from + years / 3, years / 3)).toBe(from);
    expect(openTimeBetween(always, from, from + years)).toBe(years);
    expect(windowAt({ kind: "weekly", zone: "UTC", hours: always.hours }, from)?.from).toBeLessThanOrEqual(
      from,
    );
  });

  it("has an hour less in the night the clock goes forward, and one more when it goes back", () => {
    // 2026-03-29 02:00 -> 03:00, 2026-10-25 03:00 -> 02:00 in Berlin; both nights begin on a Saturday.
    expect(openTimeBetween(nights, ms("2026-03-28T12:00:00Z"), ms("2026-03-29T12:00:00Z"))).toBe(
      5 * 3_600_000,
    );
    expect(openTimeBetween(nights, ms("2026-10-24T12:00:00Z"), ms("2026-10-25T12:00:00Z"))).toBe(
      7 * 3_600_000,
    );
  });

  it("says that a calendar which never opens never gets there", () => {
    expect(addOpenTime({ ...business, hours: new Map() }, 0, 1)).toBeUndefined();
    expect(isOpen({ ...business, hours: new Map() }, 0)).toBe(false);
    const closed = [{ from: { year: 2020, month: 1, day: 1 }, to: { year: 2100, month: 1, day: 1 } }];
    expect(addOpenTime({ ...business, closed }, ms("2026-01-01T00:00:00Z"), 1)).toBeUndefined();
  });

  it("opens again after years of holidays, and looks no further than ten years for anything", () => {
    const closed = [
      { from: { year: 2026, month: 1, day: 1 }, to: { year: 2027, month: 6, day: 30 } },
      { from: { year: 2027, month: 7, day: 1 }, to: { year: 2030, month: 1, day: 6 } },
    ];
    const later = { ...business, closed };
    const from = ms("2026-01-01T00:00:00Z");
    expect(show(addOpenTime(later, from, 3_600_000))).toBe("2030-01-07T08:00:00.000Z");
    expect(show(subtractOpenTime(later, ms("2030-01-07T08:00:00Z"), 2 * 3_600_000))).toBe(
      "2025-12-31T16:00:00.000Z",
    );
    const days = new Set<Weekday>([1]);
    expect(
      show(nextOccurrence({ kind: "times", days, times: [0], zone: "UTC", calendar: later }, from)),
    ).toBe("2030-01-07T00:00:00.000Z");
    expect(addOpenTime(business, from, 3650 * 86_400_000)).toBeUndefined();
    expect(subtractOpenTime(business, from, 3650 * 86_400_000)).toBeUndefined();
  });

  it("takes no longer for a calendar that hardly ever opens: a minute a week, ten years of it", () => {
    const minute = { from: 8 * HOUR, to: 8 * HOUR + 60 };
    const rare = { ...business, hours: new Map<Weekday, readonly DayRange[]>([[1, [minute]]]), closed: [] };
    const from = ms("2026-01-01T00:00:00Z");
    expect(show(addOpenTime(rare, from, 3_600_000))).toBe("2027-02-22T07:01:00.000Z");
    expect(addOpenTime(rare, from, 3650 * 86_400_000)).toBeUndefined();
    expect(show(subtractOpenTime(rare, from, 2 * 3_600_000))).toBe("2023-09-18T06:00:00.000Z");
  });

  const instants = fc.integer({ min: ms("2025-01-01T00:00:00Z"), max: ms("2028-01-01T00:00:00Z") });
  const calendars = fc.constantFrom(business, nights);

  it("adds exactly as much open time as it then finds between", () => {
    fc.assert(
      fc.property(
        calendars,
        instants,
        fc.oneof(fc.integer({ min: 1, max: 200 * 3_600_000 }), fc.integer({ min: 1, max: 2000 * 3_600_000 })),
        (calendar, from, wait) => {
          const to = addOpenTime(calendar, from, wait)!;
          return openTimeBetween(calendar, from, to) === wait;
        },
      ),
      { numRuns: 200 },
    );
  });

  it("subtracts exactly as much open time as it then finds between", () => {
    fc.assert(
      fc.property(
        calendars,
        instants,
        fc.integer({ min: 1, max: 2000 * 3_600_000 }),
        (calendar, to, wait) => {
          const from = subtractOpenTime(calendar, to, wait)!;
          return openTimeBetween(calendar, from, to) === wait;
        },
      ),
      { numRuns: 100 },
    );
  });

  it("is never later for less to wait", () => {
    fc.assert(
      fc.property(calendars, instants, fc.nat(3_600_000), fc.nat(3_600_000), (calendar, from, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        return addOpenTime(calendar, from, less)! <= addOpenTime(calendar, from, more)!;
      }),
      { numRuns: 100 },
    );
  });
});

describe("schedules", () => {
  const daily = {
    kind: "times",
    days: new Set<Weekday>([1, 2, 3, 4, 5, 6, 7]),
    times: [2 * HOUR + 1800],
    zone: "Europe/Berlin",
    calendar: undefined,
  } as const;

  it("comes at the next time of day, strictly later", () => {
    const at = nextOccurrence(daily, ms("2026-11-22T00:00:00Z"));
    expect(show(at)).toBe("2026-11-22T01:30:00.000Z");
    expect(show(nextOccurrence(daily, at!))).toBe("2026-11-23T01:30:00.000Z");
  });

  it("comes once in the nights of both clock changes", () => {
    expect(show(nextOccurrence(daily, ms("2026-03-28T12:00:00Z")))).toBe("2026-03-29T01:30:00.000Z");
    expect(show(nextOccurrence(daily, ms("2026-03-29T01:30:00Z")))).toBe("2026-03-30T00:30:00.000Z");
    expect(show(nextOccurrence(daily, ms("2026-10-24T12:00:00Z")))).toBe("2026-10-25T00:30:00.000Z");
    expect(show(nextOccurrence(daily, ms("2026-10-25T00:30:00Z")))).toBe("2026-10-26T01:30:00.000Z");
  });

  it("leaves out days that the calendar closes", () => {
    const schedule = {
      ...daily,
      times: [8 * HOUR],
      days: new Set<Weekday>([1, 2, 3, 4, 5]),
      calendar: business,
    };
    expect(show(nextOccurrence(schedule, ms("2026-12-24T12:00:00Z")))).toBe("2026-12-28T07:00:00.000Z");
  });

  it("counts intervals on the clock, not from the start", () => {
    expect(show(nextOccurrence({ kind: "interval", ms: 15 * 60_000 }, ms("2026-11-22T10:07:00Z")))).toBe(
      "2026-11-22T10:15:00.000Z",
    );
  });

  it("never comes on a day that is not asked for", () => {
    expect(nextOccurrence({ ...daily, days: new Set() }, 0)).toBeUndefined();
  });
});

describe("maintenance windows", () => {
  it("tells the window that is in force and its end", () => {
    const weekly = { kind: "weekly", zone: "Europe/Berlin", hours: nights.hours } as const;
    expect(show(windowAt(weekly, ms("2026-11-22T02:00:00Z"))?.to)).toBe("2026-11-22T03:00:00.000Z");
    expect(windowAt(weekly, ms("2026-11-22T03:00:00Z"))).toBeUndefined();
    expect(windowAt({ kind: "span", from: 10, to: 20 }, 20)).toBeUndefined();
    expect(windowAt({ kind: "span", from: 10, to: 20 }, 10)).toEqual({ from: 10, to: 20 });
  });
});

describe("zones", () => {
  it("knows places, refuses offsets and nonsense", () => {
    expect(isZone("Europe/Berlin")).toBe(true);
    expect(isZone("UTC")).toBe(true);
    expect(isZone("+01:00")).toBe(false);
    expect(isZone("Europe/Nowhere")).toBe(false);
    expect(isZone("")).toBe(false);
  });
});
