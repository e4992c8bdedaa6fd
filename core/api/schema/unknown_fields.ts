import type * as z from "zod/mini";
import type { FieldLocation } from "../field_place.ts";
import { isFields } from "../json_shape.ts";
import { checkingSchema } from "./checking_schemas.ts";
import { findKind } from "./kinds.ts";

/** What stands around the fields of a kind; its own insides are Kubernetes'. */
const ENVELOPE: readonly string[] = ["apiVersion", "kind", "metadata", "status"];

/**
 * The fields of an object of the five kinds that nobody knows: mostly slips of the pen. They are
 * kept; a cluster with Argo Rollouts' definitions would drop them.
 */
export function unknownFields(object: unknown): FieldLocation[] {
  const kind = isFields(object) ? findKind(object) : undefined;
  if (kind === undefined || !isFields(object)) return [];
  const found: FieldLocation[] = [];
  const fields = Object.fromEntries(
    Object.entries(object).filter(([name]) => !ENVELOPE.includes(name)),
  );
  collect(fields, checkingSchema(kind), { at: [], found });
  return found;
}

/** What people are told of such a field. */
export function unknownFieldText(kind: string, path: FieldLocation): string {
  // Kubernetes gains fields: what is new there is handed on to the pods.
  return path.includes("template")
    ? "is no field of a pod template that is known here: it is handed on as it is"
    : `is no field of ${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}: it is kept and has no effect`;
}

function collect(
  value: unknown,
  schema: z.core.$ZodType,
  { at, found }: { at: FieldLocation; found: FieldLocation[] },
): void {
  const { def } = unwrap(schema)._zod;
  if (Array.isArray(value)) {
    if (def.type !== "array") return;
    value.forEach((each, index) => collect(each, def.element, { at: [...at, index], found }));
    return;
  }
  if (!isFields(value)) return;
  for (const [name, field] of Object.entries(value)) {
    const place = { at: [...at, name], found };
    if (def.type === "record") collect(field, def.valueType, place);
    if (def.type !== "object") continue;
    const known = Object.hasOwn(def.shape, name) ? def.shape[name] : undefined;
    if (known === undefined) found.push(place.at);
    else collect(field, known, place);
  }
}

/** The schema itself, typed by what it is, without what says that it may be absent. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodTypes {
  const known = schema as unknown as z.core.$ZodTypes;
  const { def } = known._zod;
  if (def.type === "optional" || def.type === "nullable") return unwrap(def.innerType);
  if (def.type !== "lazy") return known;
  return unwrap((known as z.core.$ZodLazy)._zod.innerType);
}
