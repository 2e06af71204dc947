/** The one way in which a setting is wrong: a sentence for the person who typed it. Knows no other room. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "setting_invalid";
  readonly retryable = false;
  /** The environment name of the setting. */
  readonly setting: string;

  constructor(setting: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.setting = setting;
  }
}
