/** Why there is no answer, in one sentence that holds nothing secret of the request. */

/** The sentence is complete: what, where, why. */
export class HttpFailure extends Error {
  override readonly name = "HttpFailure";
}

/** Scheme, host and port: all of a URL that may be told. */
export function originOf({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

/** What the runtime says, without the URL, which it repeats with everything in it. */
export function explained(error: unknown, url: URL): HttpFailure {
  if (error instanceof HttpFailure) return error;
  const told = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = told instanceof Error ? told.message : String(told);
  const origin = originOf(url);
  if (/certificate/i.test(message)) {
    return new HttpFailure(
      `Cannot trust ${origin}: ${reasonIn(message)}; "insecure: true" takes any certificate`,
    );
  }
  return new HttpFailure(`Cannot reach ${origin}: ${reasonIn(message)}`);
}

/** The innermost of the reasons; the other parts of the sentence name addresses. */
function reasonIn(message: string): string {
  const known = KNOWN.find(([pattern]) => pattern.test(message));
  return known === undefined ? "the connection failed" : known[1];
}

const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/refused/i, "connection refused"],
  [/dns|lookup|ENOTFOUND|not known/i, "no such host"],
  [/CaUsedAsEndEntity|UnknownIssuer|self.?signed|issuer/i, "its certificate is of nobody known"],
  [/NotValidForName|hostname|altname/i, "its certificate is for another host"],
  [/expired/i, "its certificate has expired"],
  [/certificate/i, "its certificate is not valid"],
  [/corrupt message|wrong version|tls|ssl|handshake/i, "it does not speak TLS"],
  [/reset|closed|ended|hang up|EOF/i, "the connection was closed before the answer was complete"],
  [/timed? ?out/i, "the connection timed out"],
  [/unreachable/i, "the network is unreachable"],
  [/are blocked/i, "requests to that port are blocked"],
];
