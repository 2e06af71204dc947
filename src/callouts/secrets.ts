/** Values of `secret "name"`, looked up at the moment of sending, and their masking in everything that is kept or shown. */

const MASK = "***";

export interface Secrets {
  /** Undefined when nobody gave it. Names compare without case. */
  value(name: string): string | undefined;
  /** Replaces every known value, also percent-encoded, JSON-escaped, as base64 and inside a basic credential. */
  mask(text: string): string;
  /** Masks the `user:password` pair of this delivery too. */
  withBasic(user: string, password: string): Secrets;
}

export function buildSecrets(values: ReadonlyMap<string, string>): Secrets {
  return secretsOf(new Map([...values].map(([name, value]) => [name.toUpperCase(), value])), []);
}

/** Thrown before anything is sent: nobody gave it, or what it is given as cannot be used. */
export class SecretUnusable extends Error {
  override readonly name = "SecretUnusable";
  readonly code = "secret_unusable";
  readonly retryable = true;
}

export function needSecret(secrets: Secrets, name: string): string {
  const value = secrets.value(name);
  if (value !== undefined && value !== "") return value;
  throw new SecretUnusable(
    `secret "${name}" is not given: set TOCSIN_SECRET_${name.toUpperCase()} or name it in TOCSIN_SECRETS_FILE`,
  );
}

function secretsOf(values: ReadonlyMap<string, string>, further: readonly string[]): Secrets {
  const forms = [...new Set([...values.values(), ...further].flatMap(formsOf))].toSorted(
    (a, b) => b.length - a.length,
  );
  return {
    value: (name) => values.get(name.toUpperCase()),
    mask: (text) => forms.reduce((masked, form) => masked.replaceAll(form, MASK), text),
    withBasic: (user, password) =>
      secretsOf(values, [
        ...further,
        `${user}:${password}`,
        Buffer.from(`${user}:${password}`).toString("base64"),
      ]),
  };
}

/** The longest first, so that a value inside another leaves no rest of it behind. */
function formsOf(value: string): readonly string[] {
  if (value === "") return [];
  const encoded = encodeURIComponent(value.toWellFormed());
  const base64 = Buffer.from(value).toString("base64");
  return [
    value,
    encoded,
    encoded.toLowerCase(),
    encoded.replaceAll(/%[0-9A-F]{2}/gu, (escape) => escape.toLowerCase()),
    new URLSearchParams([["", value]]).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
    ...(value.length < BASE64_FORM_MIN
      ? []
      : [base64, base64.replace(/=+$/u, ""), Buffer.from(value).toString("base64url")]),
  ].filter((form) => form !== "");
}

/** The base64 of a character or two would mask half of any text. */
const BASE64_FORM_MIN = 4;
