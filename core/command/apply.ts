/** `apply FILE`: makes the cluster's objects what a manifest says, as `kubectl apply` does. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { LAST_APPLIED_ANNOTATION } from "../api/names/names.ts";
import { DEPLOYMENTS } from "../api/names/resources.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { equalJson } from "../engine/mod.ts";
import { isNotFound } from "../ports/api_error.ts";
import type { Cluster } from "../ports/cluster.ts";

type JsonObject = Record<string, unknown>;

/**
 * Creates the object, or patches what differs: fields of the manifest are set, fields that the last
 * applied manifest had and this one has not are removed, all others stay.
 * Gives `created`, `configured` or `unchanged`.
 */
export async function apply(
  cluster: Cluster,
  type: ResourceType,
  manifest: KubeObject,
): Promise<"created" | "configured" | "unchanged"> {
  const wanted = withLastApplied(manifest);
  const { namespace, name } = manifest.metadata;
  const ref = namespace === undefined ? { name } : { namespace, name };
  let present: KubeObject;
  try {
    present = await cluster.get(type, ref);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await cluster.create(type, wanted);
    return "created";
  }
  const annotations = present.metadata.annotations ?? {};
  const last = parsedOrEmpty(annotations[LAST_APPLIED_ANNOTATION]);
  const body = threeWayPatch(last, asJson(present), asJson(wanted));
  if (type === DEPLOYMENTS) retainStrategy(body, { present, wanted });
  if (Object.keys(body).length === 0) return "unchanged";
  await cluster.patch(type, ref, { type: "merge", body });
  return "configured";
}

function withLastApplied(manifest: KubeObject): KubeObject {
  const annotations = { ...manifest.metadata.annotations };
  delete annotations[LAST_APPLIED_ANNOTATION];
  const text = JSON.stringify({ ...manifest, metadata: { ...manifest.metadata, annotations } });
  annotations[LAST_APPLIED_ANNOTATION] = `${text}\n`;
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

function parsedOrEmpty(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  try {
    return asJson(JSON.parse(text));
  } catch {
    // Somebody else's annotation: nothing is known of what was applied, so nothing is removed.
    return {};
  }
}

function asJson(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : {};
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The merge patch from `present` to `wanted`, removing what only `last` had asked for. */
function threeWayPatch(last: JsonObject, present: JsonObject, wanted: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const [field, value] of Object.entries(wanted)) {
    if (isObject(value) && isObject(present[field])) {
      const inner = threeWayPatch(asJson(last[field]), asJson(present[field]), asJson(value));
      if (Object.keys(inner).length > 0) patch[field] = inner;
    } else if (!equalJson(present[field], value)) {
      patch[field] = value;
    }
  }
  for (const field of Object.keys(last)) {
    if (!(field in wanted) && field in present) patch[field] = null;
  }
  return patch;
}

/** A Deployment's strategy is one of a kind: what belongs to the other kind goes with it. */
function retainStrategy(
  patch: JsonObject,
  { present, wanted }: { present: KubeObject; wanted: KubeObject },
): void {
  const { strategy } = asJson(patch["spec"]);
  if (!isObject(strategy)) return;
  const kept = asJson(asJson(wanted["spec"])["strategy"]);
  for (const field of Object.keys(asJson(asJson(present["spec"])["strategy"]))) {
    if (!(field in kept)) asJson(strategy)[field] = null;
  }
}
