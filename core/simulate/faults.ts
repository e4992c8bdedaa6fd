/** Lets things happen to the simulated cluster. */
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import type { Command, Fault } from "./command.ts";
import { FAULT_VERBS } from "./fault_verbs.ts";

/** True for what happens to the world, false for what a user does. */
export function isFault(command: Command): command is Fault {
  return Object.hasOwn(FAULT_VERBS, command.verb);
}

/** From now on the world is like this. */
export function letHappen(cluster: EmbeddedCluster, fault: Fault): void {
  switch (fault.verb) {
    case "fail-image":
      return cluster.failImage(fault.image);
    case "unschedulable":
      return cluster.strandImage(fault.image);
    case "heal":
      return cluster.healImage(fault.image);
    case "crash":
      return cluster.crashImage(fault.image, fault.afterMs);
    case "nodes":
      return cluster.fillNodes(fault.areFull);
    case "quota":
      return cluster.limitPods(fault.pods);
    case "pod-start":
      return cluster.setPodStart(fault.delayMs);
  }
}
