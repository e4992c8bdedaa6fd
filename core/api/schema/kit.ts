/**
 * The words in which fields are defined. A definition is written once and read twice: the checking
 * kit (`checking_kit.ts`) makes of it the least that finds wrong types, the describing kit
 * (`describing_kit.ts`) a schema that knows what each field means, for CustomResourceDefinitions
 * and documentation.
 */

/** One field; what it is inside only the kit knows that made it. */
export type Field = object;
/** The fields of an object. */
export type Shape = Readonly<Record<string, Field>>;
/** Fields on demand: built when a value is there, or when they are described. */
export type LazyShape = () => Shape;

/** What there is to know of a field besides its type and meaning. */
export interface Note {
  /** The API server refuses objects without it; fields are optional unless this says otherwise. */
  readonly required?: boolean;
  /** What the number counts, or what the text is measured in: `seconds`, `pods`, `%`. */
  readonly unit?: string;
  /** The values that make sense, where the type allows more: `0 to 100`. */
  readonly range?: string;
  /** What counts when the field is absent; nothing is written into the object. */
  readonly default?: string | number | boolean;
  /** What the API server itself writes into objects where the field is absent. */
  readonly stored?: string | boolean;
}

/** Of an object as a whole. */
export interface ObjectNote extends Note {
  /** Server-side apply may not split it between managers. */
  readonly atomic?: boolean;
  /** Once set, the API server refuses any other value. */
  readonly immutable?: boolean;
}

/** Items that are told apart by some of their fields, so that managers can share the list. */
export interface ListNote extends Note {
  readonly keys?: readonly string[];
}

/** One method for each type of field; the first argument says what the field is for. */
export interface Kit {
  text(meaning?: string, note?: Note): Field;
  /** A text of which the API server takes only some values. */
  choice(values: readonly string[], meaning: string, note?: Note): Field;
  /** A time in RFC 3339. */
  time(meaning: string, note?: Note): Field;
  flag(meaning?: string, note?: Note): Field;
  /** A whole number of 32 bits. */
  whole(meaning?: string, note?: Note): Field;
  /** A whole number of 64 bits. */
  long(meaning?: string, note?: Note): Field;
  wholeOrText(meaning?: string, note?: Note): Field;
  /** An amount such as `500m` or `2Gi`. */
  quantity(meaning?: string, note?: Note): Field;
  texts(meaning?: string, note?: Note): Field;
  /** A list of whole numbers; as a set, each stands in it once. */
  wholes(bits: 32 | 64, note?: Note & { readonly set?: boolean }): Field;
  textMap(meaning?: string, note?: ObjectNote): Field;
  quantityMap(meaning?: string, note?: Note): Field;
  object(shape: LazyShape, meaning?: string, note?: ObjectNote): Field;
  list(shape: LazyShape, meaning?: string, note?: ListNote & ObjectNote): Field;
  objectMap(shape: LazyShape, meaning?: string, note?: Note): Field;
  /** An object with fields of others. */
  open(meaning?: string, note?: Note): Field;
  /** Any value at all. */
  anything(meaning?: string, note?: Note): Field;
  /** A pod template: Kubernetes' own fields, of which a definition keeps only what it must. */
  template(shape: LazyShape, meaning: string, note?: Note): Field;
}
