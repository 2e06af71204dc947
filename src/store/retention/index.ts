/** What is kept for a time only. */
export { deleteExpired } from "./delete-expired.ts";
