/** `provider.prometheus` of a metric. */
import type { Authentication, HeaderField } from "../http_config.ts";

export interface PrometheusConfig {
  readonly address?: string;
  readonly query?: string;
  readonly rangeQuery?: { readonly start?: string; readonly end?: string; readonly step?: string };
  /** Seconds. */
  readonly timeout?: number;
  readonly insecure?: boolean;
  readonly headers?: readonly HeaderField[];
  readonly authentication?: Authentication;
}
