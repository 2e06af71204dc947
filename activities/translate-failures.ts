/**
 * The one place where errors of ours become ApplicationFailures: workflows tell them by type, which is our `code`.
 * Told by code and not by class, since Temporal's sandbox and copies of modules break `instanceof`.
 */
import { ApplicationFailure } from "@temporalio/common";

type AnyActivity = (input: never) => Promise<unknown>;

export function translateFailures<A extends { readonly [K in keyof A]: AnyActivity }>(activities: A): A {
  const wrapped = Object.entries<AnyActivity>(activities).map(([name, activity]) => [
    name,
    async (input: never): Promise<unknown> => {
      try {
        return await activity(input);
      } catch (thrown) {
        throw toApplicationFailure(thrown);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as A;
}

/** Without the stack and the cause: they could hold a URL or an address, and the history shows them to everybody. */
function toApplicationFailure(thrown: unknown): unknown {
  if (thrown instanceof ApplicationFailure || !(thrown instanceof Error)) return thrown;
  if (thrown.name === "CancelledFailure") return thrown;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "unexpected";
  const isFinal = "retryable" in thrown && thrown.retryable === false;
  return ApplicationFailure.create({ message: thrown.message, type: code, nonRetryable: isFinal });
}
