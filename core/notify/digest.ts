/** Short texts that are the same for the same content. */
import { sha1 } from "@noble/hashes/legacy.js";

function bytesOf(text: string): Uint8Array {
  return sha1(new TextEncoder().encode(text));
}

/** As the state of delivery has it. */
export function urlDigest(text: string): string {
  return bytesOf(text).toBase64({ alphabet: "base64url", omitPadding: true });
}

export function hexDigest(text: string): string {
  return bytesOf(text).toHex();
}
