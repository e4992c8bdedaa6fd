/** `set image ROLLOUT CONTAINER=IMAGE` */
import type { Container, PodTemplate } from "../../sdk/api/rollout.ts";
import type { Cluster } from "../ports/cluster.ts";
import { CommandRefused } from "./refusal.ts";
import { readRollout, retryOnConflict, type Target } from "./target.ts";
import { readTemplateHolder, withTemplate } from "./template_holder.ts";

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
    const holder = await readTemplateHolder(cluster, rollout);
    const template = withImage(holder.template, { container, image });
    await cluster.update(holder.type, withTemplate(holder, template));
    const { type: { kind }, object: { metadata: { name } } } = holder;
    return `${kind.toLowerCase()} "${name}" image updated`;
  });
}

function withImage(
  template: PodTemplate | undefined,
  { container, image }: { container: string; image: string },
): PodTemplate {
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
