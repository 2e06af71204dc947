/** The door of calendar: open hours, schedules and maintenance windows in their zones. Pure; knows no rules. */
export type { Calendar, ClosedDays, DayRange, PlainDay, Schedule, Weekday, WindowTimes } from "./types.ts";
export { addOpenTime, isOpen, openIntervals, openTimeBetween, subtractOpenTime } from "./open-time.ts";
export { nextOccurrence, windowAt } from "./next-occurrence.ts";
export { isOccurrence, isWallTime, movedTimes, type WallTime } from "./schedule-times.ts";
export { dayAt, instantOf, isZone } from "./wall-clock.ts";
