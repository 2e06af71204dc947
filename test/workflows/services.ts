/** The servers of the test run. */
import { inject } from "vitest";
import type { Services } from "./desk.ts";

export function services(): Services {
  return { postgresUrl: inject("postgresUrl"), temporalAddress: inject("temporalAddress") };
}
