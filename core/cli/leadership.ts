/** What the command line and the environment say of other controllers. */
import type { ControllerOptions, LeaderElectionPorts, Reach } from "../controller/mod.ts";
import type { ControllerChoice } from "./controller_flags.ts";
import type { Terminal } from "./terminal.ts";

/** The name of the Lease: Argo Rollouts' own, so that never both act. */
const LOCK = "argo-rollouts-controller-lock";

interface LeadershipParts {
  readonly terminal: Terminal;
  /** The cluster over a connection of its own. */
  readonly ports: LeaderElectionPorts;
  /** The namespace of the controller. */
  readonly home: string;
  readonly reach: Reach;
}

/** Which one of several controllers acts, and who must not act beside this one. */
export async function leadership(
  { election: times, isForced }: Pick<ControllerChoice, "election" | "isForced">,
  { terminal, ports, home, reach }: LeadershipParts,
): Promise<Pick<ControllerOptions, "election" | "others">> {
  const { LeaderElection, OtherControllers } = await import("../controller/mod.ts");
  const lock = reach.instanceId === "" ? LOCK : `${LOCK}-${reach.instanceId}`;
  const lease = { namespace: home, name: lock };
  // As Argo Rollouts has it: `web-6cf7_0e9f…`.
  const identity = `${terminal.environment("HOSTNAME") || "sluice"}_${crypto.randomUUID()}`;
  const others = { ...ports, namespace: home, lease: lock, reach };
  return {
    ...(times && { election: new LeaderElection({ lease, identity, times }, ports) }),
    ...(isForced ? {} : { others: new OtherControllers(others) }),
  };
}
