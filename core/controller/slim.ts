/** What caches leave out to save memory: bookkeeping that no pass reads. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { LAST_APPLIED_ANNOTATION } from "../api/names/names.ts";

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
