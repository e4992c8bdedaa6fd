/** What is known of a value before it is there. Names are Go's, since users read them. */

export type Type =
  /** `isInterface`: Go has a name for it, which messages show. */
  | { readonly kind: "unknown"; readonly isInterface?: boolean }
  | { readonly kind: "nil" }
  | { readonly kind: "bool" }
  | { readonly kind: "int" }
  | { readonly kind: "int64" }
  | { readonly kind: "uint8" }
  | { readonly kind: "float64" }
  | { readonly kind: "string" }
  | { readonly kind: "bytes" }
  | { readonly kind: "time" }
  | { readonly kind: "duration" }
  | { readonly kind: "month" }
  | { readonly kind: "weekday" }
  | { readonly kind: "location" }
  /** `name` where Go's name is another than that of a list of the elements' type. */
  | { readonly kind: "array"; readonly element: Type; readonly name?: string }
  /** `fields`: what is known of single keys; `isStrict`: there are no others. */
  | {
    readonly kind: "map";
    readonly element: Type;
    readonly fields?: ReadonlyMap<string, Type>;
    readonly isStrict?: boolean;
    readonly name?: string;
  }
  | {
    readonly kind: "function";
    readonly name: string;
    readonly parameters: readonly Type[];
    readonly result: Type;
  };

export type Kind = Type["kind"];

export const UNKNOWN: Type = Object.freeze({ kind: "unknown" });
export const ANY: Type = Object.freeze({ kind: "unknown", isInterface: true });
export const NIL: Type = Object.freeze({ kind: "nil" });
export const BOOL: Type = Object.freeze({ kind: "bool" });
export const INT: Type = Object.freeze({ kind: "int" });
export const INT64: Type = Object.freeze({ kind: "int64" });
export const FLOAT64: Type = Object.freeze({ kind: "float64" });
export const STRING: Type = Object.freeze({ kind: "string" });
export const BYTES: Type = Object.freeze({ kind: "bytes" });
export const TIME: Type = Object.freeze({ kind: "time" });
export const DURATION: Type = Object.freeze({ kind: "duration" });
export const LOCATION: Type = Object.freeze({ kind: "location" });
export const LIST: Type = Object.freeze({ kind: "array", element: ANY });
export const INTS: Type = Object.freeze({ kind: "array", element: INT });
/** What `..` gives; messages speak of it as of any list. */
export const RANGE: Type = Object.freeze({ kind: "array", element: INT, name: "[]interface {}" });
export const FLOATS: Type = Object.freeze({ kind: "array", element: FLOAT64 });
export const STRINGS: Type = Object.freeze({ kind: "array", element: STRING });
export const OBJECT: Type = Object.freeze({ kind: "map", element: ANY });

const NAMES: Readonly<Partial<Record<Kind, string>>> = Object.freeze({
  unknown: "unknown",
  nil: "unknown",
  bytes: "[]uint8",
  time: "time.Time",
  duration: "time.Duration",
  month: "time.Month",
  weekday: "time.Weekday",
  location: "*time.Location",
});

/** A type's name in messages, as Go writes it. */
export function nameOfType(type: Type): string {
  if (type.kind === "array") return type.name ?? `[]${elementName(type.element)}`;
  if (type.kind === "map") return type.name ?? `map[string]${elementName(type.element)}`;
  if (type.kind === "function") {
    const parameters = type.parameters.map(elementName).join(", ");
    return `func(${parameters}) ${elementName(type.result)}`;
  }
  if (type.kind === "unknown" && type.isInterface === true) return "interface {}";
  return NAMES[type.kind] ?? type.kind;
}

function elementName(type: Type): string {
  return type.kind === "unknown" || type.kind === "nil" ? "interface {}" : nameOfType(type);
}

export function isUnknown({ kind }: Type): boolean {
  return kind === "unknown";
}

export function isNil({ kind }: Type): boolean {
  return kind === "nil";
}

export function isInteger({ kind }: Type): boolean {
  return kind === "int" || kind === "int64" || kind === "uint8";
}

export function isNumber(type: Type): boolean {
  return isInteger(type) || type.kind === "float64";
}

/** The type of two that may both come. */
export function either(left: Type, right: Type): Type {
  if (isNil(left)) return isNil(right) ? NIL : right;
  if (isNil(right)) return left;
  return equalTypes(left, right) ? left : UNKNOWN;
}

export function equalTypes(left: Type, right: Type): boolean {
  return left.kind === right.kind && nameOfType(left) === nameOfType(right);
}
