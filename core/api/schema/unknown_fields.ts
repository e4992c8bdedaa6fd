import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { isFields } from "../../../sdk/wire/json.ts";
import { unknownFieldsOf } from "../../../sdk/fields/unknown_fields.ts";
import type { Expected, ExpectedFields } from "../../../sdk/fields/checking_kit.ts";
import { expectedObjectOf } from "./expected_fields.ts";
import { findKind } from "./kinds.ts";

/** What stands around the fields of a kind; its own insides are Kubernetes'. */
const ENVELOPE: readonly string[] = ["apiVersion", "kind", "metadata", "status"];

/** What Kubernetes knows of any object: a pod template may have it, to no effect. */
const METADATA: readonly string[] = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "finalizers",
  "generateName",
  "generation",
  "managedFields",
  "name",
  "namespace",
  "ownerReferences",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** The fields of an object of the five kinds that nobody knows: mostly slips of the pen. */
export function unknownFields(object: unknown): FieldLocation[] {
  const kind = isFields(object) ? findKind(object) : undefined;
  if (kind === undefined || !isFields(object)) return [];
  const fields = Object.fromEntries(
    Object.entries(object).filter(([name]) => !ENVELOPE.includes(name)),
  );
  return unknownFieldsOf(fields, expectedObjectOf(kind)).filter((path) => !isOfMetadata(path));
}

/** What people are told of such a field; `meant` is the name that it probably should have. */
export function unknownFieldText(
  kind: string,
  path: FieldLocation,
  meant: string | undefined,
): string {
  const hint = meant === undefined ? undefined : `did you mean ${meant}?`;
  // Kubernetes gains fields: what is new there is handed on to the pods.
  if (path.includes("template")) {
    return `unknown field of a pod template; ${hint ?? "it is passed on as it is"}`;
  }
  const what = `unknown field of ${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}`;
  return `${what}; ${hint ?? "usually a typo: kubectl refuses it, or it has no effect"}`;
}

/** The field that an unknown one should probably be: one that is absent, with nearly its name. */
export function meantField(object: unknown, path: FieldLocation): string | undefined {
  const kind = isFields(object) ? findKind(object) : undefined;
  const written = path.at(-1);
  if (kind === undefined || typeof written !== "string") return undefined;
  let expected: Expected | undefined = expectedObjectOf(kind);
  let value: unknown = object;
  for (const part of path.slice(0, -1)) {
    const known: ExpectedFields = expected?.fields?.() ?? {};
    expected = expected?.item ?? (Object.hasOwn(known, part) ? known[part] : undefined);
    value = (value as Record<string | number, unknown> | undefined)?.[part];
  }
  const present = isFields(value) ? value : {};
  const candidates = Object.keys(expected?.fields?.() ?? {})
    .filter((name) => !Object.hasOwn(present, name))
    .map((name) => ({ name, distance: distanceOf(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.min(2, Math.floor(name.length / 3)))
    .sort((one, other) => one.distance - other.distance);
  return candidates[0]?.name;
}

/** How many letters have to be changed, put in or taken out. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [place, each] of [...other].entries()) {
      const changed = (row[place] ?? 0) + (letter === each ? 0 : 1);
      next.push(Math.min(changed, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** Whether a field is one that any object's metadata has, in that of a pod template. */
function isOfMetadata(path: FieldLocation): boolean {
  const [holder, field, name] = path.slice(-3);
  return holder === "template" && field === "metadata" && METADATA.includes(String(name));
}
