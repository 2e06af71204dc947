/** What is kept for a time only. */
export { deleteExpired, isSwept, newSweep, type Expiry, type Sweep } from "./delete-expired.ts";
export { countOldFirings, foldFirings } from "./fold-firings.ts";
