/** What is sent to Postgres and what comes back; the shape that every operation of this room is written against. */

/** A named statement is prepared once a connection: for those on the way of every alert. The name stands for the text. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/**
 * A row as this room reads it: times are Instants, bytes are hex, 64-bit integers are numbers, json is parsed. Columns
 * are the operation's own knowledge: it names the row's type beside its SQL.
 */
export interface Queryable {
  query<Row extends object>(statement: Statement): Promise<readonly Row[]>;
}

export interface Transaction extends Queryable {
  /**
   * Sends without waiting for the answer: the next statement follows on the wire at once, and `commit` behind the last.
   * A failure surfaces when the transaction ends; nothing is committed then.
   */
  send(statement: Statement): void;
}
