/**
 * What a person wrote in this mail: `text` without the mail that it answers and without the signature. Line by line, linear.
 *
 * Own instead of email-reply-parser: its patterns over the whole text take time of a higher power on crafted mail, its German and Outlook
 * forms need an address in brackets, and a text block of a monitoring product that begins with "From:" would be cut.
 * Cuts too little rather than too much: the whole text is kept beside.
 */

/** `On Mon, 16 Nov 2026 at 10:00, Anna <a@b> wrote:` in the languages of the people who write; on at most three lines. */
const ATTRIBUTION_STARTS = /^(?:On|Am|El|Le|Il|Em|Op|Den|W dniu|Dnia|Il giorno|On behalf of)\s/u;
const ATTRIBUTION_ENDS =
  /(?:wrote|schrieb|escribió|escribio|a écrit|ha scritto|escreveu|schreef|skrev|napisał\(a\)|napisał|pisze)(?=[\s:]).{0,200}:$/u;
/** `Anna Muster <anna@acme.example> schrieb am Mo., 16. Nov. 2026, 10:00:` */
const NAME_FIRST = /\s(?:schrieb|wrote|escribió|a écrit|ha scritto)\s(?:am|on|el|le|il)\s.{1,100}:$/u;
const ATTRIBUTION_CHARACTERS_MAX = 500;
const ATTRIBUTION_LINES_MAX = 3;

const ORIGINAL_MESSAGE =
  /^-{2,20}\s?(?:original message|original appointment|ursprüngliche nachricht|originalnachricht|mensaje original|message d'origine|messaggio originale|mensagem original|oorspronkelijk bericht)\s?-{2,20}$/iu;
/** What was forwarded is what the person wants to be read. */
const FORWARDED =
  /^(?:-{2,20}\s?(?:forwarded message|weitergeleitete nachricht|mensaje reenviado|message transféré|messaggio inoltrato)\s?-{2,20}|begin forwarded message:|anfang der weitergeleiteten nachricht:|inicio del mensaje reenviado:)$/iu;

/** Outlook writes the header of the answered mail above it. */
const HEADER_FROM = /^\*?(?:from|von|de|da|van|från|fra)\s?:\*?\s\S/iu;
const HEADER_SENT =
  /^\*?(?:sent|date|gesendet|datum|enviado(?: el)?|fecha|envoyé|inviato|verzonden)\s?:\*?\s\S/iu;
const HEADER_TO = /^\*?(?:to|an|para|à|a|aan|subject|betreff|asunto|objet|oggetto|onderwerp)\s?:\*?\s\S/iu;
const HEADER_LINES_MAX = 6;

/** How each line begins after which the answered mail may come, but for `NAME_FIRST`, which has an address: most lines are none. */
const MAY_END_TEXT =
  /^(?:-{2}|\*?(?:from|von|de|da|van|från|fra)\s?:|begin|anfang|inicio|On|Am|El|Le|Il|Em|Op|Den|W dniu|Dnia)/iu;

const SIGNATURE = /^(?:--|__)\s?$/u;
/** Without the blank of RFC 3676 `--` may be a rule between paragraphs: then only near the end. */
const SIGNATURE_LINES_MAX = 15;
const SENT_FROM =
  /^(?:sent from my |sent from (?:outlook|mail|yahoo)|get outlook for |von meinem .{1,60} gesendet|gesendet (?:von|mit) |enviado desde |enviado de mi |obtener outlook para |holen sie sich outlook |outlook für .{1,40} beziehen|envoyé de mon |envoyé depuis )/iu;
const SENT_FROM_LINES_MAX = 4;
const FORWARD_SUBJECT = /^\s*(?:fwd?|wg|rv|tr|i|enc|doorst)\s?:/iu;

export function cutReply(text: string, subject: string): string {
  const lines = text.split("\n");
  const answer = withoutQuotes(lines, FORWARD_SUBJECT.test(subject));
  const own = withoutSignature(answer).join("\n").trim();
  return own === "" ? text.trim() : own;
}

function withoutQuotes(lines: readonly string[], isForward: boolean): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? "").trim();
    if (!MAY_END_TEXT.test(line) && !line.includes("@")) {
      kept.push(lines[at] ?? "");
      continue;
    }
    if (FORWARDED.test(line)) return [...kept, ...lines.slice(at)];
    if (ORIGINAL_MESSAGE.test(line)) return kept;
    if (!isForward && isHeaderOfAnswered(lines, at)) return withoutRule(kept);
    const length = attributionLength(lines, at);
    if (length === 0) {
      kept.push(lines[at] ?? "");
      continue;
    }
    const below = afterQuote(lines, at + length);
    if (below === undefined) return kept;
    if (below.isInterleaved) return withoutLastQuote([...kept, ...lines.slice(at + length)]);
    at = below.next - 1;
  }
  return withoutLastQuote(kept);
}

/** 0: none begins here. */
function attributionLength(lines: readonly string[], at: number): number {
  const first = (lines[at] ?? "").trim();
  if (first.length > ATTRIBUTION_CHARACTERS_MAX || first.startsWith(">")) return 0;
  if (first.includes("@") && NAME_FIRST.test(first)) return 1;
  if (!ATTRIBUTION_STARTS.test(first)) return 0;
  let joined = "";
  for (let length = 1; length <= ATTRIBUTION_LINES_MAX; length++) {
    const line = (lines[at + length - 1] ?? "").trim();
    if (line === "") return 0;
    joined = joined === "" ? line : `${joined} ${line}`;
    if (joined.length > ATTRIBUTION_CHARACTERS_MAX) return 0;
    if (ATTRIBUTION_ENDS.test(joined) && /[\d@]/u.test(joined)) return length;
  }
  return 0;
}

/** Undefined: all below is the answered mail. Else what follows its quote, when somebody writes below or between. */
function afterQuote(
  lines: readonly string[],
  from: number,
): { readonly next: number; readonly isInterleaved: boolean } | undefined {
  let at = from;
  while (at < lines.length && (lines[at] ?? "").trim() === "") at += 1;
  if (!isQuoted(lines[at])) return undefined;
  while (at < lines.length && (isQuoted(lines[at]) || (lines[at] ?? "").trim() === "")) at += 1;
  if (at >= lines.length) return undefined;
  return { next: at, isInterleaved: lines.slice(at).some(isQuoted) };
}

function isQuoted(line: string | undefined): boolean {
  return line?.trimStart().startsWith(">") ?? false;
}

function withoutLastQuote(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  while (end > 0 && (isQuoted(lines[end - 1]) || (lines[end - 1] ?? "").trim() === "")) end -= 1;
  return lines.slice(0, end);
}

function isHeaderOfAnswered(lines: readonly string[], at: number): boolean {
  if (!HEADER_FROM.test((lines[at] ?? "").trim())) return false;
  const below = lines.slice(at + 1, at + 1 + HEADER_LINES_MAX).map((line) => line.trim());
  return below.some((line) => HEADER_SENT.test(line)) && below.some((line) => HEADER_TO.test(line));
}

/** The line of underscores that Outlook draws above its header. */
function withoutRule(lines: readonly string[]): readonly string[] {
  const text = withoutLastQuote(lines);
  return /^_{5,}$/u.test((text.at(-1) ?? "").trim()) ? text.slice(0, -1) : text;
}

function withoutSignature(lines: readonly string[]): readonly string[] {
  const text = withoutLastQuote(lines);
  const start = text.findIndex(
    (line, at) =>
      line === "-- " || (SIGNATURE.test(line) && at > 0 && text.length - at <= SIGNATURE_LINES_MAX),
  );
  const body = start < 0 ? text : text.slice(0, start);
  const sentFrom = body.findIndex(
    (line, at) => body.length - at <= SENT_FROM_LINES_MAX && SENT_FROM.test(line.trim()),
  );
  return sentFrom < 0 ? body : body.slice(0, sentFrom);
}
