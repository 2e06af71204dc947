/** `tocsin explain ID`: asks a running server why an alert or a mail became what it did. */
import { limitOf } from "./explain-alone-command.ts";
import { mailExplanationText } from "./explain-mail-text.ts";
import { FINE, FOUND_SOMETHING } from "./exit-code.ts";
import { explanationText } from "./explain-text.ts";
import { callServer, problemText } from "./server-call.ts";
import type { Terminal } from "./terminal.ts";

export async function explain(id: string, limit: string | undefined, terminal: Terminal): Promise<number> {
  const isMail = id.startsWith("ml_");
  const query = limit === undefined || isMail ? "" : `?limit=${limitOf(limit)}`;
  const path = isMail ? "mail" : "alerts";
  const answer = await callServer("GET", `/api/v1/${path}/${encodeURIComponent(id)}/explain${query}`);
  if (answer.status !== 200) {
    const what = isMail ? "mail" : "alert";
    const text = answer.status === 404 ? `The server has no ${what} ${id}.` : problemText(answer);
    terminal.answer(answer.body, text);
    return FOUND_SOMETHING;
  }
  terminal.answer(answer.body, isMail ? mailExplanationText(answer.body) : explanationText(answer.body));
  return FINE;
}
