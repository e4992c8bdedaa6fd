/**
 * Pod templates without what cannot be read in them. Argo Rollouts' definition leaves some of their
 * fields open, so that an API server stores whatever stands there; what Kubernetes could not read
 * is left out, and the rest is run. Everything else of a wrong type is an error.
 */
import type { PodTemplate } from "../../../sdk/api/rollout.ts";
import { type FieldLocation, pathText } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isFields, isUnset, listOf } from "../../../sdk/wire/json.ts";
import { quantityMillis } from "./quantity.ts";

/** A template that can be read, and what was left out of it. */
export interface ReadableTemplate {
  /** The very template that was given, when nothing had to be left out. */
  readonly template: PodTemplate | undefined;
  /** `spec.template.spec.volumes: must be a list` */
  readonly leftOut: readonly string[];
  /** Where each of these stands. */
  readonly places: readonly FieldLocation[];
}

/** What has been left out so far. */
interface Notes {
  readonly leftOut: string[];
  readonly places: FieldLocation[];
}

/** Leaves out amounts that are none, lists that are none, and what would not be read with them. */
export function readableTemplate(template: PodTemplate | undefined): ReadableTemplate {
  const notes: Notes = { leftOut: [], places: [] };
  const spec = fieldsOf(fieldsOf(template)["spec"]);
  const readable: Fields = {
    ...withContainers(spec, "containers", notes),
    ...withContainers(spec, "initContainers", notes),
    ...withVolumes(spec["volumes"], notes),
    ...withoutUnreadableDebuggers(spec, notes),
  };
  if (notes.places.length === 0) return { template, ...notes };
  const kept = Object.entries({ ...spec, ...readable }).filter(([, value]) => value !== undefined);
  return { template: { ...template, spec: Object.fromEntries(kept) } as PodTemplate, ...notes };
}

const SPEC: FieldLocation = ["spec", "template", "spec"];
/** Also what is said of an amount that is an error, with the value behind it. */
export const MUST_BE_AMOUNT = "must be an amount such as 500m or 2Gi, but is";

function note({ leftOut, places }: Notes, at: FieldLocation, why: string): void {
  leftOut.push(`${pathText(at)}: ${why}`);
  places.push(at);
}

function withContainers(
  spec: Fields,
  list: string,
  notes: Notes,
): Fields {
  const before = notes.places.length;
  const containers = listOf(spec[list]).map((container, index) =>
    withResources(container, [...SPEC, list, index], notes)
  );
  return notes.places.length === before ? {} : { [list]: containers };
}

function withResources(container: unknown, at: FieldLocation, notes: Notes): unknown {
  const { resources } = fieldsOf(container);
  if (!isFields(resources)) return container;
  const before = notes.places.length;
  const readable: Fields = { ...resources };
  for (const name of ["limits", "requests"]) {
    const amounts = resources[name];
    if (isUnset(amounts)) continue;
    const place = [...at, "resources", name];
    if (isFields(amounts)) readable[name] = withAmounts(amounts, place, notes);
    else {
      delete readable[name];
      note(notes, place, "must be an object");
    }
  }
  return notes.places.length === before
    ? container
    : { ...fieldsOf(container), resources: readable };
}

function withAmounts(
  amounts: Fields,
  at: FieldLocation,
  notes: Notes,
): Fields {
  const readable = Object.entries(amounts).filter(([name, value]) => {
    if (isUnset(value) || isAmount(value)) return true;
    note(notes, [...at, name], `${MUST_BE_AMOUNT} ${JSON.stringify(value)}`);
    return false;
  });
  return Object.fromEntries(readable);
}

/** Whether Kubernetes can read an amount. */
export function isAmount(value: unknown): boolean {
  return (typeof value === "string" || typeof value === "number") &&
    quantityMillis(value) !== undefined;
}

function withVolumes(volumes: unknown, notes: Notes): Fields {
  const at = [...SPEC, "volumes"];
  if (isUnset(volumes)) return {};
  if (!Array.isArray(volumes)) {
    note(notes, at, "must be a list");
    return { volumes: undefined };
  }
  const before = notes.places.length;
  const readable = volumes.flatMap((volume: unknown, index) => {
    if (isUnset(volume) || isFields(volume)) {
      return [withSizeLimit(volume, [...at, index], notes)];
    }
    note(notes, [...at, index], "must be an object");
    return [];
  });
  return notes.places.length === before ? {} : { volumes: readable };
}

function withSizeLimit(volume: unknown, at: FieldLocation, notes: Notes): unknown {
  const { emptyDir } = fieldsOf(volume);
  const { sizeLimit, ...rest } = fieldsOf(emptyDir);
  if (isUnset(sizeLimit) || isAmount(sizeLimit)) return volume;
  note(notes, [...at, "emptyDir", "sizeLimit"], `${MUST_BE_AMOUNT} ${JSON.stringify(sizeLimit)}`);
  return { ...fieldsOf(volume), emptyDir: rest };
}

/** As in Argo Rollouts, ephemeral containers go all together when one of them cannot be read. */
function withoutUnreadableDebuggers(
  spec: Fields,
  notes: Notes,
): Fields {
  const list = "ephemeralContainers";
  const found: Notes = { leftOut: [], places: [] };
  withContainers(spec, list, found);
  if (found.places.length === 0) return {};
  note(notes, [...SPEC, list], `all are left out, since one cannot be read: ${found.leftOut[0]}`);
  return { [list]: undefined };
}
