/** The smallest client of an API server that booting and its test need. */

export interface ApiServer {
  readonly url: string;
  readonly token: string;
  /** The certificate to trust. */
  readonly caPem: string;
}

/** What an API server answered; the body is parsed JSON, or text where it is none. */
export interface ApiAnswer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

export class ApiClient {
  readonly #server: ApiServer;
  readonly #http: Deno.HttpClient;

  constructor(server: ApiServer) {
    this.#server = server;
    this.#http = Deno.createHttpClient({ caCerts: [server.caPem] });
  }

  /**
   * Answers of any status are returned; only a server that cannot be reached is an error. A PATCH
   * is a strategic one if `contentType` does not say otherwise.
   */
  async request(
    method: string,
    path: string,
    body?: unknown,
    contentType = method === "PATCH"
      ? "application/strategic-merge-patch+json"
      : "application/json",
  ): Promise<ApiAnswer> {
    const response = await fetch(this.#server.url + path, {
      method,
      client: this.#http,
      headers: {
        "authorization": `Bearer ${this.#server.token}`,
        "content-type": contentType,
        "user-agent": "sluice-control-plane",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  }

  /** As request(), for when no other answer than success will do. */
  async expect(
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ): Promise<ApiAnswer["body"]> {
    const answer = await this.request(method, path, body, contentType);
    if (answer.status < 300) return answer.body;
    const said = answer.body?.message ?? answer.body;
    throw new Error(`Cannot ${method} "${path}": the server answered ${answer.status} "${said}"`);
  }

  close(): void {
    this.#http.close();
  }
}
