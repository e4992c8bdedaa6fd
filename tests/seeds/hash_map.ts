/** Template hashes differ between implementations; only which is which can be compared. */

/** Placeholders by hash: `H1` for the first hash that appears, `H2` for the second, … */
export type HashMap = ReadonlyMap<string, string>;

const HASH = "[bcdfghjklmnpqrstvwxz2456789]{6,10}";

// Where hashes stand: at the end of a ReplicaSet's name (on a screen, in an event, in a condition),
// in brackets or quotation marks of their own, and in selectors.
const HASH_PLACES = new RegExp(
  `(?:⧉ \\S+-|ReplicaSet "?\\S+-|\\(|'|rollouts-pod-template-hash=)(${HASH})(?=["'),\\s]|$)`,
  "gm",
);

/** The hashes of texts, numbered in order of appearance. */
export function hashesIn(texts: Iterable<string>): HashMap {
  const hashes = new Map<string, string>();
  for (const text of texts) {
    for (const [, hash = ""] of text.matchAll(HASH_PLACES)) addHash(hashes, hash);
  }
  return hashes;
}

/** Hashes numbered in the order given. */
export function hashesOf(ordered: Iterable<string>): HashMap {
  const hashes = new Map<string, string>();
  for (const hash of ordered) addHash(hashes, hash);
  return hashes;
}

/** The text with each known hash, standing alone or as a part of a name, as its placeholder. */
export function mapHashes(text: string, hashes: HashMap): string {
  return text.replace(/[a-z0-9]+/g, (part) => hashes.get(part) ?? part);
}

function addHash(hashes: Map<string, string>, hash: string): void {
  if (hash !== "" && !hashes.has(hash)) hashes.set(hash, `H${hashes.size + 1}`);
}
