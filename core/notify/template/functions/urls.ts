/** Functions for the parts of a URL. */
import { encodeUtf8, textOfBytes } from "../go_text.ts";
import { TemplateFault } from "../template_fault.ts";
import { define, type TemplateFunction } from "../template_function.ts";
import { Dict, type Value } from "../values.ts";

interface Parts {
  readonly scheme: string;
  readonly userinfo: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
  readonly opaque: string;
}

const AUTHORITY = /^\/\/(?:([^/?#]*)@)?([^/?#@]*)/;

/** @throws {TemplateFault} for what is no URL */
function parseUrl(text: string): Parts {
  const wrong = (what: string) => new TemplateFault(`this is no URL, ${what}: ${text}`);
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f]/.test(text)) throw wrong("it has a control character");
  const [before = "", ...after] = text.split("#");
  const fragment = unescaped(after.join("#"));
  if (fragment === undefined) throw wrong("an escape is wrong");
  if (before.startsWith(":")) throw wrong("the scheme is missing");
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(before)?.[1] ?? "";
  let rest = scheme === "" ? before : before.slice(scheme.length + 1);
  const mark = rest.indexOf("?");
  const query = mark < 0 ? "" : rest.slice(mark + 1);
  if (mark >= 0) rest = rest.slice(0, mark);
  const common = { scheme: scheme.toLowerCase(), query, fragment };
  if (!rest.startsWith("/")) {
    if (scheme !== "") {
      return { ...common, userinfo: "", host: "", path: "", opaque: rest };
    }
    if (/^[^/]*:/.test(rest)) throw wrong("its first part has a colon");
  }
  const authority = /^\/\/\//.test(rest) && scheme === "" ? null : AUTHORITY.exec(rest);
  const [whole = "", userinfo = "", host = ""] = authority ?? [];
  checkAuthority({ host, userinfo }, wrong);
  const path = unescaped(rest.slice(whole.length));
  const user = unescaped(userinfo);
  if (path === undefined || user === undefined || unescaped(host) === undefined) {
    throw wrong("an escape is wrong");
  }
  return { ...common, userinfo, host, path, opaque: "" };
}

function checkAuthority(
  { host, userinfo }: { host: string; userinfo: string },
  wrong: (what: string) => TemplateFault,
): void {
  const port = /:([^:\]]*)$/.exec(host)?.[1];
  if (port !== undefined && !/^[0-9]*$/.test(port)) throw wrong("its port is no number");
  if (/[^A-Za-z0-9._:~!$&'()*+,;=%@-]/.test(userinfo)) {
    throw wrong("its user has a wrong character");
  }
  if (host.startsWith("[") && !host.includes("]")) throw wrong("a ] is missing");
  if (/[ <>"]/.test(host)) throw wrong("its host has a wrong character");
}

/** Undefined: an escape is no byte. */
function unescaped(text: string): string | undefined {
  if (!text.includes("%")) return text;
  const bytes: number[] = [];
  for (let at = 0; at < text.length;) {
    if (text[at] === "%") {
      const digits = text.slice(at + 1, at + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) return undefined;
      bytes.push(parseInt(digits, 16));
      at += 3;
      continue;
    }
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
    bytes.push(...encodeUtf8(char));
    at += char.length;
  }
  return textOfBytes(Uint8Array.from(bytes));
}

function escaped(text: string, kept: RegExp): string {
  let result = "";
  for (const byte of encodeUtf8(text)) {
    const char = String.fromCharCode(byte);
    result += kept.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return result;
}

const IN_PATH = /[A-Za-z0-9_.~$&+,/:;=@-]/;
const IN_FRAGMENT = /[A-Za-z0-9_.~$&+,/:;=?@!()*-]/;

/** The host without its port and brackets. */
function hostName(host: string): string {
  const bracketed = /^\[(.*)\](?::[0-9]*)?$/.exec(host);
  return bracketed?.[1] ?? host.replace(/:[0-9]*$/, "");
}

function partsDict(text: string): Dict {
  const parts = parseUrl(text);
  return new Dict(Object.entries({ ...parts, hostname: hostName(parts.host) }));
}

function textIn(dict: Dict, name: string): string {
  const value = dict.entries.get(name);
  if (value === undefined) return "";
  if (typeof value !== "string") throw new TemplateFault(`${name} must be a string`);
  return value;
}

const PARTS: readonly string[] = Object.freeze([
  "scheme",
  "host",
  "path",
  "query",
  "opaque",
  "fragment",
  "userinfo",
]);

/** Writes a URL of its parts. */
function joinUrl(dict: Dict): string {
  const [scheme, host, path, query, opaque, fragment, userinfo] = [
    "scheme",
    "host",
    "path",
    "query",
    "opaque",
    "fragment",
    "userinfo",
  ]
    .map((name) => textIn(dict, name)) as [string, string, string, string, string, string, string];
  const user = userinfo === "" ? "" : parseUrl(`proto://${userinfo}@host`).userinfo;
  let text = scheme === "" ? "" : `${scheme}:`;
  if (opaque !== "") text += opaque;
  else {
    const hasPlace = scheme !== "" || host !== "" || user !== "";
    if (hasPlace && (host !== "" || path !== "" || user !== "")) text += "//";
    if (user !== "") text += `${user}@`;
    text += host;
    if (path !== "" && !path.startsWith("/") && host !== "") text += "/";
    const isAmbiguous = text === "" && /^[^/]*:/.test(path);
    text += (isAmbiguous ? "./" : "") + (path === "*" ? "*" : escaped(path, IN_PATH));
  }
  if (query !== "") text += `?${query}`;
  return fragment === "" ? text : `${text}#${escaped(fragment, IN_FRAGMENT)}`;
}

export const URL_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  define("urlParse", "string", ([text], { budget }): Value => {
    budget.make((text as string).length);
    return partsDict(text as string);
  }),
  define("urlJoin", "dict", ([dict], { budget }) => {
    const lengths = PARTS.map((name) => textIn(dict as Dict, name).length);
    budget.make(lengths.reduce((sum, length) => sum + length, 0));
    return joinUrl(dict as Dict);
  }),
]);
