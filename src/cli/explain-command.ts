/** `tocsin explain ID`: asks a running server why an alert did what it did. */
import { limitOf } from "./explain-alone-command.ts";
import { FINE, FOUND_SOMETHING } from "./exit-code.ts";
import { explanationText } from "./explain-text.ts";
import { callServer, problemText } from "./server-call.ts";
import type { Terminal } from "./terminal.ts";

export async function explain(id: string, limit: string | undefined, terminal: Terminal): Promise<number> {
  const query = limit === undefined ? "" : `?limit=${limitOf(limit)}`;
  const answer = await callServer("GET", `/api/v1/alerts/${encodeURIComponent(id)}/explain${query}`);
  if (answer.status !== 200) {
    const text = answer.status === 404 ? `The server has no alert ${id}.` : problemText(answer);
    terminal.answer(answer.body, text);
    return FOUND_SOMETHING;
  }
  terminal.answer(answer.body, explanationText(answer.body));
  return FINE;
}
