/** `undo ROLLOUT [--to-revision N]` */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { PodTemplate, Rollout } from "../../sdk/api/rollout.ts";
import { equalTemplates } from "../api/hash/normalise_template.ts";
import { isControlledBy } from "../api/ownership.ts";
import { REPLICA_SETS } from "../api/names/resources.ts";
import { selectorMatches } from "../api/validation/validate_selector.ts";
import type { Cluster } from "../ports/cluster.ts";
import { plainTemplate, type ReplicaSet, revisionOf, selectorText } from "../sets/mod.ts";
import { CommandRefused } from "./refusal.ts";
import { readRollout, type Target } from "./target.ts";
import { readTemplateHolder, templatePath } from "./template_holder.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

/**
 * Makes the pod template what an earlier revision had; `toRevision` 0 is the one before the newest.
 * @throws {CommandRefused} when there is no such revision, or it cannot be restored
 */
export async function undo(
  cluster: Cluster,
  target: Target,
  { toRevision = 0 }: { toRevision?: number } = {},
): Promise<string> {
  const rollout = await readRollout(cluster, target);
  const holder = await readTemplateHolder(cluster, rollout);
  const template = templateAt(rollout, await replicaSetsOf(cluster, rollout), toRevision);
  if (equalTemplates(template, holder.template)) {
    return `skipped rollback (current template already matches revision ${toRevision})`;
  }
  const path = `/${templatePath(holder).join("/")}`;
  const body = [{ op: "replace", path, value: template }];
  const { namespace = "", name } = holder.object.metadata;
  try {
    await cluster.patch(holder.type, { namespace, name }, { type: "json", body });
  } catch (error) {
    throw new CommandRefused(`failed restoring revision ${toRevision}: ${errorText(error)}`);
  }
  return `rollout '${target.name}' undo`;
}

async function replicaSetsOf(cluster: Cluster, rollout: Rollout): Promise<ReplicaSet[]> {
  const { namespace = "", name } = rollout.metadata;
  const { selector } = rollout.spec;
  let items: readonly KubeObject[];
  try {
    const labelSelector = selectorText(selector);
    ({ items } = await cluster.list(REPLICA_SETS, { namespace, labelSelector }));
  } catch (error) {
    throw new CommandRefused(
      `failed to retrieve replica sets from rollout ${name}: ${errorText(error)}`,
    );
  }
  return items.filter((set) =>
    (selector === undefined || selectorMatches(selector, set.metadata.labels)) &&
    isControlledBy(set, rollout)
  ) as ReplicaSet[];
}

/** The template of a revision, as its Rollout wrote it. */
function templateAt(
  { metadata: { name } }: Rollout,
  sets: readonly ReplicaSet[],
  toRevision: number,
): PodTemplate {
  const newestFirst = sets.toSorted((a, b) => revisionOf(b) - revisionOf(a));
  const found = toRevision === 0
    ? newestFirst[1]
    : newestFirst.find((set) => revisionOf(set) === toRevision);
  if (found === undefined) {
    throw new CommandRefused(
      toRevision === 0
        ? `no revision found for rollout ${JSON.stringify(name)}`
        : `unable to find specified revision ${toRevision} in history`,
    );
  }
  return plainTemplate(found);
}
