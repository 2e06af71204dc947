/** Who did something, as every `by` and `created_by` tells it (contract.md 3 and 4). */

export type ActorKind = "system" | "rule" | "staff" | "contact" | "integration";

export interface Actor {
  readonly kind: ActorKind;
  /** `Tocsin` for the system (IST-7), the rule's name, the key's name, the person's name. */
  readonly name: string;
  /** The rule that acted, with the place of its word `rule` relative to the rules folder. */
  readonly rule?: string;
  readonly file?: string;
  readonly line?: number;
}

export const SYSTEM_ACTOR: Actor = { kind: "system", name: "Tocsin" };

/** Staff and contacts are human; integrations, rules and the system are not (contract.md 4, Idle and Untouched). */
export function isHuman(actor: Actor): boolean {
  return actor.kind === "staff" || actor.kind === "contact";
}
