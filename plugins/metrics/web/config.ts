/** `provider.web` of a metric. */
import type { HeaderField, OAuth2Config } from "../http_config.ts";

export interface WebConfig {
  readonly url?: string;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: readonly HeaderField[];
  readonly body?: string;
  readonly jsonBody?: unknown;
  /** Default `{$}`. */
  readonly jsonPath?: string;
  /** Default 10. */
  readonly timeoutSeconds?: number;
  readonly insecure?: boolean;
  readonly authentication?: { readonly oauth2?: OAuth2Config };
}
