/** Turns the text of one setting into a value, or throws a ConfigError that names the setting. Knows nothing of the settings' use. */
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

export function parseList(text: string): readonly string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
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
