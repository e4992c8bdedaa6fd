/** What becomes of the ReplicaSets that a deleted Rollout leaves behind. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { DEPLOYMENTS, ROLLOUTS } from "../api/names/resources.ts";
import { findWorkload } from "../api/validation/workload.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import { CommandRefused } from "../command/mod.ts";

/**
 * The Deployment of a `workloadRef` selects the pods of its Rollout: it takes their sets as soon as
 * nobody controls them, and scales them down to what it wants itself.
 *
 * @throws {CommandRefused} when that takes pods from users.
 */
export function refuseLossByAdoption(cluster: EmbeddedCluster, ref: ObjectRef): void {
  const rollout = cluster.object(ROLLOUTS, ref) as Rollout | undefined;
  if (rollout === undefined) return;
  const found = findWorkload(
    rollout,
    ({ type, name }) =>
      type.kind === DEPLOYMENTS.kind ? cluster.object(DEPLOYMENTS, { ...ref, name }) : undefined,
  );
  const deployment = found?.workload?.object;
  if (deployment === undefined) return;
  const replicas = rollout.spec.replicas ?? 1;
  const { replicas: own = 1 } = fieldsOf(deployment["spec"]);
  if (Number(own) >= replicas) return;
  const { name } = deployment.metadata;
  throw new CommandRefused(
    `Deployment "${name}" would adopt the ReplicaSets of Rollout "${ref.name}" and scale them ` +
      `from ${replicas} pods to ${own}; set scaleDown: never in the Rollout and replicas: ` +
      `${replicas} in the Deployment first`,
  );
}
