/** Times in objects that were read from a cluster, and the same times in a simulation. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, isFields, listOf } from "../../sdk/wire/json.ts";
import { SCALE_DOWN_DEADLINE_ANNOTATION } from "../api/names/names.ts";
import { ROLLOUTS } from "../api/names/resources.ts";
import { START_MS } from "./scenario.ts";

/**
 * The objects at the start of a simulation. The newest time in them is taken for the moment at
 * which they were read, so that a pause goes on where it stood.
 */
export function atStart(objects: readonly KubeObject[]): KubeObject[] {
  const readMs = newestTimeMs(objects);
  const shiftMs = Number.isFinite(readMs) ? START_MS - Math.ceil(readMs / 1000) * 1000 : 0;
  return objects.map((object) => shifted(object, shiftMs));
}

/** The newest time in the objects; -Infinity: they say none. */
export function newestTimeMs(objects: readonly KubeObject[]): number {
  return Math.max(...objects.map(newestMs));
}

/** The newest time at which something happened to an object; -Infinity: it says none. */
function newestMs({ metadata, ...body }: KubeObject): number {
  return Math.max(
    timeOf(metadata.creationTimestamp) ?? -Infinity,
    ...listOf(metadata.managedFields).map((entry) => timeOf(fieldsOf(entry)["time"]) ?? -Infinity),
    ...timesIn(body["status"]),
  );
}

function timesIn(value: unknown): number[] {
  const time = timeOf(value);
  if (time !== undefined) return [time];
  return isFields(value) || Array.isArray(value) ? Object.values(value).flatMap(timesIn) : [];
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** The instant that a text of an API server says; undefined: it says none. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== "string" || !TIME.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The object with every time that the cluster or its controllers wrote moved by so much. */
function shifted(object: KubeObject, shiftMs: number): KubeObject {
  const moved = (value: unknown) => shiftedIn(value, shiftMs);
  const { metadata } = object;
  const { annotations, creationTimestamp, deletionTimestamp } = metadata;
  const deadline = annotations?.[SCALE_DOWN_DEADLINE_ANNOTATION];
  const restartAt = fieldsOf(object["spec"])["restartAt"];
  const isRestarted = object.kind === ROLLOUTS.kind && restartAt !== undefined;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(creationTimestamp && { creationTimestamp: moved(creationTimestamp) as string }),
      ...(deletionTimestamp && { deletionTimestamp: moved(deletionTimestamp) as string }),
      ...(deadline !== undefined && {
        annotations: {
          ...annotations,
          [SCALE_DOWN_DEADLINE_ANNOTATION]: moved(deadline) as string,
        },
      }),
    },
    ...(isRestarted && { spec: { ...fieldsOf(object["spec"]), restartAt: moved(restartAt) } }),
    ...(object["status"] !== undefined && { status: moved(object["status"]) }),
  };
}

function shiftedIn(value: unknown, shiftMs: number): unknown {
  const time = timeOf(value);
  if (time !== undefined) {
    const text = new Date(time + shiftMs).toISOString();
    return String(value).includes(".") ? text : text.replace(/\.\d+Z$/, "Z");
  }
  if (Array.isArray(value)) return value.map((item) => shiftedIn(item, shiftMs));
  if (!isFields(value)) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, shiftedIn(field, shiftMs)]);
  return Object.fromEntries(fields);
}
