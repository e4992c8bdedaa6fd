/** What a plugin may use of the world outside. Nothing else: no files, no environment, no clock. */

/** Handed to the actions of a plugin. */
export interface PluginPorts {
  /** Milliseconds since 1970; in a simulation, virtual time. */
  now(): number;
  /** Sends a request. Rejects with an `Error` when there is no answer in time. */
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
}

/** An answer, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
