/** What caches leave out to save memory: bookkeeping that no pass reads. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import { LAST_APPLIED_ANNOTATION } from "../api/names/names.ts";
import type { Slim } from "../engine/mod.ts";
import { withOwners } from "../rollout/mod.ts";

/** Of what routers change, who wrote it last is kept: that is given back in the end. */
export function slimFor({ trafficRouters }: PluginRegistry): Slim {
  const changed = new Set(
    trafficRouters.flatMap(({ resources }) => resources)
      .filter(({ access }) => access === "change")
      .map(({ group, plural }) => `${plural}.${group}`),
  );
  return (object, { group, plural }) => {
    const kept = slim(object);
    if (!changed.has(`${plural}.${group}`)) return kept;
    const { managedFields = [] } = withOwners(object).metadata;
    return { ...kept, metadata: { ...kept.metadata, managedFields } };
  };
}

/** The object without managedFields and without the copy that `kubectl apply` keeps. */
export function slim(object: KubeObject): KubeObject {
  const { managedFields: _, annotations, ...metadata } = object.metadata;
  if (annotations?.[LAST_APPLIED_ANNOTATION] === undefined) {
    return {
      ...object,
      metadata: annotations === undefined ? metadata : { ...metadata, annotations },
    };
  }
  const { [LAST_APPLIED_ANNOTATION]: _applied, ...kept } = annotations;
  return { ...object, metadata: { ...metadata, annotations: kept } };
}
