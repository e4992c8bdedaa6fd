/** Tokens that a private RSA key signs, as GitHub and Google take them (JWT, RS256). */
import type { Fields } from "../../sdk/wire/json.ts";

/**
 * The token for these claims.
 * @throws {Error} for a key that is none
 */
export async function signedToken(claims: Fields, privateKeyPem: string): Promise<string> {
  const key = await importKey(privateKeyPem);
  const parts = [{ alg: "RS256", typ: "JWT" }, claims].map((part) => encoded(bytesOf(part)));
  const text = parts.join(".");
  const data = new TextEncoder().encode(text);
  const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, data);
  return `${text}.${encoded(new Uint8Array(signature))}`;
}

function bytesOf(part: Fields): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(part));
}

function encoded(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

async function importKey(pem: string): Promise<CryptoKey> {
  const kind = /-----BEGIN (RSA )?PRIVATE KEY-----/.exec(pem);
  if (kind === null) throw new Error("the private key is no PEM of an RSA key");
  try {
    const body = pem.replace(/-----[A-Z ]+-----/g, "").replace(/\\n|\s+/g, "");
    const bytes = Uint8Array.fromBase64(body);
    const der = kind[1] === undefined ? bytes : pkcs8Of(bytes);
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    return await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  } catch {
    // What is wrong with it would tell parts of it.
    throw new Error("the private key cannot be read as an RSA key");
  }
}

/** PKCS#8 around a key of PKCS#1: what GitHub hands out. */
function pkcs8Of(key: Uint8Array): Uint8Array<ArrayBuffer> {
  const version = [0x02, 0x01, 0x00];
  // rsaEncryption, without parameters.
  const algorithm = [
    ...[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86],
    ...[0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00],
  ];
  const inner = [...version, ...algorithm, 0x04, ...lengthOf(key.length), ...key];
  return new Uint8Array([0x30, ...lengthOf(inner.length), ...inner]);
}

/** A length as DER writes it. */
function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}
