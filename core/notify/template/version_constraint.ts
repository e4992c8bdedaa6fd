/** What versions are wanted: `>=1.2 <2 || ~3.1`, `^1.2.3`, `1.x`, `1.2 - 1.4`. */
import { parseVersion, SemanticVersion } from "./semantic_version.ts";
import { TemplateFault } from "./template_fault.ts";

/** A version in which parts may be left open. */
interface Partial {
  readonly version: SemanticVersion;
  /** How many of major, minor and patch are given. */
  readonly given: number;
}

interface Rule extends Partial {
  readonly operator: string;
}

const PART = "(?:0|[1-9][0-9]*|[xX*])";
const PARTIAL = `v?(?:${PART}|[0-9]+)(?:\\.(?:${PART}|[0-9]+))?(?:\\.(?:${PART}|[0-9]+))?` +
  "(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?";
const OPERATOR = "(?:=|!=|>=|=>|<=|=<|>|<|~>|~|\\^)?";
const RULE = new RegExp(`^(${OPERATOR})\\s*(${PARTIAL})$`);
const RULES = new RegExp(
  `^\\s*(?:${OPERATOR}\\s*${PARTIAL})(?:(?:\\s*,\\s*|\\s+)(?:${OPERATOR}\\s*${PARTIAL}))*\\s*$`,
);
const EACH = new RegExp(`${OPERATOR}\\s*${PARTIAL}`, "g");
const RANGE = new RegExp(`\\s*(${PARTIAL})\\s+-\\s+(${PARTIAL})\\s*`, "g");

const CONSTRAINT_LENGTH_MAX = 1_000;

/** @throws {TemplateFault} for a constraint that nobody understands */
export function isAllowed(version: SemanticVersion, constraint: string): boolean {
  if (constraint.length > CONSTRAINT_LENGTH_MAX) {
    throw new TemplateFault("the constraint is too long");
  }
  const plain = constraint.replace(RANGE, (_, from: string, to: string) => ` >=${from} <=${to} `);
  return plain.split("||").map(rulesOf).some((rules) => satisfies(version, rules));
}

function rulesOf(text: string): Rule[] {
  if (!RULES.test(text)) throw new TemplateFault(`improper constraint: ${text}`);
  return (text.match(EACH) ?? []).map(ruleOf);
}

function ruleOf(text: string): Rule {
  const [, operator = "", partial = ""] = RULE.exec(text.trim()) ?? [];
  const [, numbers = "", prerelease] = /^v?([^-+]*)(-[^+]*)?/.exec(partial) ?? [];
  const parts = numbers.split(".");
  const open = parts.findIndex((part) => /^[xX*]$/.test(part));
  const given = open < 0 ? parts.length : open;
  const whole = [0, 1, 2].map((index) => index < given ? parts[index] ?? "0" : "0").join(".");
  const version = parseVersion(whole + (prerelease ?? ""));
  return { operator, version, given };
}

function satisfies(version: SemanticVersion, rules: readonly Rule[]): boolean {
  // A prerelease is wanted only by those who name one.
  return rules.every((rule) => isWanted(version, rule));
}

function isWanted(version: SemanticVersion, rule: Rule): boolean {
  const { operator, version: wanted, given } = rule;
  const isUnwanted = version.prerelease !== "" && wanted.prerelease === "";
  switch (operator) {
    case "!=":
      if (given === 3) return version.compare(wanted) !== 0;
      return !isUnwanted && (given === 0 || !isWithin(version, rule));
    case ">":
      if (isUnwanted) return false;
      if (given === 3) return version.compare(wanted) > 0;
      return version.compare(wanted) > 0 && !isWithin(version, rule);
    case "<":
      return !isUnwanted && version.compare(wanted) < 0;
    case ">=":
    case "=>":
      return !isUnwanted && version.compare(wanted) >= 0;
    case "<=":
    case "=<":
      if (isUnwanted) return false;
      return version.compare(wanted) <= 0 || given < 3 && isWithin(version, rule);
    case "~":
    case "~>":
      return !isUnwanted && version.compare(wanted) >= 0 &&
        isAlike(version, wanted, Math.min(2, given));
    case "^":
      return !isUnwanted && version.compare(wanted) >= 0 && isCompatible(version, rule);
    default:
      if (given < 3) return !isUnwanted && isWithin(version, rule);
      return version.compare(wanted) === 0;
  }
}

/** The first parts are the same. */
function isAlike(left: SemanticVersion, right: SemanticVersion, count: number): boolean {
  const parts = (version: SemanticVersion) => [version.major, version.minor, version.patch];
  return parts(left).slice(0, count).every((part, index) => part === parts(right)[index]);
}

/** What is given is the same. */
function isWithin(version: SemanticVersion, { version: wanted, given }: Rule): boolean {
  return isAlike(version, wanted, given);
}

/** Up to the first part that is not zero, nothing changed. */
function isCompatible(version: SemanticVersion, { version: wanted, given }: Rule): boolean {
  if (given === 0) return false;
  if (wanted.major > 0n || given === 1) return isAlike(version, wanted, Math.min(1, given));
  if (wanted.minor > 0n || given === 2) return isAlike(version, wanted, 2);
  return isAlike(version, wanted, 3);
}
