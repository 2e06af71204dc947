/**
 * Text hygiene at the door (contract.md 4, Text): control characters, NUL and lone surrogates become U+FFFD, so that an
 * odd byte costs nobody a ticket. Tab, line feed and carriage return are ordinary parts of a text and stay.
 */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;

export function isCleanText(text: string): boolean {
  return !CONTROL.test(text) && text.isWellFormed();
}

export function mendText(text: string): string {
  return isCleanText(text) ? text : text.toWellFormed().replace(CONTROLS, "\ufffd");
}
