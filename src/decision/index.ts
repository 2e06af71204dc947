/** The door of decision: (view, events, rules) -> effects. Pure. */
export { applyEffects, emptyDesk, viewOf, type MemoryDesk } from "./apply-effects.ts";
export { decide, type DecideInput } from "./decide.ts";
export {
  dedupKeyOf,
  identityOf,
  onceKey,
  organizationIdentity,
  parseRecordKey,
  recordKey,
  type KeyPart,
  type KeyScope,
  type RecordAddress,
} from "./keys.ts";
export { planNeeds } from "./plan-needs.ts";
export type * from "./types.ts";
