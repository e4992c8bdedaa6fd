/** What a plugin may use of the world outside. Nothing else: no files, no environment, no clock. */

/** Handed to the actions of a plugin. */
export interface PluginPorts {
  /** Milliseconds since 1970; in a simulation, virtual time. */
  now(): number;
  /**
   * Sends a request. Rejects with an `Error` when there is no whole answer in time; its message
   * says what failed in one sentence, and holds nothing of the request but scheme, host and port.
   * A redirect is followed only within the host of the request, or to its `https`; one that leads
   * elsewhere is an error.
   */
  fetch(request: HttpRequest): Promise<HttpResponse>;
  log(level: "debug" | "info" | "warning" | "error", message: string): void;
}

export interface HttpRequest {
  /** Default GET. */
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default 10 seconds. */
  readonly timeoutMs?: number;
  /** A longer answer is an error; default 10 MiB. */
  readonly maxBytes?: number;
  /** Any certificate will do; default false. */
  readonly insecure?: boolean;
}

/** An answer, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
