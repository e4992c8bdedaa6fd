/** Whether values are of the types that their fields have. */
import type { FieldLocation } from "../wire/field_place.ts";
import { isFields, isUnset } from "../wire/json.ts";
import type { Expected } from "./checking_kit.ts";

/** A field of a type that an API server would refuse. */
export interface TypeProblem {
  readonly path: FieldLocation;
  /** `must be a whole number, but is the string "3"` */
  readonly message: string;
  /** There is no such field. */
  readonly isMissing?: true;
}

/** Everything of a wrong type, and every missing field, in a value. */
export function valueProblems(value: unknown, expected: Expected): TypeProblem[] {
  const problems: TypeProblem[] = [];
  check(value, expected, { at: [], problems });
  return problems;
}

interface Place {
  readonly at: FieldLocation;
  readonly problems: TypeProblem[];
}

function check(value: unknown, expected: Expected, place: Place): void {
  const { at, problems } = place;
  const message = problemOf(value, expected);
  if (message !== undefined) {
    problems.push({ path: at, message });
    return;
  }
  const { type, item, fields } = expected;
  if (type === "list" && item !== undefined) {
    const isKubernetes = at.includes("template");
    (value as unknown[]).forEach((each, index) => {
      // In an item of Kubernetes' own lists null is what an empty value is.
      const isEmpty = isKubernetes && isUnset(each);
      if (isEmpty && item.type !== "object") return;
      check(isEmpty ? {} : each, item, { at: [...at, index], problems });
    });
  }
  if (!isFields(value)) return;
  if (type === "map" && item !== undefined && item.type !== "anything") {
    for (const name of Object.keys(value)) {
      if (!isUnset(value[name])) check(value[name], item, { at: [...at, name], problems });
    }
  }
  if (fields !== undefined) checkFields(value, fields(), place);
}

/** A null counts as absent, as an API server drops it. */
function checkFields(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Expected>>,
  { at, problems }: Place,
): void {
  for (const name in fields) {
    const field = fields[name] as Expected;
    const present = Object.hasOwn(value, name) ? value[name] : undefined;
    if (!isUnset(present)) check(present, field, { at: [...at, name], problems });
    else if (field.isRequired) {
      problems.push({ path: [...at, name], message: "is required", isMissing: true });
    }
  }
}

const LARGEST_INT32 = 2 ** 31 - 1;
/** Whole numbers of 64 bits are read as exactly as JSON's numbers are. */
const EXACT_BITS = 53;

/** What is wrong with a value itself, whatever is inside; undefined when nothing is. */
function problemOf(value: unknown, { type, values = [] }: Expected): string | undefined {
  const mustBe = (what: string) => `must be ${what}, but is ${describe(value)}`;
  switch (type) {
    case "text":
      return typeof value === "string" ? undefined : mustBe("a string");
    case "choice":
      if (typeof value !== "string") return mustBe("a string");
      return values.includes(value) ? undefined : mustBe(`one of ${values.join(", ")}`);
    case "time":
      if (typeof value !== "string") return mustBe("a string");
      return isTime(value) ? undefined : mustBe('a time such as "2026-01-31T12:00:00Z"');
    case "flag":
      return typeof value === "boolean" ? undefined : mustBe("true or false");
    case "whole":
    case "long":
      return wholeProblem(value, type);
    case "wholeOrText":
      if (typeof value === "string") return undefined;
      return Number.isInteger(value)
        ? wholeProblem(value, "whole")
        : mustBe("a whole number or a string");
    case "quantity":
      return typeof value === "string" || typeof value === "number"
        ? undefined
        : mustBe("a number or a string");
    case "list":
      return Array.isArray(value) ? undefined : mustBe("a list");
    case "map":
    case "object":
      return isFields(value) ? undefined : mustBe("an object");
    case "anything":
      return undefined;
  }
}

function wholeProblem(value: unknown, type: "whole" | "long"): string | undefined {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return `must be a whole number, but is ${describe(value)}`;
  }
  const isExact = type === "whole"
    ? value >= -LARGEST_INT32 - 1 && value <= LARGEST_INT32
    : Number.isSafeInteger(value);
  return isExact
    ? undefined
    : `must fit in ${type === "whole" ? 32 : EXACT_BITS} bits, but is ${value}`;
}

/** RFC 3339, with a day that the month has. */
function isTime(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (parts === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(
    Number,
  );
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 &&
    minute < 60 && second < 60;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value !== "string") return `the ${typeof value} ${String(value)}`;
  const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
  return `the string ${JSON.stringify(shown)}`;
}
