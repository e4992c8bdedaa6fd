/** Makes what a call is handed fit the parameters of a function, as Go does. */
import { GoDuration, GoLocation, GoTime } from "../../analysis/condition/go_time.ts";
import type { NumberConstant, Word } from "./nodes.ts";
import { SemanticVersion } from "./semantic_version.ts";
import { parameterName, type ParameterType } from "./signature.ts";
import { TemplateFault } from "./template_fault.ts";
import { Dict, int64, List, type MaybeValue, Sized, typeOf, type Value } from "./values.ts";

/** A value that was computed, as an argument of this type. @throws {TemplateFault} */
export function argumentOf(value: MaybeValue, type: ParameterType): Value {
  if (value === undefined) {
    const empty = emptyOf(type);
    if (empty !== undefined) return empty;
    throw new TemplateFault(`a value is missing where ${parameterName(type)} is expected`);
  }
  if (isOf(value, type)) return value;
  throw new TemplateFault(
    `the value is of type ${value === null ? "nil" : typeOf(value)}, ` +
      `${parameterName(type)} is expected`,
  );
}

/** What stands for nothing; undefined: nothing does. */
function emptyOf(type: ParameterType): Value | undefined {
  if (type === "any" || type === "reflect") return null;
  if (type === "dict") return new Dict([], "map[string]interface {}", true);
  return type === "list" ? new List([], "[]interface {}", true) : undefined;
}

function isOf(value: Value, type: ParameterType): boolean {
  switch (type) {
    case "any":
    case "reflect":
      return true;
    case "bool":
      return typeof value === "boolean";
    case "dict":
      return value instanceof Dict && value.type === "map[string]interface {}";
    case "duration":
      return value instanceof GoDuration;
    case "float64":
      return typeof value === "number";
    case "int":
      return typeof value === "bigint";
    case "list":
      return value instanceof List && value.type === "[]interface {}";
    case "location":
      return value instanceof GoLocation;
    case "string":
      return typeof value === "string";
    case "time":
      return value instanceof GoTime;
    case "version":
      return value instanceof SemanticVersion;
    default:
      return value instanceof Sized && value.type === type;
  }
}

/** A literal as an argument of this type; undefined: the word is no literal. */
export function literalArgument(word: Word, type: ParameterType): Value | undefined {
  switch (word.kind) {
    case "nil": {
      const empty = emptyOf(type);
      if (empty !== undefined) return empty;
      throw new TemplateFault(`nil is no ${parameterName(type)}`);
    }
    case "bool":
    case "string": {
      if (isOf(word.value, type)) return word.value;
      throw new TemplateFault(
        `the value is of type ${word.kind}, ${parameterName(type)} is expected`,
      );
    }
    case "number":
      return numberArgument(word.value, type);
    default:
      return undefined;
  }
}

const RANGES: Readonly<Partial<Record<ParameterType, bigint>>> = Object.freeze({
  uint32: 2n ** 32n - 1n,
  uint64: 2n ** 64n - 1n,
});

/** A constant takes the type of its parameter, where it fits. */
function numberArgument(number: NumberConstant, type: ParameterType): Value {
  const { int, float, isUnsignedOnly } = number;
  const wrong = () => new TemplateFault(`the number is no ${parameterName(type)}`);
  switch (type) {
    case "any":
    case "reflect":
      return idealNumber(number);
    case "float64":
      return float;
    case "int":
    case "int64":
    case "duration":
      if (int === undefined || isUnsignedOnly) throw wrong();
      return type === "int" ? int : type === "int64" ? int64(int) : new GoDuration(int);
    case "uint32":
    case "uint64":
      if (int === undefined || int < 0n || int > (RANGES[type] ?? 0n)) throw wrong();
      return new Sized(type, int);
    default:
      throw wrong();
  }
}

/** A constant where any type will do. @throws {TemplateFault} for one beyond 64 bits */
export function idealNumber({ int, float, ideal, isUnsignedOnly }: NumberConstant): Value {
  if (ideal === "float64" || int === undefined) return float;
  if (isUnsignedOnly) throw new TemplateFault(`the number ${int} is too large`);
  return int;
}
