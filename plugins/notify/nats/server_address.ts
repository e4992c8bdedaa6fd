/** Addresses of NATS servers: `nats://host:4222`, `tls://user:password@host`, `host`. */

const DEFAULT_PORT = 4222;

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** With nothing after it, a token; empty: the address holds none. */
  readonly username: string;
  readonly password: string;
}

/** The addresses of a list with commas; undefined: one of them is none. */
export function serverAddresses(text: string): ServerAddress[] | undefined {
  const addresses = text.split(",").map((each) => serverAddress(each.trim()));
  return addresses.includes(undefined) ? undefined : addresses as ServerAddress[];
}

function serverAddress(text: string): ServerAddress | undefined {
  const [, scheme = "nats", rest = ""] = /^(?:(nats|tls):\/\/)?(.*)$/i.exec(text) ?? [];
  // This scheme has a port, a host and a login as URLs of the web have them.
  const url = URL.parse(`http://${rest.replace(/\/+$/, "")}`);
  if (url === null || rest.includes("://") || url.pathname !== "/" || url.search !== "") {
    return undefined;
  }
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: portOf(rest, url),
      isTls: scheme.toLowerCase() === "tls",
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
  } catch {
    return undefined;
  }
}

/** The web's own port is left out of its URLs. */
function portOf(rest: string, { port }: URL): number {
  if (port !== "") return Number(port);
  return /:80\/*$/.test(rest) ? 80 : DEFAULT_PORT;
}
