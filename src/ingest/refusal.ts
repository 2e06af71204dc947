/** What the door says when it does not take something: a code of contract.md 3 and where it is wrong. Knows no HTTP. */

/** Where in the body, as `title`, `[3].tags[0]` or the empty text for the whole. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export type RefusalCode = "invalid_json" | "invalid_body" | "too_deep" | "too_many_items";

export interface Refusal {
  readonly kind: "refused";
  readonly code: RefusalCode;
  readonly detail: string;
  readonly errors: readonly FieldError[];
}

export function refused(code: RefusalCode, detail: string, errors: readonly FieldError[] = []): Refusal {
  return { kind: "refused", code, detail, errors };
}

/** One sentence that names the first error, for callers who show only `detail`. */
export function invalidBody(errors: readonly FieldError[]): Refusal {
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const place = first === undefined || first.path === "" ? "the body" : `\`${first.path}\``;
  return refused(
    "invalid_body",
    `${place}: ${first?.message ?? "is not what this call takes"}${more}`,
    errors,
  );
}
