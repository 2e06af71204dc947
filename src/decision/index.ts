/** The door of decision: (view, events, rules) -> effects. Pure. */
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
export type * from "./types.ts";
