/** Operations on dedup windows, which are a column of their ticket. */
export { selectOpenWindows, selectWindows, summarizeWindow } from "./select-windows.ts";
export type { WindowFacts } from "./select-windows.ts";
