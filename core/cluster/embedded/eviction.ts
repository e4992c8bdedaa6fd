import { POD_DISRUPTION_BUDGETS, PODS } from "../../api/names/resources.ts";
import { ApiError } from "../../ports/api_error.ts";
import type { DeleteOptions, WriteOptions } from "../../ports/cluster.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ApiPorts } from "./admission.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { ObjectRef } from "../../../sdk/wire/write.ts";
import { isTrue } from "./condition.ts";
import { API_SERVER, type Caller } from "./caller.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import {
  type LabelSelector,
  labelSelectorOf,
  matchesLabels,
} from "../../api/values/label_selector.ts";
import { internalError } from "./status_error.ts";

const FORBIDDEN = "Cannot evict pod as it would violate the pod's disruption budget.";
const AMBIGUOUS = "This pod has more than one PodDisruptionBudget, which the eviction " +
  "subresource does not support.";
/** How long a server asks to wait for a budget that its controller has not looked at yet. */
const UNSEEN_RETRY_SECONDS = 10;

/** Which pods a PodDisruptionBudget protects; undefined: none. */
export function selectorOf(budget: KubeObject): LabelSelector | undefined {
  const { selector } = fieldsOf(budget["spec"]);
  return selector === undefined ? undefined : labelSelectorOf(selector);
}

function budgetSelects(budget: KubeObject, pod: KubeObject): boolean {
  const selector = selectorOf(budget);
  return selector !== undefined && matchesLabels(selector, pod.metadata.labels);
}

/** What an eviction is asked of. */
export interface EvictionPorts extends ApiPorts {
  readonly api: EvictionApi;
}

/** The verbs that an eviction consists of. */
interface EvictionApi {
  get(type: ResourceType, ref: ObjectRef): KubeObject;
  update(
    caller: Caller,
    type: ResourceType,
    object: KubeObject,
    options: WriteOptions,
  ): KubeObject;
  delete(
    caller: Caller,
    type: ResourceType,
    ref: ObjectRef,
    options: DeleteOptions,
  ): KubeObject | undefined;
}

/**
 * Deletes a pod unless its budget forbids it; answers as the server does, with a Status.
 * Throws 429 when the budget has no room, 500 when there is more than one.
 */
export function evict(
  { api, store, kinds }: EvictionPorts,
  eviction: KubeObject,
  { dryRun = false }: WriteOptions,
): KubeObject {
  const { namespace = "", name } = eviction.metadata;
  const pod = api.get(PODS, { namespace, name });
  const budgets = store.list(kinds.find(POD_DISRUPTION_BUDGETS), namespace)
    .filter((budget) => !isBeyondBudgets(pod) && budgetSelects(budget, pod));
  const [budget] = budgets;
  if (budgets.length > 1) throw internalError(AMBIGUOUS);
  if (budget !== undefined) spend(api, budget, { pod, dryRun });
  const options = fieldsOf(eviction["deleteOptions"]) as DeleteOptions;
  api.delete(API_SERVER, PODS, { namespace, name }, { ...options, dryRun });
  const answer = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
  return answer as unknown as KubeObject;
}

/** Pods that do not run serve nobody. */
function isBeyondBudgets(pod: KubeObject): boolean {
  return fieldsOf(pod["status"])["phase"] !== "Running" ||
    pod.metadata.deletionTimestamp !== undefined;
}

/** Takes one disruption from the budget. */
function spend(
  api: EvictionApi,
  budget: KubeObject,
  { pod, dryRun }: { readonly pod: KubeObject; readonly dryRun: boolean },
): void {
  const status = fieldsOf(budget["status"]);
  if (!isTrue(pod, "Ready")) {
    const isAlwaysAllowed =
      fieldsOf(budget["spec"])["unhealthyPodEvictionPolicy"] === "AlwaysAllow";
    const [healthy, desired] = [Number(status["currentHealthy"]), Number(status["desiredHealthy"])];
    if (isAlwaysAllowed || (desired > 0 && healthy >= desired)) return;
  }
  const seen = Number(status["observedGeneration"] ?? 0);
  if (seen < (budget.metadata.generation ?? 0)) throw tooMany(UNSEEN_RETRY_SECONDS);
  const allowed = Number(status["disruptionsAllowed"]);
  if (allowed <= 0) throw tooMany();
  const spent = { ...budget, status: { ...status, disruptionsAllowed: allowed - 1 } };
  api.update(API_SERVER, POD_DISRUPTION_BUDGETS, spent, { subresource: "status", dryRun });
}

function tooMany(retryAfterSeconds?: number): ApiError {
  return new ApiError({
    code: 429,
    reason: "TooManyRequests",
    message: FORBIDDEN,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
