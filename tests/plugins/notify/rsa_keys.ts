/** An RSA key, made for these tests, in both forms in which services hand keys out. */

const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};
const pair = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
const der = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));

function pem(kind: string, bytes: Uint8Array): string {
  const lines = bytes.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`, ""].join("\n");
}

export const PKCS8: string = pem("PRIVATE KEY", der);
/** The key that the other form holds, after 26 bytes that say what it is. */
export const PKCS1: string = pem("RSA PRIVATE KEY", der.slice(26));

/** True when the key signed this token. */
export async function isSigned(token: string): Promise<boolean> {
  const [head = "", claims = "", signature = ""] = token.split(".");
  return await crypto.subtle.verify(
    ALGORITHM.name,
    pair.publicKey,
    Uint8Array.fromBase64(signature, { alphabet: "base64url" }),
    new TextEncoder().encode(`${head}.${claims}`),
  );
}
