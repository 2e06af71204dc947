/** Character references of HTML and XML, decoded exactly once. The names are those that mail programs write. */

const LATIN1_NAMES =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

const XML_NAMES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

const HTML_NAMES: ReadonlyMap<string, string> = new Map([
  ...XML_NAMES,
  ...LATIN1_NAMES.split(" ").map((name, at) => [name, String.fromCharCode(0xa0 + at)] as const),
  ["OElig", "Œ"],
  ["oelig", "œ"],
  ["Scaron", "Š"],
  ["scaron", "š"],
  ["Yuml", "Ÿ"],
  ["ndash", "–"],
  ["mdash", "—"],
  ["lsquo", "‘"],
  ["rsquo", "’"],
  ["sbquo", "‚"],
  ["ldquo", "“"],
  ["rdquo", "”"],
  ["bdquo", "„"],
  ["dagger", "†"],
  ["bull", "•"],
  ["hellip", "…"],
  ["permil", "‰"],
  ["lsaquo", "‹"],
  ["rsaquo", "›"],
  ["euro", "€"],
  ["trade", "™"],
  ["larr", "←"],
  ["uarr", "↑"],
  ["rarr", "→"],
  ["darr", "↓"],
  ["harr", "↔"],
  ["minus", "−"],
  ["le", "≤"],
  ["ge", "≥"],
  ["ne", "≠"],
  ["check", "✓"],
  ["zwnj", "\u200c"],
  ["zwj", "\u200d"],
  ["ensp", "\u2002"],
  ["emsp", "\u2003"],
  ["thinsp", "\u2009"],
]);

const REFERENCE = /&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z][a-z\d]{1,7}));?/giu;

/** What is no reference stays as it is: an ampersand that nobody escaped. */
export function decodeHtmlEntities(text: string): string {
  return text.includes("&") ? decode(text, HTML_NAMES) : text;
}

/** The five of XML and numbers (domain.md 4). */
export function decodeXmlEntities(text: string): string {
  return text.includes("&") ? decode(text, XML_NAMES) : text;
}

function decode(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(REFERENCE, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return names.get(name) ?? names.get(name.toLowerCase()) ?? whole;
    return toCharacter(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

/** 128 to 159 are meant as windows-1252, as browsers read them. */
function toCharacter(code: number): string {
  if (code >= 0x80 && code <= 0x9f) return new TextDecoder("windows-1252").decode(Uint8Array.of(code));
  const isText =
    code <= 0x10_ff_ff &&
    !(code >= 0xd800 && code <= 0xdfff) &&
    (code >= 0x20 || code === 9 || code === 10 || code === 13);
  return isText ? String.fromCodePoint(code) : "\ufffd";
}
