/** Scalars of YAML as Kubernetes' tools read them, which is not quite YAML 1.1. */

const NULLS: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);
const TRUES: ReadonlySet<string> = new Set(
  ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"],
);
const FALSES: ReadonlySet<string> = new Set(
  ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"],
);
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ...[".nan", ".NaN", ".NAN"].map((text) => [text, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF"].flatMap((text) => [
    [text, Infinity] as const,
    [`+${text}`, Infinity] as const,
    [`-${text}`, -Infinity] as const,
  ]),
]);
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** How the names of the tags begin that YAML itself defines. */
export const TAG_PREFIX = "tag:yaml.org,2002:";

/** What a scalar is, or why it is none. */
export type ScalarReading =
  | { value: null | boolean | string | number }
  /** `problem` follows "is": `is an integer beyond 2^53: …`. */
  | { problem: string };

/** A scalar with the tag and the quotes that it has. */
export interface WrittenScalar {
  readonly text: string;
  /** Written without quotes and not as a block. */
  readonly isPlain: boolean;
  readonly tag: string | undefined;
}

/** The value of a scalar. */
export function readScalar({ text, isPlain, tag }: WrittenScalar): ScalarReading {
  if (tag === undefined) return isPlain ? readPlain(text) : { value: text };
  switch (tag.startsWith(TAG_PREFIX) ? tag.slice(TAG_PREFIX.length) : "") {
    case "int":
      return typed(text, "number", "an integer");
    case "float":
      return typed(text, "number", "a number");
    case "bool":
      return typed(text, "boolean", "a boolean");
    case "null":
      return { value: null };
    case "binary":
      return readBinary(text);
    default:
      return { value: text };
  }
}

function typed(text: string, type: "number" | "boolean", name: string): ScalarReading {
  const reading = readPlain(text);
  if ("problem" in reading || typeof reading.value === type) return reading;
  return { problem: `not ${name}, as its tag says: ${JSON.stringify(text)}` };
}

function readPlain(text: string): ScalarReading {
  if (NULLS.has(text)) return { value: null };
  if (TRUES.has(text)) return { value: true };
  if (FALSES.has(text)) return { value: false };
  if (NOT_FINITE.has(text)) return { problem: `a number that JSON does not have: ${text}` };
  return /^[-+.0-9]/.test(text) ? readNumber(text) : { value: text };
}

function readNumber(text: string): ScalarReading {
  const digits = text.replaceAll("_", "");
  const integer = INTEGER.exec(digits);
  if (integer !== null) {
    const [, sign, hexadecimal, binary, octal, decimal] = integer;
    const size = hexadecimal !== undefined
      ? Number.parseInt(hexadecimal, 16)
      : binary !== undefined
      ? Number.parseInt(binary, 2)
      : octal !== undefined
      ? Number.parseInt(octal, 8)
      : Number(decimal);
    if (size > Number.MAX_SAFE_INTEGER) return { problem: beyond(text) };
    // Not -0: JSON knows only one zero.
    return { value: sign === "-" && size !== 0 ? -size : size };
  }
  if (!FLOAT.test(digits)) return { value: text };
  const value = Number(digits);
  // Text that is too large for a number is text.
  if (!Number.isFinite(value)) return { value: text };
  if (/^[-+]?[0-9]+$/.test(digits) && !Number.isSafeInteger(value)) {
    return { problem: beyond(text) };
  }
  return { value };
}

function beyond(text: string): string {
  return `an integer beyond 2^53, which would lose digits: ${text}`;
}

function readBinary(text: string): ScalarReading {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/\s/g, "")), (each) => each.charCodeAt(0));
    return { value: new TextDecoder().decode(bytes) };
  } catch {
    return { problem: "not base64, as its tag says" };
  }
}

/** The name of the field that a scalar stands before; undefined for null, which names none. */
export function readKey(
  scalar: WrittenScalar,
): { value: string | undefined } | { problem: string } {
  if (scalar.isPlain && NOT_FINITE.has(scalar.text)) return { value: scalar.text };
  const reading = readScalar(scalar);
  if ("problem" in reading) return reading;
  return { value: reading.value === null ? undefined : String(reading.value) };
}
