/** `set image ROLLOUT CONTAINER=IMAGE` */
import type { Container, PodTemplate, Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../api/resources.ts";
import type { Cluster } from "../ports/cluster.ts";
import { CommandRefused } from "./refusal.ts";
import { readRollout, refuseWorkload, retryOnConflict, type Target } from "./target.ts";

/** The lists of a pod spec that hold containers. */
const CONTAINER_LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;

/** `container` may be `*`: every container. Gives the sentence that the command prints. */
export async function setImage(
  cluster: Cluster,
  target: Target,
  { container, image }: { container: string; image: string },
): Promise<string> {
  return await retryOnConflict(async () => {
    const rollout = await readRollout(cluster, target);
    refuseWorkload(rollout);
    const template = withImage(rollout, { container, image });
    await cluster.update(ROLLOUTS, { ...rollout, spec: { ...rollout.spec, template } });
    return `rollout "${target.name}" image updated`;
  });
}

function withImage(
  rollout: Rollout,
  { container, image }: { container: string; image: string },
): PodTemplate {
  const { template } = rollout.spec;
  let isFound = false;
  const podSpec: Record<string, unknown> = { ...template?.spec };
  for (const list of CONTAINER_LISTS) {
    const containers = template?.spec?.[list] as Container[] | undefined;
    if (!Array.isArray(containers)) continue;
    podSpec[list] = containers.map((present) => {
      if (container !== "*" && present.name !== container) return present;
      isFound = true;
      return { ...present, image };
    });
  }
  if (!isFound) throw new CommandRefused(`unable to find container named "${container}"`);
  return { ...template, spec: podSpec };
}
