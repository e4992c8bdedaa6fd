import { NAMESPACES, PODS, RESOURCE_QUOTAS } from "../../api/names/resources.ts";
import type { Api } from "./api.ts";
import { API_SERVER } from "./caller.ts";
import { CONTROLLER_MANAGER, type InCluster } from "./in_cluster.ts";
import { POD_COUNTS, podsIn } from "./quota_check.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { isSameJson } from "./json.ts";
import type { Kind } from "./kind.ts";
import type { Change } from "./store.ts";

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
  /** Has the quotas of a namespace told of. */
  readonly #countSoon: (namespace: string) => void;

  constructor(cluster: InCluster) {
    this.#cluster = cluster;
    this.#pods = cluster.kinds.find(PODS);
    this.#quotas = cluster.kinds.find(RESOURCE_QUOTAS);
    this.#countSoon = cluster.work.once((namespace) => this.#count(namespace));
    cluster.store.onChange((change) => this.#notice(change));
  }

  #notice({ kind, type, object }: Change): void {
    const isCounted = kind === this.#quotas || (kind === this.#pods && type !== "MODIFIED");
    const { namespace = "" } = object.metadata;
    if (!isCounted || this.#cluster.store.list(this.#quotas, namespace).length === 0) return;
    this.#countSoon(namespace);
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
