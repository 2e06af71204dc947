/** Turns the text of one setting into a value, or throws a ConfigError that names the setting. Knows nothing of the settings' use. */
import { isIP } from "node:net";
import { ConfigError } from "./config-error.ts";
import type { SettingName } from "./settings.ts";

const PORT_MAX = 65_535;
const COUNT_MAX = 10_000_000;
const DAYS_MAX = 36_500;
const MS_PER_DAY = 86_400_000;
const CODEC_KEY_BYTES = 32;

export function parsePort(name: SettingName, text: string): number {
  return parseWhole(name, text, { max: PORT_MAX, what: "a port, 0 to 65535 (0 picks a free one)" });
}

export function parseCount(name: SettingName, text: string): number {
  return parseWhole(name, text, { max: COUNT_MAX, what: `a whole number from 0 to ${COUNT_MAX}` });
}

/** `90`, `90d`, `90 days` -> milliseconds. */
export function parseDays(name: SettingName, text: string): number {
  const days = /^(\d+)\s*(?:d|days?)?$/u.exec(text.trim())?.[1];
  if (days === undefined || Number(days) < 1 || Number(days) > DAYS_MAX) {
    throw wrong(name, text, "a number of days, such as 90 or 90 days");
  }
  return Number(days) * MS_PER_DAY;
}

export function parseBoolean(name: SettingName, text: string): boolean {
  if (/^(true|1|yes|on)$/iu.test(text)) return true;
  if (/^(false|0|no|off)$/iu.test(text)) return false;
  throw wrong(name, text, "true or false");
}

export function parseChoice<const T extends string>(
  name: SettingName,
  text: string,
  choices: readonly T[],
): T {
  const found = choices.find((choice) => choice === text.toLowerCase());
  if (found === undefined) throw wrong(name, text, choices.join(" or "));
  return found;
}

/** The value is not repeated in the message when it may hold a password. */
export function parseUrl(name: SettingName, text: string, schemes: readonly string[]): string {
  const what = `a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(" or ")}`;
  if (!URL.canParse(text)) throw new ConfigError(name, `${name} is not a URL: it must be ${what}.`);
  const url = new URL(text);
  if (!schemes.includes(url.protocol)) {
    throw new ConfigError(name, `${name} begins with ${url.protocol}//, but it must be ${what}.`);
  }
  return text;
}

/** `HOST:PORT`, as the Temporal SDKs take it; a URL is a common mistake and told as such. */
export function parseHostPort(name: SettingName, text: string): string {
  const port = /^(?:\[[0-9a-f:]+\]|[^\s:/[\]]+):(\d+)$/iu.exec(text)?.[1];
  if (port === undefined || Number(port) < 1 || Number(port) > PORT_MAX) {
    throw wrong(name, text, "a host and a port, such as temporal.example.com:7233");
  }
  return text;
}

function parseList(text: string): readonly string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** Host, host:port, address, address:port (`[::1]:80`) or network: what the egress guard reads (callouts/egress-policy.ts). */
export function parseEgressAllow(name: SettingName, text: string): readonly string[] {
  const entries = parseList(text);
  const odd = entries.find((entry) => !isEgressEntry(entry));
  if (odd !== undefined)
    throw wrong(
      name,
      odd,
      "a host, host:port, address or network, such as rmm.corp.example, 10.1.2.3:8443 or 10.0.0.0/8 (several with commas)",
    );
  return entries;
}

function isEgressEntry(entry: string): boolean {
  if (entry.includes("/")) return isNetwork(entry);
  if (isIP(entry) !== 0) return true;
  const [, bracketed, host, port] = /^(?:\[([^\]]+)\]|([^:\s[\]]+))(?::(\d{1,5}))?$/u.exec(entry) ?? [];
  if (port !== undefined && Number(port) > PORT_MAX) return false;
  if (bracketed !== undefined) return isIP(bracketed) === 6;
  return host !== undefined && isHostName(host);
}

/** A name of only digits and dots that is no address is one with a slip in it: `10.0.0.300`. */
function isHostName(host: string): boolean {
  if (/^[\d.]+$/u.test(host)) return isIP(host) !== 0;
  return (
    host.length <= 253 &&
    /^(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?\.)*[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?\.?$/u.test(
      host,
    )
  );
}

function isNetwork(entry: string): boolean {
  const [, address, bits] = /^([^/]+)\/(\d{1,3})$/u.exec(entry) ?? [];
  const version = isIP(address ?? "");
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

/** `noc@msp.example`, `NOC <noc@msp.example>`: what stands behind `From:`. */
export function parseSender(name: SettingName, text: string): string {
  const address = String.raw`[^\s@<>",;:()]+@[^\s@<>",;:()]+`;
  const form = new RegExp(`^(?:${address}|(?:"[^"\r\n]*"|[^<>"@,;:\r\n]*)\\s*<${address}>)$`, "u");
  if (form.test(text.trim())) return text.trim();
  throw wrong(name, text, "a mail address, such as tocsin@msp.example or NOC <noc@msp.example>");
}

/** Never repeats the key. */
export function parseCodecKey(name: SettingName, text: string): string {
  const bytes = /^[0-9a-f]{64}$/iu.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64");
  if (bytes.length !== CODEC_KEY_BYTES) {
    throw new ConfigError(
      name,
      `${name} must be 32 bytes as base64 or as 64 hex digits; make one with: openssl rand -base64 32`,
    );
  }
  return text;
}

function parseWhole(
  name: SettingName,
  text: string,
  range: { readonly max: number; readonly what: string },
): number {
  if (!/^\d{1,9}$/u.test(text) || Number(text) > range.max) throw wrong(name, text, range.what);
  return Number(text);
}

function wrong(name: SettingName, text: string, what: string): ConfigError {
  return new ConfigError(name, `${name} is ${JSON.stringify(text.slice(0, 80))}, but it must be ${what}.`);
}
