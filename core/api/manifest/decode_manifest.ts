import { ManifestError } from "./manifest_error.ts";

/** A file with manifests; `text` or `bytes` is what it holds. */
export type ManifestSource =
  & { readonly file: string }
  & ({ readonly text: string } | { readonly bytes: Uint8Array });

/** Characters that YAML allows in a text; others are mostly those of a binary file. */
const NOT_ALLOWED =
  /[^\t\n\r\x20-\x7e\x85\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** The text of a file, without the mark that some editors put before it. */
export function decodeManifest(source: ManifestSource): string {
  const { file } = source;
  const text = "text" in source ? source.text : decodeBytes(source.bytes, file);
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (body.includes("\0")) throw notText(file);
  const found = NOT_ALLOWED.exec(body);
  if (found === null) return body;
  const before = body.slice(0, found.index);
  const code = found[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  throw new ManifestError({
    kind: "syntax",
    file,
    position: {
      line: before.split("\n").length,
      column: found.index - before.lastIndexOf("\n"),
    },
    detail: `has a character that YAML does not allow: U+${code}`,
  });
}

/** Two bytes at the beginning say that a text is UTF-16; all others are UTF-8. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

function decodeBytes(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw notText(file);
  }
}

function notText(file: string): ManifestError {
  const detail = "is a binary file, not YAML or JSON in UTF-8";
  return new ManifestError({ kind: "not-text", file, position: { line: 1, column: 1 }, detail });
}
