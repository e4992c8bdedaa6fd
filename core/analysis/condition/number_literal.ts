/** What a number in an expression stands for: an int; with a point or an exponent a float64. */
import { Fault, type Position } from "./condition_error.ts";
import { lookUp } from "./look_up.ts";

const INT_MAX = 2n ** 63n - 1n;

/** @throws {Fault} at `position` for a number that Go does not read either */
export function numberOf(written: string, position: Position): bigint | number {
  const text = written.replaceAll("_", "");
  if (/^[0-9]+$/.test(text) || /^0[xXbBoO]/.test(text)) return integerOf(text, position);
  const isNumber = /^[0-9]*\.?[0-9]*([eE][+-]?[0-9]+)?$/.test(text);
  if (!isNumber) throw bad("float", { text, what: "invalid syntax", position });
  const number = Number(text);
  if (!Number.isFinite(number)) throw bad("float", { text, what: "value out of range", position });
  return number;
}

function integerOf(text: string, position: Position): bigint {
  const isPrefixed = /^0[xXbBoO]/.test(text);
  const digits = isPrefixed ? text.slice(2) : text;
  const kind = isPrefixed ? lookUp(BASES, (text[1] ?? "").toLowerCase()) ?? "" : "integer";
  if (digits === "") throw bad(kind, { text, what: "invalid syntax", position });
  if (!/^[0-9a-fA-F]+$/.test(digits)) throw bad(kind, { text, what: "invalid syntax", position });
  const value = BigInt(isPrefixed ? text.toLowerCase() : digits);
  if (value > INT_MAX) throw bad(kind, { text, what: "value out of range", position });
  return value;
}

const BASES: Readonly<Record<string, string>> = Object.freeze({
  x: "hex",
  b: "binary",
  o: "octal",
});

function bad(
  kind: string,
  { text, what, position }: { text: string; what: string; position: Position },
): Fault {
  const parser = kind === "float" ? "ParseFloat" : "ParseInt";
  return new Fault(
    `invalid ${kind} literal: strconv.${parser}: parsing "${text}": ${what}`,
    position,
  );
}
