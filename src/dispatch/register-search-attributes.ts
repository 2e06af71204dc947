/**
 * Makes the search attributes known to Temporal, once: a start with an unknown one fails. Where the server has no
 * operator service (Temporal Cloud) they are made by hand, and this says so.
 */
import { searchAttributes } from "../../workflows/search-attributes.ts";
import type { Temporal } from "./temporal.ts";

/** temporal.api.enums.v1.IndexedValueType */
const INDEXED_VALUE_TYPES = { KEYWORD: 2, INT: 3 } as const;

/** Throws: TemporalAway. */
export async function registerSearchAttributes({ client, call, namespace }: Temporal): Promise<void> {
  const { operatorService } = client.connection as typeof client.connection & {
    readonly operatorService?: OperatorService;
  };
  if (operatorService === undefined) return;
  const known = await call(() => operatorService.listSearchAttributes({ namespace }));
  const missing = Object.values(searchAttributes).filter(
    ({ name }) => !(name in (known.customAttributes ?? {})),
  );
  if (missing.length === 0) return;
  await call(() =>
    operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(
        missing.map(({ name, type }) => [name, INDEXED_VALUE_TYPES[type]]),
      ),
    }),
  ).catch((thrown: unknown) => {
    // Two workers that start together: the other one was first.
    if (!(thrown instanceof Error && /already exists/iu.test(thrown.message))) throw thrown;
  });
}

interface OperatorService {
  listSearchAttributes(request: { namespace: string }): Promise<{
    customAttributes?: Record<string, unknown> | null;
  }>;
  addSearchAttributes(request: {
    namespace: string;
    searchAttributes: Record<string, number>;
  }): Promise<unknown>;
}
