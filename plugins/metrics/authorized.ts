/** A request that says who asks, in the ways that a configuration names. */
import type { MetricPorts } from "../../sdk/metric_provider.ts";
import type { HttpRequest } from "../../sdk/ports.ts";
import type { Authentication } from "./http_config.ts";

/** The address of a service that takes signatures of AWS. */
const SIGNED = /aps-workspaces/;

/**
 * The request with what it needs: name and password, a signature, a token; what comes later
 * overrides what came before. The parts are loaded when one is needed.
 */
export async function authorized(
  request: HttpRequest,
  { basicAuth, oauth2, sigv4 }: Authentication,
  ports: MetricPorts,
): Promise<HttpRequest> {
  let headers = { ...request.headers };
  if (basicAuth?.username && basicAuth.password) {
    const { username, password } = basicAuth;
    const bytes = new TextEncoder().encode(`${username}:${password}`);
    const proof = bytes.toBase64();
    ports.conceal(proof);
    headers["authorization"] = `Basic ${proof}`;
  }
  const isSigned = Object.values(sigv4 ?? {}).some((value) => value !== "");
  if (sigv4 !== undefined && isSigned && SIGNED.test(request.url)) {
    const { signed } = await import("./sigv4.ts");
    const { awsCredentials } = await import("./aws_credentials.ts");
    const credentials = await awsCredentials(sigv4, ports);
    headers = await signed({ ...request, headers }, { ...credentials, service: "aps" }, ports);
  }
  if (oauth2?.tokenUrl) {
    const { oauth2Header } = await import("./oauth2.ts");
    const { insecure = false, timeoutMs = 10_000 } = request;
    headers["authorization"] = await oauth2Header(oauth2, { insecure, timeoutMs }, ports);
  }
  return { ...request, headers };
}
