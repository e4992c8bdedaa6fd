/** Who we are to a NATS server: a name and a password, a token, or a key that signs. */
import type { Fields } from "../../../sdk/wire/json.ts";
import { textIn } from "../http.ts";
import type { ServerAddress } from "./server_address.ts";

/** The fields of CONNECT that say it; what stands in the address comes first. */
export async function loginOf(
  config: Fields,
  { username, password }: ServerAddress,
  nonce: string,
): Promise<Fields> {
  if (username !== "") {
    return password === "" ? { auth_token: username } : { user: username, pass: password };
  }
  const user = textIn(config, "username") || textIn(config, "user");
  const seed = textIn(config, "nkey").trim();
  return {
    ...(user === "" ? {} : { user, pass: textIn(config, "password") }),
    ...(seed === "" ? {} : await signed(seed, nonce)),
  };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** `SU`: the seed of a user. */
const SEED_PREFIX = 0x12 << 3;
const USER_PREFIX = 0x14 << 3;
const KEY_LENGTH = 32;
/** PKCS#8 in front of the 32 bytes of an Ed25519 key. */
const PKCS8_HEAD = [
  ...[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06],
  ...[0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
];

/** @throws {Error} for what is no seed of a user, without any of it */
async function signed(seed: string, nonce: string): Promise<Fields> {
  const secret = secretOf(seed);
  if (secret === undefined) throw new Error('"nkey" is no seed of a user (SU...)');
  const der = new Uint8Array([...PKCS8_HEAD, ...secret]);
  const key = await crypto.subtle.importKey("pkcs8", der, "Ed25519", true, ["sign"]);
  const { x = "" } = await crypto.subtle.exportKey("jwk", key);
  const data = new TextEncoder().encode(nonce);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", key, data));
  return {
    nkey: publicKeyText(Uint8Array.fromBase64(x, { alphabet: "base64url" })),
    sig: signature.toBase64({ alphabet: "base64url", omitPadding: true }),
  };
}

/** The 32 bytes inside a seed; undefined: it is none of a user. */
function secretOf(seed: string): Uint8Array | undefined {
  const bytes = fromBase32(seed);
  if (bytes?.length !== KEY_LENGTH + 4) return undefined;
  const [first = 0, second = 0] = bytes;
  const isUsers = (first & 0xf8) === SEED_PREFIX &&
    ((first & 7) << 5 | second >> 3) === USER_PREFIX;
  const [low = 0, high = 0] = bytes.subarray(-2);
  const isWhole = checksum(bytes.subarray(0, -2)) === (high << 8 | low);
  return isUsers && isWhole ? bytes.slice(2, -2) : undefined;
}

function publicKeyText(key: Uint8Array): string {
  const body = [USER_PREFIX, ...key];
  const sum = checksum(body);
  return toBase32([...body, sum & 0xff, sum >> 8]);
}

/** CRC-16 as XMODEM has it. */
function checksum(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x8000 ? sum << 1 ^ 0x1021 : sum << 1) & 0xffff;
  }
  return sum;
}

function toBase32(bytes: readonly number[]): string {
  let [text, bits, count] = ["", 0, 0];
  for (const byte of bytes) {
    bits = (bits << 8 | byte) & 0xfff;
    for (count += 8; count >= 5; count -= 5) text += ALPHABET[bits >> (count - 5) & 31];
  }
  return count === 0 ? text : text + ALPHABET[bits << (5 - count) & 31];
}

function fromBase32(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let [bits, count] = [0, 0];
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    bits = (bits << 5 | value) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push(bits >> count & 0xff);
  }
  return new Uint8Array(bytes);
}
