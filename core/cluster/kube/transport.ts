/** One HTTP request to the API server; `path` starts with `/` and holds the query. */
export interface TransportRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** The head of an answer, and its body: to be read once, in one of two ways. */
export interface TransportAnswer {
  readonly status: number;
  /** The header `Retry-After`. */
  readonly retryAfter: string | undefined;
  /** All headers, names in lower case. */
  headers(): Readonly<Record<string, string>>;
  /** All of it, at about half the memory and time of its pieces. */
  text(): Promise<string>;
  /** Its pieces as they arrive. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** One client with connections of its own. */
export interface Transport {
  /** Resolves when a request would leave at once; absent: it would now. */
  ready?(): Promise<void>;
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** Takes no more requests; those under way run to their end. */
  close(): void;
}
