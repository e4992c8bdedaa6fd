import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ImageTroubles } from "./image_troubles.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { containersOf, initContainersOf, isSidecar } from "./pod_containers.ts";
import { quantityMillis } from "../../api/values/quantity.ts";

/** What the one node has to give. */
const ALLOCATABLE: Readonly<Record<string, string>> = { cpu: "10k", memory: "100Ti" };
const UNHELPFUL = "Preemption is not helpful for scheduling.";
const NO_VICTIMS = "No preemption victims found for incoming pod.";

/** The state of the node that all pods go to. */
export interface NodeState {
  readonly isFull: boolean;
  readonly troubles: ImageTroubles;
}

/** Why a pod fits on no node, as the condition PodScheduled says it; undefined when it fits. */
export function unschedulable(pod: KubeObject, node: NodeState): Fields | undefined {
  const lacking = Object.keys(ALLOCATABLE).filter((resource) => asksTooMuch(pod, resource));
  const isStranded = [...initContainersOf(pod), ...containersOf(pod)].some((one) =>
    node.troubles.isUnschedulable(one)
  );
  if (isStranded) {
    return condition("1 node(s) didn't match Pod's node affinity/selector", UNHELPFUL);
  }
  if (lacking.length > 0) {
    return condition(lacking.map((resource) => `1 Insufficient ${resource}`).join(", "), UNHELPFUL);
  }
  return node.isFull ? condition("1 Too many pods", NO_VICTIMS) : undefined;
}

function condition(why: string, preemption: string): Fields {
  return {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message: `0/1 nodes are available: ${why}. no new claims to deallocate, preemption: ` +
      `0/1 nodes are available: 1 ${preemption}`,
  };
}

/** Whether the pod alone asks for more than the node has. */
function asksTooMuch(pod: KubeObject, resource: string): boolean {
  let sidecars = 0n;
  let peak = 0n;
  for (const container of initContainersOf(pod)) {
    const amount = requestOf(container, resource);
    if (isSidecar(container)) sidecars += amount;
    // The others run one by one, each beside the sidecars before it.
    else if (sidecars + amount > peak) peak = sidecars + amount;
  }
  const lasting = containersOf(pod)
    .reduce((sum, container) => sum + requestOf(container, resource), sidecars);
  const asked = lasting > peak ? lasting : peak;
  return asked > 0n && asked > BigInt(quantityMillis(ALLOCATABLE[resource] ?? "0") ?? 0);
}

function requestOf({ resources }: Fields, resource: string): bigint {
  const amount = fieldsOf(fieldsOf(resources)["requests"])[resource];
  return amount === undefined ? 0n : BigInt(quantityMillis(String(amount)) ?? 0);
}
