/**
 * Keeps two installations out of one namespace of Temporal: workflows are named after tickets, so the clocks and windows of one
 * database would be taken for the other's, and a worker would answer for deliveries that it does not have. The namespace
 * keeps the installation's id among its notes, the database keeps it in a table:
 *
 *   no note (new, lost its data, from before this was there)   -> written, then ours
 *   our id (also of a database restored from a backup)         -> ours
 *   another id                                                 -> refused, until a person says otherwise
 *
 * Where notes may not be written (Temporal Cloud) nothing is refused. Reads and writes notes of the namespace only.
 */
import { isGrpcServiceError } from "@temporalio/client";
import type { Namespace, Temporal } from "./temporal.ts";

/** Workers of this installation must not work here. */
export class NamespaceTaken extends Error {
  override readonly name = "NamespaceTaken";
  readonly code = "temporal_taken";
  readonly retryable = true;
}

/** Whose a namespace is. `since` is when it was noted. */
export type NamespaceOwner =
  | { readonly kind: "nobody" }
  | { readonly kind: "ours"; readonly since: string | undefined }
  | { readonly kind: "another"; readonly installation: string; readonly since: string | undefined };

/** gRPC: INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED: notes are not to be written here. */
const NOT_TO_BE_NOTED: ReadonlySet<number> = new Set([3, 5, 7, 12, 16]);

/** By task queue, since that is what workers share; `temporal operator namespace update --data` takes it too. */
export function noteOf(rulesQueue: string): string {
  return `${rulesQueue}.installation`;
}

export function ownerOf({ data }: Namespace, rulesQueue: string, installation: string): NamespaceOwner {
  const [noted = "", since] = (data[noteOf(rulesQueue)] ?? "").trim().split(" ");
  if (noted === "") return { kind: "nobody" };
  return noted === installation ? { kind: "ours", since } : { kind: "another", installation: noted, since };
}

/** What a look at the namespace is for: to work there from now on, or whether one still may. */
export interface Claim {
  readonly rulesQueue: string;
  readonly installation: string;
  readonly wants: "to begin" | "to go on";
}

/**
 * Of two that come at once the last to write stays; the other is refused when it looks again, seconds later.
 * Throws: NamespaceTaken (`temporal_taken`), TemporalAway.
 */
export async function claimNamespace(temporal: Temporal, found: Namespace, claim: Claim): Promise<void> {
  const { rulesQueue, installation } = claim;
  const owner = ownerOf(found, rulesQueue, installation);
  if (owner.kind === "another")
    throw new NamespaceTaken(describeTaken(temporal.namespace, rulesQueue, owner, installation));
  if (owner.kind === "nobody" && claim.wants === "to begin")
    await note(temporal, noteOf(rulesQueue), `${installation} ${new Date().toISOString()}`);
}

export function describeTaken(
  namespace: string,
  rulesQueue: string,
  { installation, since }: Extract<NamespaceOwner, { kind: "another" }>,
  ours: string,
): string {
  const when = since === undefined ? "" : ` since ${since}`;
  return `Temporal's namespace ${namespace} is used by another Tocsin installation, ${installation}${when}; this database is ${ours}. Set TEMPORAL_NAMESPACE to a namespace of its own; if that installation is gone, see docs/upgrading.md, One namespace, one installation (its note is ${noteOf(rulesQueue)})`;
}

async function note({ client, namespace, call }: Temporal, key: string, value: string): Promise<void> {
  const updateInfo = { data: { [key]: value } };
  try {
    await call(() => client.workflowService.updateNamespace({ namespace, updateInfo }));
  } catch (thrown) {
    const said = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
    if (!(isGrpcServiceError(said) && NOT_TO_BE_NOTED.has(said.code))) throw thrown;
  }
}
