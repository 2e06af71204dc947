/** Bytes of a request -> a JSON value, with odd bytes mended and depth bounded. Knows nothing of what the JSON means. */
import { isUtf8 } from "node:buffer";
import { JSON_DEPTH_MAX } from "../domain/index.ts";
import { refused, type Refusal } from "./refusal.ts";

export interface JsonBody {
  readonly kind: "json";
  readonly value: unknown;
  /** Some bytes were not UTF-8 and stand as U+FFFD in `value`. */
  readonly oddBytes: boolean;
}

export function readJson(bytes: Buffer | undefined): JsonBody | Refusal {
  if (bytes === undefined || bytes.length === 0)
    return refused("invalid_json", "the body is empty; JSON is expected");
  const oddBytes = !isUtf8(bytes);
  const text = bytes.toString("utf8");
  try {
    const value: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    return { kind: "json", value, oddBytes };
  } catch (error) {
    return refused("invalid_json", `the body is not JSON: ${jsonFault(error)}`);
  }
}

/** True when `value` nests at most `levels` arrays and objects. Stops at the limit, so that a bomb costs nothing. */
export function isWithinDepth(value: unknown, levels: number = JSON_DEPTH_MAX): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((element) => isWithinDepth(element, levels - 1));
  for (const name in value) {
    if (!isWithinDepth((value as Record<string, unknown>)[name], levels - 1)) return false;
  }
  return true;
}

export function tooDeep(): Refusal {
  return refused("too_deep", `the body nests deeper than ${JSON_DEPTH_MAX} levels of arrays and objects`);
}

/** V8 quotes a piece of the body in its message: keep the position, not the customer's text. */
function jsonFault(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  const position = /position \d+(?: \(line \d+ column \d+\))?/u.exec(message)?.[0];
  if (position !== undefined) return `something is wrong at ${position}`;
  return message.startsWith("Unexpected end") ? "it ends too early" : "something is wrong in it";
}
