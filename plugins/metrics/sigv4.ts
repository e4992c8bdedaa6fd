/** AWS Signature Version 4: a request that AWS knows to be ours. */
import type { HttpRequest, PluginPorts } from "../../sdk/ports.ts";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region: string;
}

export interface Signer extends AwsCredentials {
  /** Name of the service in signatures: `aps`, `sts`. */
  readonly service: string;
}

/** The headers of the request, with those that sign it. */
export async function signed(
  { method = "GET", url, headers, body = "" }: HttpRequest,
  { accessKeyId, secretAccessKey, sessionToken, region, service }: Signer,
  ports: Pick<PluginPorts, "now">,
): Promise<Record<string, string>> {
  const { host, pathname, searchParams } = new URL(url);
  const time = new Date(ports.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  const day = time.slice(0, 8);
  const own: Record<string, string> = {
    host,
    "x-amz-date": time,
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken }),
  };
  const names = Object.keys(own).sort();
  const signedHeaders = names.join(";");
  const canonical = [
    method,
    // The path as it is sent is encoded once more.
    pathname.split("/").map(encoded).join("/"),
    [...searchParams].map((pair) => pair.map(encoded).join("=")).sort().join("&"),
    ...names.map((name) => `${name}:${own[name]}`),
    "",
    signedHeaders,
    await sha256(body),
  ].join("\n");
  const scope = [day, region, service, "aws4_request"].join("/");
  const text = ["AWS4-HMAC-SHA256", time, scope, await sha256(canonical)].join("\n");
  let key = bytesOf(`AWS4${secretAccessKey}`);
  for (const part of [day, region, service, "aws4_request"]) key = await hmac(key, part);
  const signature = (await hmac(key, text)).toHex();
  const { host: _host, ...sent } = own;
  return {
    ...headers,
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, ` +
      `SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

/** As RFC 3986 has it: letters, digits and `-._~` stand for themselves. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(text))).toHex();
}

async function hmac(
  secret: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const usage = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, usage, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytesOf(text)));
}
