/** Kinds and objects that exist only in these tests: the engine knows no kind. */
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { REPLICA_SETS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import type { KubeObject, ObjectMeta } from "../../../sdk/api/object.ts";

/** The kind that passes are about. */
export const MILLS: ResourceType = {
  ...ROLLOUTS,
  group: "example.com",
  version: "v1",
  plural: "mills",
  kind: "Mill",
};

/** A kind that belongs to mills: `gears` named `<mill>-…`. */
export const GEARS: ResourceType = {
  ...REPLICA_SETS,
  group: "example.com",
  version: "v1",
  plural: "gears",
  kind: "Gear",
};

/** A kind that no cache holds. */
export const WHEELS: ResourceType = { ...GEARS, plural: "wheels", kind: "Wheel" };

export interface ObjectParts {
  readonly version?: number | string;
  readonly uid?: string;
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

function objectOf(
  type: ResourceType,
  name: string,
  { version, uid, metadata, spec, status }: ObjectParts,
): KubeObject {
  return {
    apiVersion: "example.com/v1",
    kind: type.kind,
    metadata: {
      name,
      namespace: "default",
      ...(uid === undefined ? {} : { uid }),
      ...(version === undefined ? {} : { resourceVersion: String(version) }),
      ...metadata,
    },
    ...(spec === undefined ? {} : { spec }),
    ...(status === undefined ? {} : { status }),
  };
}

export function mill(name: string, parts: ObjectParts = {}): KubeObject {
  return objectOf(MILLS, name, parts);
}

export function gear(name: string, parts: ObjectParts = {}): KubeObject {
  return objectOf(GEARS, name, parts);
}

export function refTo(name: string) {
  return { namespace: "default", name };
}
