/** One thing wrong with an object, worded as Kubernetes words it. */
import type { FieldPlace } from "./field_place.ts";

const TYPE_TEXT = Object.freeze({
  Invalid: "Invalid value",
  Required: "Required value",
  Duplicate: "Duplicate value",
  TooLong: "Too long",
  NotFound: "Not found",
  NotSupported: "Unsupported value",
  Forbidden: "Forbidden",
  InternalError: "Internal error",
});

/** What kind of wrong it is. */
export type FieldErrorType = keyof typeof TYPE_TEXT;

export interface FieldError {
  /** Where, as the text names it; Argo's names for places are not always the field's path. */
  readonly path: string;
  /** Where it stands in the object, for positions in a file; the field itself may be absent. */
  readonly location: readonly (string | number)[];
  readonly type: FieldErrorType;
  /** The value that is wrong, where the text shows one. */
  readonly value?: unknown;
  /** What is wrong with it; empty where the type says it all. */
  readonly detail: string;
  /** Path, type, value and detail in one line, as they stand in a condition's message. */
  readonly text: string;
}

/** A field has a value that it must not have; `shown` is its text where JSON would differ. */
export function invalid(
  place: FieldPlace,
  value: unknown,
  { detail, shown }: { detail: string; shown?: string },
): FieldError {
  return withValue("Invalid", place, { value, detail, shown });
}

/** A field is missing. */
export function required(place: FieldPlace, detail = ""): FieldError {
  return withoutValue("Required", place, detail);
}

/** A name appears twice in a list. */
export function duplicate(place: FieldPlace, value: unknown): FieldError {
  return withValue("Duplicate", place, { value, detail: "" });
}

/** A name refers to nothing. */
export function notFound(place: FieldPlace, value: unknown): FieldError {
  return withValue("NotFound", place, { value, detail: "" });
}

/** A field has none of the values that exist for it. */
export function notSupported(
  place: FieldPlace,
  value: unknown,
  supported: readonly string[],
): FieldError {
  const detail = `supported values: ${supported.map(quoted).join(", ")}`;
  return withValue("NotSupported", place, { value, detail });
}

/** A field is set that must not be. */
export function forbidden(place: FieldPlace, detail: string): FieldError {
  return withoutValue("Forbidden", place, detail);
}

/** A mistake of the user that is reported as an error of the controller. */
export function internalError(place: FieldPlace, detail: string): FieldError {
  return withoutValue("InternalError", place, detail);
}

function withoutValue(type: FieldErrorType, place: FieldPlace, detail: string): FieldError {
  const { path, location } = place;
  const text = `${path}: ${TYPE_TEXT[type]}${detail === "" ? "" : `: ${detail}`}`;
  return { path, location, type, detail, text };
}

function withValue(
  type: FieldErrorType,
  place: FieldPlace,
  { value, detail, shown }: { value: unknown; detail: string; shown?: string | undefined },
): FieldError {
  const { path, location } = place;
  const valueText = shown ??
    (typeof value === "string" ? quoted(value) : JSON.stringify(value ?? null));
  const text = `${path}: ${TYPE_TEXT[type]}: ${valueText}${detail === "" ? "" : `: ${detail}`}`;
  return { path, location, type, value, detail, text };
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = Object.freeze({
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  '"': '\\"',
  "\\": "\\\\",
});

/** A string in quotes as Go writes it. */
function quoted(text: string): string {
  const escaped = text.replace(
    // deno-lint-ignore no-control-regex
    /["\\\x00-\x1f\x7f]/g,
    (character) =>
      SHORT_ESCAPES[character] ??
        `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}
