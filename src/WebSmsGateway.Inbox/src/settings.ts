/** What the gateway writes into the page when it serves it. */
export interface Settings {
  /** The IANA name of the account's time zone. */
  readonly zone: string;
  /** Whether texts and codes are covered until somebody asks for them. */
  readonly masked: boolean;
  /** Whether the gateway takes callers without credentials. */
  readonly anonymous: boolean;
  /** The key of the sandbox; absent in production. */
  readonly sandboxKey?: string;
}

export const defaults: Settings = { zone: "Europe/Moscow", masked: false, anonymous: false };

export function readSettings(text: string | null | undefined): Settings {
  return { ...defaults, ...(JSON.parse(text ?? "{}") as Partial<Settings>) };
}

export const settings = readSettings(document.querySelector<HTMLMetaElement>("meta[name=inbox-settings]")?.content);
