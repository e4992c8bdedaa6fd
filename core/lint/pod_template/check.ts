/**
 * Checks of which the tables of a pod template are made. As for an API server, null and the empty
 * text count as not set, and so does an item of a list that is null.
 */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { type Fields, isFields, isUnset, textOf } from "../../../sdk/wire/json.ts";
import { quantityNanos } from "../../api/values/quantity.ts";

/** Takes what is wrong, and where. */
export type Report = (at: FieldLocation, text: string) => void;

/** Looks at a value that is set. */
export type Check = (value: unknown, at: FieldLocation, report: Report) => void;

/** Looks at a text that is not empty; says what is wrong with it. */
export type TextCheck = (text: string) => string | undefined;

/** The fields of an object that is one. */
export type FieldsCheck = (fields: Fields, at: FieldLocation, report: Report) => void;

/** An object: what its fields must be, then what they must be together. */
export function object(table: Readonly<Record<string, Check>>, ...checks: FieldsCheck[]): Check {
  return (value, at, report) => {
    if (!isFields(value)) return report(at, mustBe("an object", value));
    for (const name in value) {
      const check = Object.hasOwn(table, name) ? table[name] : undefined;
      if (check !== undefined && !isUnset(value[name])) check(value[name], [...at, name], report);
    }
    for (const check of checks) check(value, at, report);
  };
}

/** A list of objects or texts. */
export function list(item: Check, options: { readonly empty?: unknown } = {}): Check {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report(at, mustBe("a list", value));
    value.forEach((each, index) => item(each ?? options.empty ?? {}, [...at, index], report));
  };
}

/** A list of texts. */
export function texts(...checks: TextCheck[]): Check {
  return list(text(...checks), { empty: "" });
}

/** A list in which nothing appears twice, by what `keyOf` tells apart; an empty key is none. */
export function unique(
  keyOf: (item: unknown) => string,
  ...inner: readonly (string | number)[]
): Check {
  return (value, at, report) => {
    if (!Array.isArray(value)) return;
    const seen = new Set<string>();
    value.forEach((item, index) => {
      const key = keyOf(item);
      if (key !== "" && seen.has(key)) {
        report([...at, index, ...inner], `appears twice: ${JSON.stringify(key)}`);
      }
      seen.add(key);
    });
  };
}

/** A list of texts of which none is empty. */
export function filledTexts(...checks: TextCheck[]): Check {
  const filled = text(...checks);
  return list((value, at, report) => {
    if (value === "") report(at, "must not be empty");
    else filled(value, at, report);
  }, { empty: "" });
}

/** One of some words; an empty text is none of them. */
export function word(...words: string[]): Check {
  return (value, at, report) => {
    if (typeof value !== "string") return report(at, mustBe("a string", value));
    if (words.includes(value)) return;
    report(at, `must be one of ${words.join(", ")}, but is ${JSON.stringify(value)}`);
  };
}

/** An object whose values are texts. */
export const textMap: Check = (value, at, report) => {
  if (!isFields(value)) return report(at, mustBe("an object", value));
  for (const [name, each] of Object.entries(value)) {
    if (!isUnset(each) && typeof each !== "string") {
      report([...at, name], mustBe("a string", each));
    }
  }
};

/** A text, and what it must be when it is not empty. */
export function text(...checks: TextCheck[]): Check {
  return (value, at, report) => {
    if (typeof value !== "string") return report(at, mustBe("a string", value));
    if (value === "") return;
    for (const check of checks) {
      const problem = check(value);
      if (problem !== undefined) return report(at, problem);
    }
  };
}

/** True or false. */
export const flag: Check = (value, at, report) => {
  if (typeof value !== "boolean") report(at, mustBe("true or false", value));
};

/** A whole number within limits; 0 may mean that it is not set. */
export function whole(
  { min = -(2 ** 31), max = 2 ** 31 - 1, zeroIsUnset = false }: {
    readonly min?: number;
    readonly max?: number;
    readonly zeroIsUnset?: boolean;
  } = {},
): Check {
  return (value, at, report) => {
    if (typeof value !== "number" || !Number.isInteger(value)) {
      return report(at, mustBe("a whole number", value));
    }
    if (zeroIsUnset && value === 0) return;
    if (value >= min && value <= max) return;
    report(
      at,
      value < min && max >= 2 ** 31 - 1
        ? `must be ${min} or more, but is ${value}`
        : `must be from ${min} to ${max}, but is ${value}`,
    );
  };
}

/** The number of a port. */
export const port: Check = whole({ min: 1, max: 65_535 });

/** Permissions of a file. */
export const fileMode: Check = (value, at, report) => {
  whole()(value, at, report);
  if (typeof value === "number" && (value < 0 || value > 0o777)) {
    report(at, `must be from 0 to 0777 (octal; 511), but is ${value}`);
  }
};

/** An amount such as `500m` or `2Gi`. */
export function quantity(min: 0 | 1 | undefined = undefined): Check {
  return (value, at, report) => {
    if (typeof value !== "string" && typeof value !== "number") {
      return report(at, mustBe("an amount such as 500m or 2Gi", value));
    }
    const nanos = quantityNanos(value);
    if (nanos === undefined) {
      return report(at, `must be an amount such as 500m or 2Gi, but is ${JSON.stringify(value)}`);
    }
    if (min === 0 && nanos < 0n) report(at, `must not be negative, but is ${value}`);
    if (min === 1 && nanos <= 0n) report(at, `must be more than 0, but is ${value}`);
  };
}

/** Fields without which the object is nothing. */
export function needs(...names: string[]): FieldsCheck {
  return (fields, at, report) => {
    for (const name of names) {
      const value = fields[name];
      if (isUnset(value) || value === "" || (Array.isArray(value) && value.length === 0)) {
        report([...at, name], "is required");
      }
    }
  };
}

/** Fields of which one must be set and no other may be. */
export function exactlyOne(...names: string[]): FieldsCheck {
  return (fields, at, report) => {
    const set = names.filter((name) => !isUnset(fields[name]));
    if (set.length === 0) report(at, `must have one of ${names.join(", ")}`);
    atMostOne(...names)(fields, at, report);
  };
}

/** Fields that exclude one another. */
export function atMostOne(...names: string[]): FieldsCheck {
  return (fields, at, report) => {
    const [first, second] = names.filter((name) => !isUnset(fields[name]));
    if (second !== undefined) report([...at, second], `must not stand beside ${first}`);
  };
}

/** Several checks of one value. */
export function all(...checks: Check[]): Check {
  return (value, at, report) => checks.forEach((check) => check(value, at, report));
}

/** A value that has nothing to say here. */
export const anything: Check = () => {};

/** `must be a string, but is the number 5` */
export function mustBe(what: string, value: unknown): string {
  return `must be ${what}, but is ${described(value)}`;
}

function described(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return value === null ? "null" : "an object";
  return `the ${typeof value} ${JSON.stringify(value)}`;
}

/** The name of an item, for lists that are told apart by it. */
export function nameOfItem(item: unknown): string {
  return isFields(item) ? textOf(item["name"]) : "";
}
