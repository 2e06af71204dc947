/** What is wrong with a value, in words for who sent it; zod's own are for programmers. Knows no route. */
import type { z } from "zod";

type Issue = Parameters<z.core.$ZodErrorMap>[0];

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

/** Undefined leaves the words to zod. A schema that has words of its own is not asked here. */
export function plainMessage(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is missing";
      return `must be ${kind(issue.expected)}, not ${kind(kindOf(issue.input))}`;
    case "unrecognized_keys":
      return `has no member ${issue.keys.map((key) => `\`${key}\``).join(", ")}`;
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "too_big":
      return bound(issue, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    case "too_small":
      return bound(issue, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "invalid_union":
      return issue.input === undefined ? "is missing" : `can't be ${kind(kindOf(issue.input))}`;
    default:
      return undefined;
  }
}

function bound(issue: { readonly origin: string }, words: string, limit: number | bigint): string {
  if (issue.origin === "string") return `must have ${words} ${limit} characters`;
  if (issue.origin === "array") return `must have ${words} ${limit} items`;
  return `must be ${words} ${limit}`;
}

function kind(name: string): string {
  return KINDS[name] ?? name;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
