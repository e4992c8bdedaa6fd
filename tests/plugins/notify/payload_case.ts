/** What a notifier is told, and the requests that must follow, byte for byte where it matters. */
import type { NotifierSubject } from "../../../sdk/testing/notifier.ts";

export interface PayloadCase extends NotifierSubject {
  readonly about: string;
  readonly requests: readonly ExpectedRequest[];
}

export interface ExpectedRequest {
  readonly method: string;
  readonly url: string;
  /** Those that matter. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSON value, or a text as it stands. */
  readonly body?: unknown;
}
