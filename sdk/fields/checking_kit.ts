/**
 * What values must be, and nothing else: of a definition the cheapest reading. What no value asks
 * for is not built, since building costs more than checking.
 */
import { type Kit, kitOf, type LazyShape, type Note } from "./kit.ts";

type ExpectedType =
  | "text"
  | "choice"
  | "time"
  | "flag"
  | "whole"
  | "long"
  | "wholeOrText"
  | "quantity"
  | "list"
  | "map"
  | "object"
  | "anything";

/** What a value must be. */
export interface Expected {
  readonly type: ExpectedType;
  readonly isRequired: boolean;
  /** Of a choice. */
  readonly values?: readonly string[];
  /** Of a list or a map: what each item must be. */
  readonly item?: Expected;
  /** Of an object: its fields; others may stand beside them. */
  readonly fields?: () => ExpectedFields;
}

export type ExpectedFields = Readonly<Record<string, Expected>>;

export function checkingKit(): Kit {
  const text = either("text");
  const flag = either("flag");
  const whole = either("whole");
  const object = (shape: LazyShape, _meaning?: string, note?: Note) => expectedObject(shape, note);
  return kitOf({
    text,
    choice: (values, _meaning, note) => expected("choice", note, { values }),
    time: either("time"),
    flag,
    whole,
    long: either("long"),
    wholeOrText: either("wholeOrText"),
    quantity: either("quantity"),
    texts: either("list", { item: REQUIRED_TEXT }),
    wholes: (bits, note) => expected("list", note, { item: bits === 32 ? WHOLE : LONG }),
    textMap: either("map", { item: TEXT }),
    quantityMap: either("map", { item: QUANTITY }),
    object,
    list: (shape, _meaning, note) =>
      expected("list", note, { item: expectedObject(shape, { required: true }) }),
    objectMap: (shape, _meaning, note) =>
      expected("map", note, { item: expectedObject(shape, undefined) }),
    open: either("map", { item: ANYTHING }),
    anything: either("anything"),
    template: object,
  });
}

/** The fields of a shape that a checking kit made. */
function fieldsOfShape(shape: LazyShape): ExpectedFields {
  return shape() as ExpectedFields;
}

// An item of a list cannot be absent; the value of a key may be null, which says as much.
const REQUIRED_TEXT: Expected = Object.freeze({ type: "text", isRequired: true });
const WHOLE: Expected = Object.freeze({ type: "whole", isRequired: true });
const LONG: Expected = Object.freeze({ type: "long", isRequired: true });
const TEXT: Expected = Object.freeze({ type: "text", isRequired: false });
const QUANTITY: Expected = Object.freeze({ type: "quantity", isRequired: false });
const ANYTHING: Expected = Object.freeze({ type: "anything", isRequired: false });

function expected(
  type: ExpectedType,
  note: Note | undefined,
  more: Omit<Expected, "type" | "isRequired"> = {},
): Expected {
  return { type, isRequired: note?.required === true, ...more };
}

/** The required and the optional field of a type, made once for all that have it. */
function either(type: ExpectedType, more: Omit<Expected, "type" | "isRequired"> = {}) {
  const required = expected(type, { required: true }, more);
  const optional = expected(type, undefined, more);
  return (_meaning?: string, note?: Note): Expected =>
    note?.required === true ? required : optional;
}

function expectedObject(shape: LazyShape, note: Note | undefined): Expected {
  let built: ExpectedFields | undefined;
  const fields = () => built ??= fieldsOfShape(shape);
  return { type: "object", isRequired: note?.required === true, fields };
}
