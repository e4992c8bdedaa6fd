import type * as z from "zod/mini";
import type { FieldLocation } from "./check_rollout_types.ts";
import { isFields } from "./json_shape.ts";
import { rolloutSchema } from "./rollout_schema.ts";

/** Only the Rollout's own part is known field by field; a template's fields are Kubernetes'. */
const OPEN_PLACES: readonly string[] = ["spec.template"];

/**
 * The fields of a Rollout's spec that nobody knows: mostly slips of the pen. They are kept; a
 * cluster with Argo Rollouts' definition would drop them.
 */
export function unknownRolloutFields(object: unknown): FieldLocation[] {
  const spec = isFields(object) ? object["spec"] : undefined;
  const found: FieldLocation[] = [];
  const schema = fieldsOfSchema(rolloutSchema())?.["spec"];
  if (schema !== undefined) collect(spec, schema, { at: ["spec"], found });
  return found;
}

function collect(
  value: unknown,
  schema: z.core.$ZodType,
  { at, found }: { at: FieldLocation; found: FieldLocation[] },
): void {
  const inner = unwrap(schema);
  if (Array.isArray(value)) {
    const { def } = inner._zod;
    if (def.type !== "array") return;
    value.forEach((each, index) => collect(each, def.element, { at: [...at, index], found }));
    return;
  }
  const known = fieldsOfSchema(inner);
  if (!isFields(value) || known === undefined || OPEN_PLACES.includes(at.join("."))) return;
  for (const [name, field] of Object.entries(value)) {
    const fieldSchema = Object.hasOwn(known, name) ? known[name] : undefined;
    if (fieldSchema === undefined) found.push([...at, name]);
    else collect(field, fieldSchema, { at: [...at, name], found });
  }
}

/** The fields that an object's schema knows; undefined where any field may stand. */
function fieldsOfSchema(schema: z.core.$ZodType): Record<string, z.core.$ZodType> | undefined {
  const { def } = unwrap(schema)._zod;
  return def.type === "object" ? def.shape : undefined;
}

/** The schema itself, typed by what it is, without what says that it may be absent. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodTypes {
  const known = schema as unknown as z.core.$ZodTypes;
  const { def } = known._zod;
  if (def.type === "optional" || def.type === "nullable") return unwrap(def.innerType);
  if (def.type !== "lazy") return known;
  return unwrap((known as z.core.$ZodLazy)._zod.innerType);
}
