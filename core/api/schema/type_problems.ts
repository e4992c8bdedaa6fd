import * as z from "zod/mini";
import type { FieldLocation } from "../field_place.ts";
import { isFields } from "../json_shape.ts";
import { checkingSchema } from "./checking_schemas.ts";
import { findKind } from "./kinds.ts";

/** A field of a type that an API server would refuse. */
export interface TypeProblem {
  readonly path: FieldLocation;
  /** `must be a whole number, but is the string "3"` */
  readonly message: string;
}

/** Everything of a wrong type, and every missing field, in an object of one of the five kinds. */
export function typeProblems(object: unknown): TypeProblem[] {
  const kind = isFields(object) ? findKind(object) : undefined;
  if (kind === undefined) return [];
  // Most objects are checked once: compiling the schema first would take longer than the check.
  const result = z.safeParse(checkingSchema(kind), object, { jitless: true, reportInput: true });
  if (result.success) return [];
  return result.error.issues.map((issue) => ({
    path: issue.path.map((part) => typeof part === "symbol" ? String(part) : part),
    message: explain(issue),
  }));
}

const EXPECTED: Readonly<Record<string, string>> = Object.freeze({
  string: "a string",
  int: "a whole number",
  number: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
});

function explain(issue: z.core.$ZodIssue): string {
  const input = issue.input;
  if (input === undefined) return "is required";
  switch (issue.code) {
    case "too_big":
    case "too_small":
      return `must fit in ${bitsOf(issue)} bits, but is ${String(input)}`;
    case "invalid_format":
      return `must be a time such as "2026-01-31T12:00:00Z", but is ${describe(input)}`;
    case "invalid_union":
      return `must be a whole number or a string, but is ${describe(input)}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}, but is ${describe(input)}`;
    case "invalid_type":
      return `must be ${EXPECTED[issue.expected] ?? issue.expected}, but is ${describe(input)}`;
    default:
      return `must not be ${describe(input)}`;
  }
}

/** Whole numbers of 64 bits are read as exactly as JSON's numbers are: up to 2^53. */
function bitsOf(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): number {
  const limit = issue.code === "too_big" ? issue.maximum : issue.minimum;
  return Math.abs(Number(limit)) > 2 ** 32 ? 53 : 32;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value !== "string") return `the ${typeof value} ${String(value)}`;
  const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
  return `the string ${JSON.stringify(shown)}`;
}
