/**
 * Schemas that find wrong types and nothing else. Objects are loose, so that nothing of others is
 * lost; a null counts as absent, as an API server drops it; what no value asks for is not built,
 * since building costs more than checking.
 */
import * as z from "zod/mini";
import type { Field, Kit, LazyShape, Note } from "./kit.ts";

export function checkingKit(): Kit {
  const text = either(z.string());
  const time = either(z.iso.datetime({ offset: true }));
  const flag = either(z.boolean());
  const whole = either(z.int32());
  const long = either(z.int());
  const wholeOrText = either(z.union([z.int32(), z.string()]));
  const quantity = either(z.union([z.number(), z.string()]));
  const texts = either(z.array(z.string()));
  const wholes = { 32: either(z.array(z.int32())), 64: either(z.array(z.int())) };
  const textMap = either(z.record(z.string(), z.nullable(z.string())));
  const quantityMap = either(z.record(z.string(), z.nullable(z.union([z.number(), z.string()]))));
  const open = either(z.record(z.string(), z.unknown()));
  const anything = either(z.unknown());
  const pick = (node: Either) => (_meaning?: string, note?: Note) => node(note);
  const object = (shape: LazyShape, _meaning?: string, note?: Note) =>
    optionalUnless(note, looseObject(shape));
  return {
    text: pick(text),
    choice: (values, _meaning, note) => optionalUnless(note, z.enum(values)),
    time: pick(time),
    flag: pick(flag),
    whole: pick(whole),
    long: pick(long),
    wholeOrText: pick(wholeOrText),
    quantity: pick(quantity),
    texts: pick(texts),
    wholes: (bits, note) => wholes[bits](note),
    textMap: pick(textMap),
    quantityMap: pick(quantityMap),
    object,
    list: (shape, _meaning, note) => optionalUnless(note, z.array(looseObject(shape))),
    objectMap: (shape, _meaning, note) =>
      optionalUnless(note, z.record(z.string(), z.nullable(looseObject(shape)))),
    open: pick(open),
    anything: pick(anything),
    template: object,
  };
}

/** The node for a required and for an optional field, made once for all fields of a type. */
type Either = (note: Note | undefined) => Field;

function either(required: Field): Either {
  const optional = z.optional(z.nullable(required));
  return (note) => note?.required === true ? required : optional;
}

function optionalUnless(note: Note | undefined, field: Field): Field {
  return note?.required === true ? field : z.optional(z.nullable(field));
}

function looseObject(shape: LazyShape): Field {
  const node = z.lazy(() => z.looseObject(shape()));
  // Zod asks each field whether it may be absent, and would build this one for the answer.
  node._zod.optin = undefined;
  node._zod.optout = undefined;
  return node;
}
