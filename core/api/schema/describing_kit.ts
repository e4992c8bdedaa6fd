/** Schemas in which every field says what it is for: for definitions and documentation. */
import * as z from "zod/mini";
import { IMMUTABLE } from "./open_definition.ts";
import {
  type Kit,
  type KitMaker,
  kitOf,
  type LazyShape,
  type ListNote,
  type Note,
  type ObjectNote,
} from "../../../sdk/fields/kit.ts";

/** What is registered for a field, besides JSON schema's own words. */
export interface Description {
  readonly description?: string;
  readonly default?: string | boolean;
  readonly format?: string;
  readonly "x-kubernetes-int-or-string"?: true;
  readonly "x-kubernetes-preserve-unknown-fields"?: true;
  readonly "x-kubernetes-list-type"?: "map" | "set";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic";
  readonly "x-kubernetes-validations"?: readonly {
    readonly rule: string;
    readonly message: string;
  }[];
  /** Of our own, taken out before anything leaves the program. */
  readonly "x-note"?: Note & { readonly meaning?: string };
  readonly "x-type"?: string;
  readonly "x-template"?: true;
}

/** The rule, in the API server's own language. */

export type Descriptions = z.core.$ZodRegistry<Description>;

export function describingKit(descriptions: Descriptions): Kit {
  const say = sayer(descriptions);
  return kitOf({ ...scalars(say), ...collections(say, descriptions) });
}

type Schema = z.ZodMiniType;

/** The fields of a shape that a describing kit made. */
export function schemasOf(shape: LazyShape): Record<string, Schema> {
  return shape() as Record<string, Schema>;
}

/** Registers what is known of a field, and makes it optional unless it is required. */
type Say = (
  field: Schema,
  extra: Description,
  said: { meaning: string | undefined; note: Note | undefined },
) => object;

function sayer(descriptions: Descriptions): Say {
  return (field, extra, { meaning, note = {} }) => {
    descriptions.add(field, {
      ...extra,
      ...(meaning === undefined ? {} : { description: sentenceOf(meaning, note) }),
      ...(note.stored === undefined ? {} : { default: note.stored }),
      "x-note": meaning === undefined ? note : { ...note, meaning },
    });
    return note.required === true ? field : z.optional(field);
  };
}

type Scalar = "text" | "choice" | "time" | "flag" | "whole" | "long" | "wholeOrText" | "quantity";

function scalars(say: Say): Pick<KitMaker, Scalar | "open" | "anything"> {
  const simple = (make: () => Schema, extra: Description) => (meaning?: string, note?: Note) =>
    say(make(), extra, { meaning, note });
  const intOrText = (type: string) =>
    simple(() => z.union([z.int(), z.string()]), {
      "x-type": type,
      "x-kubernetes-int-or-string": true,
    });
  return {
    text: simple(() => z.string(), { "x-type": "text" }),
    choice: (values, meaning, note) =>
      say(z.enum(values), { "x-type": values.join(", ") }, { meaning, note }),
    time: simple(() => z.string(), { "x-type": "time", format: "date-time" }),
    flag: simple(() => z.boolean(), { "x-type": "true or false" }),
    whole: simple(() => z.int(), { "x-type": "whole number", format: "int32" }),
    long: simple(() => z.int(), { "x-type": "whole number", format: "int64" }),
    wholeOrText: intOrText("whole number or text"),
    quantity: intOrText("quantity"),
    open: simple(() => z.looseObject({}), {
      "x-type": "any object",
      "x-kubernetes-preserve-unknown-fields": true,
    }),
    anything: simple(() => z.unknown(), {
      "x-type": "anything",
      "x-kubernetes-preserve-unknown-fields": true,
    }),
  };
}

function collections(
  say: Say,
  descriptions: Descriptions,
): Omit<KitMaker, Scalar | "open" | "anything"> {
  return {
    texts: (meaning, note) =>
      say(z.array(z.string()), { "x-type": "list of text" }, { meaning, note }),
    wholes: (bits, note) => {
      const item = z.int();
      descriptions.add(item, { format: `int${bits}` });
      const extra: Description = {
        "x-type": "list of whole numbers",
        ...(note?.set === true ? { "x-kubernetes-list-type": "set" } : {}),
      };
      return say(z.array(item), extra, { meaning: undefined, note });
    },
    textMap: (meaning, note) => {
      const extra: Description = { "x-type": "map of text", ...wholeness(note) };
      return say(z.record(z.string(), z.string()), extra, { meaning, note });
    },
    quantityMap: (meaning, note) => {
      const item = z.union([z.int(), z.string()]);
      descriptions.add(item, { "x-kubernetes-int-or-string": true });
      const map = z.record(z.string(), item);
      return say(map, { "x-type": "map of quantities" }, { meaning, note });
    },
    object: (shape, meaning, note) =>
      say(z.looseObject(schemasOf(shape)), { "x-type": "object", ...wholeness(note) }, {
        meaning,
        note,
      }),
    list: (shape, meaning, note) => {
      const item = z.looseObject(schemasOf(shape));
      descriptions.add(item, wholeness(note));
      return say(z.array(item), sharing(note), { meaning, note });
    },
    objectMap: (shape, meaning, note) => {
      const map = z.record(z.string(), z.looseObject(schemasOf(shape)));
      return say(map, { "x-type": "map of objects" }, { meaning, note });
    },
    template: (shape, meaning, note) => {
      const extra: Description = { "x-type": "pod template", "x-template": true };
      return say(z.looseObject(schemasOf(shape)), extra, { meaning, note });
    },
  };
}

/** What keeps an object whole. */
function wholeness(note: ObjectNote | undefined): Description {
  return {
    ...(note?.atomic === true ? { "x-kubernetes-map-type": "atomic" } : {}),
    ...(note?.immutable === true ? { "x-kubernetes-validations": [IMMUTABLE] } : {}),
  };
}

/** How managers share a list. */
function sharing(note: ListNote | undefined): Description {
  const type = { "x-type": "list of objects" };
  if (note?.keys === undefined) return type;
  return {
    ...type,
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": note.keys,
  };
}

/** What `kubectl explain` shows: the meaning, then unit, range and default where there are any. */
function sentenceOf(meaning: string, { unit, range, default: assumed, stored }: Note): string {
  const standard = assumed ?? stored;
  const facts = [
    unit === undefined ? undefined : `In ${unit}.`,
    range === undefined ? undefined : `Range: ${range}.`,
    standard === undefined || standard === "" ? undefined : `Default: ${standard}.`,
  ];
  return [meaning, ...facts.filter((fact) => fact !== undefined)].join(" ");
}
