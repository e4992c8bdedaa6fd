import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { isFields } from "../../../sdk/wire/json.ts";
import { unknownFieldsOf } from "../../../sdk/fields/unknown_fields.ts";
import { expectedObjectOf } from "./expected_fields.ts";
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
  const fields = Object.fromEntries(
    Object.entries(object).filter(([name]) => !ENVELOPE.includes(name)),
  );
  return unknownFieldsOf(fields, expectedObjectOf(kind));
}

/** What people are told of such a field. */
export function unknownFieldText(kind: string, path: FieldLocation): string {
  // Kubernetes gains fields: what is new there is handed on to the pods.
  return path.includes("template")
    ? "is no field of a pod template that is known here: it is handed on as it is"
    : `is no field of ${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}: it is kept and has no effect`;
}
