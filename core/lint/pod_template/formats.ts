/** What texts of a pod template must look like. */
import {
  dnsLabelProblems,
  dnsSubdomainProblems,
  labelKeyProblems,
  labelValueProblems,
} from "../../api/validation/kube_names.ts";
import type { TextCheck } from "./check.ts";

/** One of some words. */
export function oneOf(...words: string[]): TextCheck {
  return (text) =>
    words.includes(text) ? undefined : `must be one of ${words.join(", ")}, but is ${shown(text)}`;
}

/** A text of some form, which is said in words. */
export function matching(pattern: RegExp, form: string): TextCheck {
  return (text) => pattern.test(text) ? undefined : `must be ${form}, but is ${shown(text)}`;
}

/** Not longer than some number of characters. */
export function atMost(characters: number): TextCheck {
  return (text) =>
    text.length <= characters
      ? undefined
      : `must have ${characters} characters at most, but has ${text.length}`;
}

/** `my-name` */
export const label: TextCheck = (text) => dnsLabelProblems(text)[0];
/** `my-name.example.com` */
export const subdomain: TextCheck = (text) => dnsSubdomainProblems(text)[0];
/** `example.com/my.name` */
export const qualifiedName: TextCheck = (text) => labelKeyProblems(text)[0];
export const labelValue: TextCheck = (text) => labelValueProblems(text)[0];

/** From the root of the file system. */
export const absolutePath: TextCheck = (text) =>
  text.startsWith("/") ? undefined : `must be an absolute path, but is ${shown(text)}`;
/** Without steps up. */
export const noStepUp: TextCheck = (text) =>
  text.split("/").includes("..") ? `must not have "..", but is ${shown(text)}` : undefined;
/** Below the folder that it is about. */
export const relativePath: TextCheck = (text) =>
  text.startsWith("/") ? `must be a relative path, but is ${shown(text)}` : noStepUp(text);
/** A file that is written for a volume; names that begin with two dots are the kubelet's. */
export const filePath: TextCheck = (text) =>
  relativePath(text) ??
    (text.startsWith("..") ? `must not begin with "..", but is ${shown(text)}` : undefined);

/** The key of a ConfigMap or Secret. */
export const dataKey: TextCheck = (text) => {
  if (text.length > 253) return atMost(253)(text);
  if (text === "." || text.startsWith("..")) {
    return `must not begin with dots, but is ${shown(text)}`;
  }
  return matching(/^[-._a-zA-Z0-9]+$/, `a key of letters, digits, "-", "_" and "."`)(text);
};

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);

/** An address of IPv4 or IPv6. */
export const ipAddress: TextCheck = (text) =>
  IPV4.test(text) || isIpv6(text) ? undefined : `must be an IP address, but is ${shown(text)}`;

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2 || !text.includes(":")) return false;
  const groups = halves.flatMap((half) => half === "" ? [] : half.split(":"));
  const last = groups.at(-1) ?? "";
  const hasIpv4 = IPV4.test(last);
  const count = groups.length + (hasIpv4 ? 1 : 0);
  const isHex = (hasIpv4 ? groups.slice(0, -1) : groups)
    .every((group) => /^[0-9a-fA-F]{1,4}$/.test(group));
  return isHex && (halves.length === 2 ? count < 8 : count === 8);
}

/** The text in quotes, cut where it is very long. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
