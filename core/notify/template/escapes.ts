/** Escaping for HTML, JavaScript and queries, as the functions of text/template do it. */
import { encodeUtf8, isPrintable } from "./go_text.ts";

const HTML: ReadonlyMap<string, string> = new Map([
  ["\0", "\ufffd"],
  ['"', "&#34;"],
  ["'", "&#39;"],
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
]);

export function escapeHtml(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00"'&<>]/g, (char) => HTML.get(char) ?? char);
}

const JAVASCRIPT: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["'", "\\'"],
  ['"', '\\"'],
  ["<", "\\u003C"],
  [">", "\\u003E"],
  ["&", "\\u0026"],
  ["=", "\\u003D"],
]);

export function escapeJavaScript(text: string): string {
  let escaped = "";
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const known = JAVASCRIPT.get(char);
    if (known !== undefined) escaped += known;
    else if (code < 0x20 || code > 0x7e && char.isWellFormed() && !isPrintable(char)) {
      escaped += `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
    } else escaped += char;
  }
  return escaped;
}

export function escapeQuery(text: string): string {
  let escaped = "";
  for (const byte of encodeUtf8(text)) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9_.~-]/.test(char)) escaped += char;
    else if (char === " ") escaped += "+";
    else escaped += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}
