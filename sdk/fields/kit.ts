/**
 * The words in which fields are defined: those of the five kinds, and those of a plugin's
 * configuration. A definition is written once and read several times: by TypeScript (`ConfigOf`),
 * by the checking kit (`checking_kit.ts`), which makes of it the least that finds wrong types, and
 * by a describing kit, which makes definitions and documentation of it.
 *
 * @module
 */

/** One field; what it is inside only the kit knows that made it. */
export interface Field<Value = unknown, IsRequired extends boolean = boolean> {
  /** For types alone: there is no such property. */
  readonly "~value"?: Value;
  /** For types alone: there is no such property. */
  readonly "~required"?: IsRequired;
}
/** The fields of an object. */
export type Shape = Readonly<Record<string, Field>>;
/** Fields on demand: built when a value is there, or when they are described. */
export type LazyShape = () => Shape;

/**
 * The fields of a plugin's configuration:
 *
 * ```ts
 * const config = (kit: Kit) => ({
 *   route: kit.text("Name of the Route.", { required: true }),
 *   port: kit.whole("Port of it.", { range: "1 to 65535", default: 80 }),
 * });
 * type Config = ConfigOf<typeof config>; // { route: string; port?: number }
 * ```
 */
export type ConfigTable = (kit: Kit) => Shape;

/** The type of a configuration that is as its table says. */
export type ConfigOf<Table extends ConfigTable> = ValueOf<ReturnType<Table>>;

/** The type of an object with these fields. */
export type ValueOf<Fields extends Shape> =
  & { readonly [Name in RequiredName<Fields>]: FieldValue<Fields[Name]> }
  & { readonly [Name in Exclude<keyof Fields, RequiredName<Fields>>]?: FieldValue<Fields[Name]> };

type RequiredName<Fields extends Shape> = {
  [Name in keyof Fields]: Fields[Name] extends Field<unknown, true> ? Name : never;
}[keyof Fields];
type FieldValue<Made> = Made extends Field<infer Value> ? Value : never;
type IsRequired<Said> = Said extends { readonly required: true } ? true : false;

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

/** Of a list of whole numbers. */
export interface WholesNote extends Note {
  /** Each stands in it once. */
  readonly set?: boolean;
}

type Simple<Value> = <const Said extends Note = Note>(
  meaning?: string,
  note?: Said,
) => Field<Value, IsRequired<Said>>;

/** One method for each type of field; the first argument says what the field is for. */
export interface Kit {
  readonly text: Simple<string>;
  /** A text of which the API server takes only some values. */
  choice<const Value extends string, const Said extends Note = Note>(
    values: readonly Value[],
    meaning: string,
    note?: Said,
  ): Field<Value, IsRequired<Said>>;
  /** A time in RFC 3339. */
  readonly time: Simple<string>;
  readonly flag: Simple<boolean>;
  /** A whole number of 32 bits. */
  readonly whole: Simple<number>;
  /** A whole number of 64 bits. */
  readonly long: Simple<number>;
  readonly wholeOrText: Simple<number | string>;
  /** An amount such as `500m` or `2Gi`. */
  readonly quantity: Simple<number | string>;
  readonly texts: Simple<readonly string[]>;
  /** A list of whole numbers. */
  wholes<const Said extends WholesNote = WholesNote>(
    bits: 32 | 64,
    note?: Said,
  ): Field<readonly number[], IsRequired<Said>>;
  textMap<const Said extends ObjectNote = ObjectNote>(
    meaning?: string,
    note?: Said,
  ): Field<Readonly<Record<string, string>>, IsRequired<Said>>;
  readonly quantityMap: Simple<Readonly<Record<string, number | string>>>;
  object<Inner extends Shape, const Said extends ObjectNote = ObjectNote>(
    shape: () => Inner,
    meaning?: string,
    note?: Said,
  ): Field<ValueOf<Inner>, IsRequired<Said>>;
  list<Inner extends Shape, const Said extends ListNote & ObjectNote = ListNote & ObjectNote>(
    shape: () => Inner,
    meaning?: string,
    note?: Said,
  ): Field<readonly ValueOf<Inner>[], IsRequired<Said>>;
  objectMap<Inner extends Shape, const Said extends Note = Note>(
    shape: () => Inner,
    meaning?: string,
    note?: Said,
  ): Field<Readonly<Record<string, ValueOf<Inner>>>, IsRequired<Said>>;
  /** An object with fields of others. */
  readonly open: Simple<Readonly<Record<string, unknown>>>;
  /** Any value at all. */
  readonly anything: Simple<unknown>;
  /** A pod template: Kubernetes' own fields, of which a definition keeps only what it must. */
  template<Inner extends Shape, const Said extends Note = Note>(
    shape: () => Inner,
    meaning: string,
    note?: Said,
  ): Field<ValueOf<Inner>, IsRequired<Said>>;
}

type Maker<Said = Note> = (meaning?: string, note?: Said) => object;
type ShapeMaker<Said = Note> = (shape: LazyShape, meaning?: string, note?: Said) => object;

/** A kit as it is written: what it makes of a field is its own affair. */
export interface KitMaker {
  readonly text: Maker;
  readonly choice: (values: readonly string[], meaning: string, note?: Note) => object;
  readonly time: Maker;
  readonly flag: Maker;
  readonly whole: Maker;
  readonly long: Maker;
  readonly wholeOrText: Maker;
  readonly quantity: Maker;
  readonly texts: Maker;
  readonly wholes: (bits: 32 | 64, note?: WholesNote) => object;
  readonly textMap: Maker<ObjectNote>;
  readonly quantityMap: Maker;
  readonly object: ShapeMaker<ObjectNote>;
  readonly list: ShapeMaker<ListNote & ObjectNote>;
  readonly objectMap: ShapeMaker;
  readonly open: Maker;
  readonly anything: Maker;
  readonly template: ShapeMaker;
}

/** The kit that definitions see: what it makes has the types of the values that it is about. */
export function kitOf(maker: KitMaker): Kit {
  return maker as unknown as Kit;
}
