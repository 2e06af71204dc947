/** Ends exhaustive switches: a new union member does not compile until it is handled. Knows nothing. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
