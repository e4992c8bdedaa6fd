/** What the configurations of providers that ask over HTTP have in common. */

export interface HeaderField {
  readonly key: string;
  readonly value: string;
}

export interface OAuth2Config {
  readonly tokenUrl?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly scopes?: readonly string[];
}

export interface SigV4Config {
  readonly region?: string;
  readonly profile?: string;
  readonly roleArn?: string;
}

export interface BasicAuthConfig {
  readonly username?: string;
  readonly password?: string;
}

export interface Authentication {
  readonly basicAuth?: BasicAuthConfig;
  readonly oauth2?: OAuth2Config;
  readonly sigv4?: SigV4Config;
}

/**
 * How long a whole measurement may take when each of its requests may take so many seconds: a
 * token may have to be asked for in two ways, and the source as well.
 */
export function deadlineMs(seconds: unknown): number {
  return Math.max(60_000, typeof seconds === "number" ? 4_000 * seconds : 0);
}

/** Headers by name; of several with one name the last counts. */
export function headersOf(fields: readonly HeaderField[] | undefined): Record<string, string> {
  return Object.fromEntries((fields ?? []).map(({ key, value }) => [key.toLowerCase(), value]));
}

/** What is wrong with an OAuth 2 configuration; one without an address of tokens is none. */
export function oauth2Problem(config: OAuth2Config | undefined): string | undefined {
  if (!config?.tokenUrl) return undefined;
  return config.clientId && config.clientSecret
    ? undefined
    : "missing mandatory parameter in metric for OAuth2 setup";
}

/** What is wrong with a name and password. */
export function basicAuthProblem(config: BasicAuthConfig | undefined): string | undefined {
  const { username = "", password = "" } = config ?? {};
  if ((username === "") === (password === "")) return undefined;
  const missing = username === "" ? "username" : "password";
  return `missing mandatory parameter in metric for basic auth setup: ${missing}`;
}
