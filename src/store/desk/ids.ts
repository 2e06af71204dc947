/** The id source of the desk's operations in this process. */
import { createIdSource } from "../new-id.ts";

export const newId = createIdSource();
