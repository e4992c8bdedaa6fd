import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ImageTroubles } from "./image_troubles.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { containersOf } from "./pod_containers.ts";
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
  const isStranded = containersOf(pod).some((one) => node.troubles.isUnschedulable(one));
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
  let asked = 0n;
  for (const { resources } of containersOf(pod)) {
    const amount = fieldsOf(fieldsOf(resources)["requests"])[resource];
    if (amount !== undefined) asked += BigInt(quantityMillis(String(amount)) ?? 0);
  }
  return asked > 0n && asked > BigInt(quantityMillis(ALLOCATABLE[resource] ?? "0") ?? 0);
}
