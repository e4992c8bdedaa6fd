import { badRequest } from "./status_error.ts";

/** One condition of a field selector. */
interface FieldRequirement {
  readonly field: string;
  readonly isEqual: boolean;
  readonly value: string;
}

/** Conditions on fields that must all hold. */
export type FieldSelector = readonly FieldRequirement[];

/** Reads a field selector: `metadata.name=a,status.phase!=Running`. */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements: FieldRequirement[] = [];
  for (const part of text.split(",")) {
    if (part === "") continue;
    const match = /^([^=!]*)(!=|==|=)(.*)$/.exec(part);
    if (match === null) {
      throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    }
    requirements.push({
      field: match[1] as string,
      isEqual: match[2] !== "!=",
      value: match[3] as string,
    });
  }
  return requirements;
}

/** True when the fields fulfil the selector; a field that is absent is the empty string. */
export function matchesFields(
  selector: FieldSelector,
  fieldOf: (field: string) => string,
): boolean {
  for (const { field, isEqual, value } of selector) {
    if ((fieldOf(field) === value) !== isEqual) return false;
  }
  return true;
}
