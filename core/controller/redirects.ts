/** Where an answer leads to. A redirect is followed only within the host of the request. */
import type { FullRequest } from "./full_request.ts";
import { HttpFailure, originOf } from "./http_failure.ts";

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/**
 * The request that an answer asks for instead; undefined: it asks for none.
 * @throws {HttpFailure} when it leads to another host
 */
export function nextRequest(
  request: FullRequest,
  { status, location }: { readonly status: number; readonly location: string | undefined },
): FullRequest | undefined {
  if (!REDIRECTS.includes(status) || location === undefined) return undefined;
  const url = URL.parse(location, request.url);
  if (url === null) {
    throw new HttpFailure(`${originOf(request.url)} redirects to what is no address`);
  }
  url.username = url.password = "";
  if (!isWithinHost(request.url, url)) {
    throw new HttpFailure(
      `${originOf(request.url)} redirects to ${originOf(url)}, which is not followed: ` +
        "it is another host",
    );
  }
  // What is posted is posted again only where the answer says so (307, 308).
  const { body: _body, ...withoutBody } = request;
  const isKept = status >= 307 || request.method === "GET" || request.method === "HEAD";
  return isKept ? { ...request, url } : { ...withoutBody, method: "GET", url };
}

/** The same host and port, or from the usual port of `http` to that of `https`. */
function isWithinHost(from: URL, to: URL): boolean {
  if (to.origin === from.origin) return true;
  const isUpgrade = from.protocol === "http:" && to.protocol === "https:";
  return isUpgrade && from.hostname === to.hostname && from.port === "" && to.port === "";
}
