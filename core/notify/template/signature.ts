/** What functions take: types of parameters, and whether a value is of one. */
/**
 * Types of parameters. `reflect` takes whatever comes, also what is not there (then the argument is
 * null); `dict` and `list` are a `map[string]interface {}` and a `[]interface {}`.
 */
export type ParameterType =
  | "any"
  | "bool"
  | "dict"
  | "duration"
  | "float64"
  | "int"
  | "int64"
  | "list"
  | "location"
  | "reflect"
  | "string"
  | "time"
  | "uint32"
  | "uint64"
  | "version";

export interface Signature {
  readonly fixed: readonly ParameterType[];
  /** The type of however many more; undefined: there are none. */
  readonly rest: ParameterType | undefined;
}

/** Reads a signature: names of types between blanks, the last perhaps after `...`. */
export function signatureOf(text: string): Signature {
  const names = text.split(" ").filter((name) => name !== "");
  const last = names.at(-1);
  const hasRest = last?.startsWith("...") === true;
  return {
    fixed: (hasRest ? names.slice(0, -1) : names) as ParameterType[],
    rest: hasRest ? last.slice(3) as ParameterType : undefined,
  };
}

const TYPE_NAMES: Readonly<Partial<Record<ParameterType, string>>> = Object.freeze({
  any: "interface {}",
  dict: "a map",
  duration: "time.Duration",
  list: "[]interface {}",
  location: "*time.Location",
  reflect: "a value",
  time: "time.Time",
  version: "*semver.Version",
});

export function parameterName(type: ParameterType): string {
  return TYPE_NAMES[type] ?? type;
}
