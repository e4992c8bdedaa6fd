import type { Clock } from "../../ports/clock.ts";
import type { Credentials } from "./credentials.ts";
import { fetchTransport } from "./fetch_transport.ts";
import { httpsTransport } from "./https_transport.ts";
import type { Transport } from "./transport.ts";

/** A new client for these credentials. */
export function openTransport(credentials: Credentials, clock: Clock): Transport {
  // The runtime's own client, the cheaper one by far, can do neither of these two.
  const isSpecial = credentials.insecureSkipTlsVerify || credentials.tlsServerName !== undefined;
  const isEncrypted = credentials.server.startsWith("https:");
  return isSpecial && isEncrypted
    ? httpsTransport(credentials)
    : fetchTransport(credentials, clock);
}
