import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, isFields } from "../../../sdk/wire/json.ts";
import type { Kind, ScalePaths } from "./kind.ts";
import { labelSelectorOf, selectorText } from "../../api/values/label_selector.ts";
import { invalidValue } from "./metadata.ts";
import { invalid, invalidNamed } from "./status_error.ts";

/** The Scale of an object: how many replicas it shall have, and has. */
export function scaleOf(kind: Kind, paths: ScalePaths, object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = valueAt(object, paths.specReplicasPath);
  const selector = kind.isCustom
    ? paths.labelSelectorPath && valueAt(object, paths.labelSelectorPath)
    : selectorText(labelSelectorOf(fieldsOf(object["spec"])["selector"]));
  return {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion,
      creationTimestamp,
    } as KubeObject["metadata"],
    spec: replicas ? { replicas } : {},
    status: {
      replicas: valueAt(object, paths.statusReplicasPath) ?? 0,
      ...(selector ? { selector } : {}),
    },
  };
}

/** The object with the replicas that a Scale asks for; throws 422 when they are no such number. */
export function withScale(
  kind: Kind,
  object: KubeObject,
  { paths, scale }: { readonly paths: ScalePaths; readonly scale: KubeObject },
): KubeObject {
  const replicas = fieldsOf(scale["spec"])["replicas"] ?? 0;
  const { name } = object.metadata;
  if (typeof replicas !== "number" || replicas < 0) {
    if (kind.isCustom) {
      const message = invalidValue(replicas, "should be a non-negative integer");
      throw invalid(kind.type, name, [{ path: paths.specReplicasPath, message }]);
    }
    const message = invalidValue(replicas, "must be greater than or equal to 0");
    throw invalidNamed("Scale.autoscaling", name, [{ path: "spec.replicas", message }]);
  }
  return withValueAt(object, keysOf(paths.specReplicasPath), replicas) as KubeObject;
}

function keysOf(path: string): string[] {
  return path.split(".").filter((key) => key !== "");
}

function valueAt(object: KubeObject, path: string): unknown {
  return keysOf(path).reduce<unknown>((value, key) => fieldsOf(value)[key], object);
}

function withValueAt(target: unknown, keys: readonly string[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const fields: Fields = isFields(target) ? target : {};
  const old = fields[key];
  const next = withValueAt(old, rest, value);
  return next === old ? target : { ...fields, [key]: next };
}
