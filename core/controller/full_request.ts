/** A request of a plugin, checked and with its defaults. */
import type { HttpRequest } from "../../sdk/ports.ts";
import { HttpFailure } from "./http_failure.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 10 * 1024 * 1024;

/** A request whose defaults are filled in. */
export type FullRequest =
  & Required<Omit<HttpRequest, "body" | "url">>
  & { readonly url: URL; readonly body?: string };

/** @throws {HttpFailure} when the address is none */
export function fullRequest({ method, url, headers, body, ...limits }: HttpRequest): FullRequest {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new HttpFailure("the address is no URL that begins with http:// or https://");
  }
  const names = Object.entries({ ...headers }).map(([name, value]) => [name.toLowerCase(), value]);
  const own: Record<string, string> = Object.fromEntries(names);
  // Name and password in a URL are sent as the header that they stand for.
  if (parsed.username !== "" || parsed.password !== "") {
    const [user, password] = [parsed.username, parsed.password].map(decodeURIComponent);
    own["authorization"] ??= `Basic ${base64(`${user}:${password}`)}`;
    parsed.username = parsed.password = "";
  }
  return {
    method: method ?? "GET",
    url: parsed,
    headers: own,
    timeoutMs: limits.timeoutMs ?? TIMEOUT_MS,
    maxBytes: limits.maxBytes ?? MAX_BYTES,
    insecure: limits.insecure ?? false,
    ...(body === undefined ? {} : { body }),
  };
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
