/** How the configurations of routers name objects. */
import type { ObjectKind, ObjectReference } from "../../sdk/traffic_router.ts";
import type { FieldPlace } from "../../sdk/wire/field_place.ts";
import { textOf } from "../../sdk/wire/json.ts";

/** The object that the text at a place names. */
export function named(type: ObjectKind, name: unknown, place: FieldPlace): ObjectReference {
  return { type, name: textOf(name), ...place, isValidated: true };
}

/** An item of a list, where messages name only the list. */
export function itemOf(list: FieldPlace, index: number): FieldPlace {
  return { path: list.path, location: [...list.location, index] };
}
