/** As much of JSON Schema as the published schemas use. */
type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
};

/** A schema with its definitions. */
export interface RootSchema {
  readonly $defs: Readonly<Record<string, unknown>>;
}

interface Where {
  readonly at: string;
  readonly root: RootSchema;
}

/** Where a value is not as a schema says, or one of its definitions. */
export function schemaProblems(value: unknown, root: RootSchema, name?: string): string[] {
  const schema = name === undefined ? root : { $ref: `#/$defs/${name}` };
  return problemsOf(value, schema as Schema, { at: "", root });
}

/** Where a value is not as the schema says. */
function problemsOf(value: unknown, given: Schema, { at, root }: Where): string[] {
  const within = (schema: Schema, place = at, part = value) =>
    problemsOf(part, schema, { at: place, root });
  const { $ref, type, enum: choices, anyOf, items, properties = {}, required = [] } = given;
  if ($ref !== undefined) {
    const found = root.$defs[$ref.replace("#/$defs/", "")] as Schema | undefined;
    return found === undefined ? [`${at}: ${$ref} is not defined`] : within(found);
  }
  if (anyOf !== undefined) {
    const each = anyOf.map((one) => within(one));
    return each.find((problems) => problems.length === 0) ?? each[0] ?? [];
  }
  if (choices !== undefined) return choices.includes(value) ? [] : [`${at}: ${value}`];
  if (type !== undefined && !isOf(type, value)) return [`${at}: no ${type}`];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => within(items ?? {}, `${at}[${index}]`, item));
  }
  if (typeof value !== "object" || value === null) return [];
  const missing = required.filter((name) => !(name in value)).map((name) =>
    `${at}.${name}: absent`
  );
  const { additionalProperties = true } = given;
  const inside = Object.entries(value).flatMap(([name, field]) => {
    const known = properties[name] ??
      (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (known !== undefined) return within(known, `${at}.${name}`, field);
    return additionalProperties === false ? [`${at}.${name}: unknown`] : [];
  });
  return [...missing, ...inside];
}

function isOf(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  const is: string = typeof value;
  return is === type;
}
