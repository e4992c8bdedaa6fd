import { POD_DISRUPTION_BUDGETS, REPLICA_SETS } from "../../api/resources.ts";
import { ApiError } from "../../ports/api_error.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { isTrue } from "./condition.ts";
import { fieldsOf } from "./json.ts";
import type { Kind } from "./kind.ts";
import type { Kinds } from "./kinds.ts";
import { labelSelectorOf, matchesLabels } from "./label_selector.ts";
import { internalError } from "./status_error.ts";
import type { Store } from "./store.ts";

const FORBIDDEN = "Cannot evict pod as it would violate the pod's disruption budget.";
const TOO_MANY_BUDGETS = "This pod has more than one PodDisruptionBudget, which the eviction " +
  "subresource does not support.";

/** What the eviction of a pod is judged by. */
export interface Neighbourhood {
  readonly store: Store;
  readonly kinds: Kinds;
  /** The kind of the pod. */
  readonly kind: Kind;
}

/** Why a pod cannot be evicted now; undefined when it can. */
export function refusedEviction(
  pod: KubeObject,
  { store, kinds, kind }: Neighbourhood,
): ApiError | undefined {
  // Who has not started, or has ended, serves nobody.
  if (fieldsOf(pod["status"])["phase"] !== "Running") return undefined;
  const { namespace } = pod.metadata;
  const budgets = store.list(kinds.find(POD_DISRUPTION_BUDGETS), namespace)
    .filter((budget) => isCovered(budget, pod));
  const [budget, ...more] = budgets;
  if (budget === undefined) return undefined;
  if (more.length > 0) return internalError(TOO_MANY_BUDGETS);
  const pods = store.list(kind, namespace).filter((other) => isCovered(budget, other));
  const healthy = pods.filter((other) => isTrue(other, "Ready")).length;
  const left = isTrue(pod, "Ready") ? healthy - 1 : healthy;
  const sets = store.list(kinds.find(REPLICA_SETS), namespace);
  if (left >= healthyNeeded(budget, pods, sets)) return undefined;
  return new ApiError({
    code: 429,
    reason: "TooManyRequests",
    message: FORBIDDEN,
    retryAfterSeconds: 10,
  });
}

function isCovered(budget: KubeObject, pod: KubeObject): boolean {
  return matchesLabels(labelSelectorOf(fieldsOf(budget["spec"])["selector"]), pod.metadata.labels);
}

function healthyNeeded(
  budget: KubeObject,
  pods: readonly KubeObject[],
  sets: readonly KubeObject[],
): number {
  const { minAvailable, maxUnavailable } = fieldsOf(budget["spec"]);
  if (typeof minAvailable === "number") return minAvailable;
  const owners = new Set(
    pods.flatMap(({ metadata }) => metadata.ownerReferences ?? [])
      .map(({ uid }) => uid),
  );
  const expected = sets.filter(({ metadata }) => owners.has(metadata.uid ?? ""))
    .reduce((sum, set) => sum + Number(fieldsOf(set["spec"])["replicas"] ?? 1), 0);
  if (minAvailable !== undefined) return partOf(expected, minAvailable);
  return expected - partOf(expected, maxUnavailable);
}

/** So many of them, rounded up. */
function partOf(count: number, share: unknown): number {
  if (typeof share === "number") return share;
  return Math.ceil((count * Number.parseInt(String(share ?? 0), 10)) / 100);
}
