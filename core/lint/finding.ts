import type { FieldError } from "../../sdk/wire/field_error.ts";
import type { FieldLocation } from "../../sdk/wire/field_place.ts";

/** An error keeps a manifest from working; a warning is about what hurts later. */
export type Severity = "error" | "warning";

/** Something that a person should look at, and where it stands. */
export interface Finding {
  readonly severity: Severity;
  /** The name of the rule: stable, for those who count or filter findings. */
  readonly rule: string;
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1, in UTF-16 code units. */
  readonly column: number;
  /** `Rollout/web`; empty where the finding is about no object. */
  readonly object: string;
  /** `spec.strategy.canary.steps[0].setWeight`; empty where it is about the whole. */
  readonly path: string;
  /** What is the matter, in one line, without place and path. */
  readonly text: string;
}

/** A place in the object of a document; the field itself may be absent. */
export interface Spot<Document> {
  readonly document: Document;
  readonly location: FieldLocation;
  readonly text: string;
}

/** The place of an error of validation, and its words without their own name for the place. */
export function spotOf<Document>(
  { path, location, text }: FieldError,
  document: Document,
): Spot<Document> {
  const prefix = `${path}: `;
  return {
    document,
    location,
    text: text.startsWith(prefix) ? text.slice(prefix.length) : text,
  };
}

/** The order of a report: by file, then from top to bottom. */
export function compareFindings(one: Finding, other: Finding): number {
  return compare(one.file, other.file) || one.line - other.line || one.column - other.column ||
    compare(one.severity, other.severity) || compare(one.path, other.path) ||
    compare(one.text, other.text);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one === other ? 0 : 1;
}

/** `file.yaml:12:7: error: spec.replicas: must be a whole number, … [wrong-field]` */
export function findingText({ file, line, column, severity, path, text, rule }: Finding): string {
  const field = path === "" ? "" : `${path}: `;
  return `${file}:${line}:${column}: ${severity}: ${field}${text} [${rule}]`;
}
