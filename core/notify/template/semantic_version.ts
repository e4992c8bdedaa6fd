/** Semantic versions, read as leniently as `semver` of templates does: `v1.2` is 1.2.0. */
import { TemplateFault } from "./template_fault.ts";

const VERSION = new RegExp(
  "^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?" +
    "(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?$",
);
const UINT64_MAX = 2n ** 64n - 1n;

export class SemanticVersion {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  readonly original: string;

  constructor(
    [major, minor, patch]: readonly [bigint, bigint, bigint],
    { prerelease = "", metadata = "", original }: {
      prerelease?: string;
      metadata?: string;
      original?: string;
    } = {},
  ) {
    this.major = major;
    this.minor = minor;
    this.patch = patch;
    this.prerelease = prerelease;
    this.metadata = metadata;
    this.original = original ?? this.toString();
  }

  toString(): string {
    const { major, minor, patch, prerelease, metadata } = this;
    return `${major}.${minor}.${patch}` + (prerelease === "" ? "" : `-${prerelease}`) +
      (metadata === "" ? "" : `+${metadata}`);
  }

  /** Below 0: this one is older. */
  compare(other: SemanticVersion): number {
    return compareWhole(this.major, other.major) || compareWhole(this.minor, other.minor) ||
      compareWhole(this.patch, other.patch) ||
      comparePrereleases(this.prerelease, other.prerelease);
  }
}

/** @throws {TemplateFault} for what is no version */
export function parseVersion(text: string): SemanticVersion {
  const found = VERSION.exec(text);
  if (found === null) throw new TemplateFault(`invalid semantic version: ${text}`);
  const [, major = "0", minor = "0", patch = "0", prerelease = "", metadata = ""] = found;
  const numbers = [BigInt(major), BigInt(minor), BigInt(patch)] as const;
  if (numbers.some((number) => number > UINT64_MAX)) {
    throw new TemplateFault(`invalid semantic version: ${text}`);
  }
  const isPadded = prerelease.split(".").some((part) => /^0[0-9]+$/.test(part));
  if (isPadded) throw new TemplateFault(`invalid semantic version: ${text}`);
  return new SemanticVersion(numbers, { prerelease, metadata, original: text });
}

function compareWhole(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A release is newer than its prereleases; numbers are older than words. */
function comparePrereleases(left: string, right: string): number {
  if (left === right) return 0;
  if (left === "") return 1;
  if (right === "") return -1;
  const [a, b] = [left.split("."), right.split(".")];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = compareParts(a[at], b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(left: string | undefined, right: string | undefined): number {
  if (left === right) return 0;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  const [a, b] = [/^[0-9]+$/.test(left), /^[0-9]+$/.test(right)];
  if (a && b) return compareWhole(BigInt(left), BigInt(right));
  if (a !== b) return a ? -1 : 1;
  return left < right ? -1 : 1;
}
