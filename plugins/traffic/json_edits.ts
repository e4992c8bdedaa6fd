/** Changes of one object, collected as a JSON patch while a copy is changed with them. */
import { type Fields, isFields } from "../../sdk/wire/json.ts";

/** An operation of RFC 6902. */
export interface JsonOperation {
  readonly op: "add" | "remove" | "replace";
  readonly path: string;
  readonly value?: unknown;
}

/** A place in an object: names of fields and indexes of lists. */
export type JsonPlace = readonly (string | number)[];

/** A copy of an object that is changed, and the operations that change the object likewise. */
export class JsonEdits {
  readonly copy: Fields;
  readonly #operations: JsonOperation[] = [];

  constructor(object: object) {
    this.copy = cloneOf(object) as Fields;
  }

  get operations(): readonly JsonOperation[] {
    return this.#operations;
  }

  get isEmpty(): boolean {
    return this.#operations.length === 0;
  }

  /** Sets a field, unless it has that value; what holds the field must be there. */
  set(place: JsonPlace, value: unknown): void {
    const [holder, name] = this.#holderOf(place);
    const present = (holder as Fields)[name];
    if (isEqual(present, value)) return;
    const op = present === undefined ? "add" : "replace";
    this.#operations.push({ op, path: pointer(place), value: cloneOf(value) });
    (holder as Fields)[name] = cloneOf(value);
  }

  /** Inserts an item into a list before the one at this place. */
  insert(place: JsonPlace, value: unknown): void {
    const [list, index] = this.#holderOf(place);
    this.#operations.push({ op: "add", path: pointer(place), value: cloneOf(value) });
    (list as unknown[]).splice(Number(index), 0, cloneOf(value));
  }

  /** Removes a field or an item, if it is there. */
  remove(place: JsonPlace): void {
    const [holder, name] = this.#holderOf(place);
    if ((holder as Fields)[name] === undefined) return;
    this.#operations.push({ op: "remove", path: pointer(place) });
    if (Array.isArray(holder)) holder.splice(Number(name), 1);
    else delete (holder as Fields)[name];
  }

  /** Removes a field, and what held it, when nothing else is in there. */
  removeLast(place: JsonPlace): void {
    const [holder, name] = this.#holderOf(place);
    const isLast = name in holder && Object.keys(holder).length === 1;
    this.remove(isLast ? place.slice(0, -1) : place);
  }

  #holderOf(place: JsonPlace): [unknown[] | Fields, string] {
    let holder: unknown = this.copy;
    for (const name of place.slice(0, -1)) holder = (holder as Fields)[name];
    return [holder as Fields, String(place.at(-1))];
  }
}

/** A copy of a JSON value; what the original holds twice appears twice. */
function cloneOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cloneOf);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, cloneOf(each)]));
}

function pointer(place: JsonPlace): string {
  return place
    .map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

/** True for the same JSON value; the order of fields does not count. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index]));
  }
  if (!isFields(left) || !isFields(right)) return left === right;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length &&
    names.every((name) => name in right && isEqual(left[name], right[name]));
}
