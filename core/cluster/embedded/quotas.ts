import { NAMESPACES, PODS, RESOURCE_QUOTAS } from "../../api/names/resources.ts";
import { ApiError } from "../../ports/api_error.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ApiPorts } from "./admission.ts";
import type { Api } from "./api.ts";
import { API_SERVER, CONTROLLER_MANAGER, type InCluster } from "./in_cluster.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { isSameJson } from "./json.ts";
import type { Kind } from "./kind.ts";
import { resourceName } from "./status_error.ts";
import type { Change } from "./store.ts";

/** How a quota may name the number of pods. */
const POD_COUNTS = ["pods", "count/pods"];

/** Throws 403 when a quota has no room for another pod in its namespace. */
export function checkQuotas(
  { store, kinds }: ApiPorts,
  { type }: Kind,
  { metadata }: KubeObject,
): void {
  if (type !== PODS) return;
  const { namespace = "", name } = metadata;
  const quotas = store.list(kinds.find(RESOURCE_QUOTAS), namespace);
  if (quotas.length === 0) return;
  const used = podsIn(store.list(kinds.find(PODS), namespace));
  for (const quota of quotas) {
    const hard = fieldsOf(fieldsOf(quota["spec"])["hard"]);
    for (const count of POD_COUNTS) {
      if (hard[count] === undefined || used < Number(hard[count])) continue;
      throw new ApiError({
        code: 403,
        reason: "Forbidden",
        message: `${resourceName(type)} "${name}" is forbidden: exceeded quota: ` +
          `${quota.metadata.name}, requested: ${count}=1, used: ${count}=${used}, ` +
          `limited: ${count}=${hard[count]}`,
      });
    }
  }
}

/** Pods that have not ended. */
function podsIn(pods: readonly KubeObject[]): number {
  const phases = pods.map((pod) => fieldsOf(pod["status"])["phase"]);
  return phases.filter((phase) => phase !== "Succeeded" && phase !== "Failed").length;
}

/** The quota of those who ask for no certain one. */
const QUOTA = "pods";

/** Makes the quota "pods" of every namespace allow so many; undefined: there is none any more. */
export function limitPods(api: Api, count: number | undefined): void {
  for (const { metadata: { name: namespace } } of api.list(NAMESPACES).items) {
    const metadata = { namespace, name: QUOTA };
    const fieldSelector = `metadata.name=${QUOTA}`;
    const isPresent = api.list(RESOURCE_QUOTAS, { namespace, fieldSelector }).items.length > 0;
    if (count === undefined) {
      if (isPresent) api.delete(API_SERVER, RESOURCE_QUOTAS, metadata);
      continue;
    }
    const spec = { hard: { pods: String(count) } };
    const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata, spec };
    if (!isPresent) api.create(API_SERVER, RESOURCE_QUOTAS, quota);
    else {
      api.patch(API_SERVER, RESOURCE_QUOTAS, metadata, {
        patch: { type: "merge", body: { spec } },
      });
    }
  }
}

/** Tells in each quota how much of it is used. */
export class Quotas {
  readonly #cluster: InCluster;
  readonly #pods: Kind;
  readonly #quotas: Kind;

  constructor(cluster: InCluster) {
    this.#cluster = cluster;
    this.#pods = cluster.kinds.find(PODS);
    this.#quotas = cluster.kinds.find(RESOURCE_QUOTAS);
    cluster.store.onChange((change) => this.#notice(change));
  }

  #notice({ kind, type, object }: Change): void {
    const isCounted = kind === this.#quotas || (kind === this.#pods && type !== "MODIFIED");
    const { namespace = "" } = object.metadata;
    if (!isCounted || this.#cluster.store.list(this.#quotas, namespace).length === 0) return;
    this.#cluster.work.addOnce(`quotas ${namespace}`, () => this.#count(namespace));
  }

  #count(namespace: string): void {
    const { api, store } = this.#cluster;
    const used = podsIn(store.list(this.#pods, namespace));
    for (const quota of store.list(this.#quotas, namespace)) {
      const hard = fieldsOf(fieldsOf(quota["spec"])["hard"]);
      const counts = POD_COUNTS.filter((count) => hard[count] !== undefined);
      const status: Fields = {
        hard,
        used: Object.fromEntries(counts.map((count) => [count, String(used)])),
      };
      if (isSameJson(status, quota["status"])) continue;
      const told = { ...quota, status };
      api.update(CONTROLLER_MANAGER, RESOURCE_QUOTAS, told, { subresource: "status" });
    }
  }
}
