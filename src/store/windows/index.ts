/** Operations on dedup windows, which are a column of their ticket. */
export { restartOpenWindows, selectWindows, summarizeWindow } from "./select-windows.ts";
export type { WindowFacts } from "./select-windows.ts";
