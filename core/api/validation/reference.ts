/** One object that another names. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { NamedObject, ObjectKind, ObjectReference } from "../../../sdk/traffic_router.ts";

/** A kind of object, whatever its version. */
export type ReferenceType = ObjectKind;
/** One object that a Rollout refers to. */
export type Reference = ObjectReference;
/** Finds an object by kind, namespace (absent: the Rollout's, or none) and name. */
export type FindObject = (wanted: NamedObject) => KubeObject | undefined;
