import type { DeleteOptions } from "../../ports/cluster.ts";
import type { ApiError } from "../../ports/api_error.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import type { Kind } from "./kind.ts";
import { invalidNamed, preconditionFailed } from "./status_error.ts";

/** The finalizer of an owner that waits for what it owns to go. */
export const FOREGROUND = "foregroundDeletion";
/** The finalizer of an owner that lets go of what it owns. */
export const ORPHAN = "orphan";

const POLICIES = ["Foreground", "Background", "Orphan"];

/** Throws 422 for a policy that there is not. */
export function checkPolicy({ propagationPolicy }: DeleteOptions): void {
  if (propagationPolicy === undefined || POLICIES.includes(propagationPolicy)) return;
  const supported = [...POLICIES, "nil"].map((policy) => `"${policy}"`).join(", ");
  throw invalidNamed("DeleteOptions.meta.k8s.io", "", [{
    path: "propagationPolicy",
    message: `Unsupported value: "${propagationPolicy}": supported values: ${supported}`,
  }]);
}

/** Why a deletion is refused; undefined when it is not. */
export function refusedDeletion(
  { type }: Kind,
  { metadata }: KubeObject,
  { preconditions }: DeleteOptions,
): ApiError | undefined {
  const { name } = metadata;
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid !== undefined && uid !== metadata.uid) {
    return preconditionFailed(
      type,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). ` +
        "The object might have been deleted and then recreated",
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    return preconditionFailed(
      type,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ` +
        `ResourceVersion in record (${metadata.resourceVersion}). The object might have been ` +
        "modified",
    );
  }
  return undefined;
}

/** What a deletion leaves of an object: one that is being deleted, or nothing. */
export function deletionOf(
  { type }: Kind,
  object: KubeObject,
  { options, now }: { readonly options: DeleteOptions; readonly now: string },
): KubeObject | undefined {
  const { metadata } = object;
  const finalizers = finalizersFor(metadata.finalizers ?? [], options.propagationPolicy);
  const isDeleting = metadata.deletionTimestamp !== undefined;
  if (type.kind === "Namespace" && type.group === "") {
    if (listOf(fieldsOf(object["spec"])["finalizers"]).length === 0) return undefined;
    if (isDeleting) return object;
    const status = { ...fieldsOf(object["status"]), phase: "Terminating" };
    return { ...object, metadata: { ...metadata, deletionTimestamp: now }, status };
  }
  if (finalizers.length === 0) return undefined;
  if (isDeleting) return object;
  const { generation } = metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(generation === undefined ? {} : { generation: generation + 1 }),
      deletionTimestamp: now,
      deletionGracePeriodSeconds: 0,
      finalizers,
    },
  };
}

/** Without a policy, the finalizers that are there already tell what happens. */
function finalizersFor(
  finalizers: readonly string[],
  policy: DeleteOptions["propagationPolicy"],
): string[] {
  if (policy === undefined) return [...finalizers];
  const rest = finalizers.filter((one) => one !== FOREGROUND && one !== ORPHAN);
  if (policy === "Foreground") return [...rest, FOREGROUND];
  return policy === "Orphan" ? [...rest, ORPHAN] : rest;
}
