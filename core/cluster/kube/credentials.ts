/** Where an API server is, how it proves who it is, and how we do. */
export interface Credentials {
  /** URL of the API server, possibly with a path. */
  readonly server: string;
  /** The namespace to use where none is named. */
  readonly namespace: string;
  /** Certificates to trust, beside those that the machine trusts. */
  readonly caPem?: string;
  /** Our certificate and its key: both or none. */
  readonly certPem?: string;
  readonly keyPem?: string;
  /** Headers of the next request that say who we are; asked anew for each, since tokens expire. */
  headers(): Promise<Record<string, string>>;
  /** The server did not accept those headers: the next are new. Absent: there will be no others. */
  renew?(): void;
  /** Take any certificate of the server. */
  readonly insecureSkipTlsVerify?: boolean;
  /** The name that the server's certificate must carry, instead of the URL's. */
  readonly tlsServerName?: string;
  /** An `http`, `https` or `socks5` proxy on the way to the server. */
  readonly proxyUrl?: string;
}

/** How a user proves who they are: by a certificate, by headers, or both. */
export interface Authentication {
  readonly certPem?: string;
  readonly keyPem?: string;
  headers(): Promise<Record<string, string>>;
  /** As `Credentials.renew`. */
  renew?(): void;
}
