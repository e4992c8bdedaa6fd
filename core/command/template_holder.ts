/** The object that holds the pod template of a Rollout: itself, or the workload that it names. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { PodTemplate, Rollout } from "../../sdk/api/rollout.ts";
import { POD_TEMPLATES, ROLLOUTS } from "../api/names/resources.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { workloadOf, workloadReference, workloadType } from "../api/validation/workload.ts";
import { isNotFound } from "../ports/api_error.ts";
import type { Cluster } from "../ports/cluster.ts";
import { CommandRefused } from "./refusal.ts";

export interface TemplateHolder {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly template: PodTemplate | undefined;
}

/** @throws {CommandRefused} when the workload is not there, or of a kind that is not supported. */
export async function readTemplateHolder(
  cluster: Cluster,
  rollout: Rollout,
): Promise<TemplateHolder> {
  const reference = workloadReference(rollout);
  if (reference === undefined) {
    return { type: ROLLOUTS, object: rollout, template: rollout.spec.template };
  }
  const type = workloadType(reference);
  if (type === undefined) {
    throw new CommandRefused(`workload of type ${reference.type.kind} is not supported`);
  }
  const { namespace = "", name } = rollout.metadata;
  try {
    return workloadOf(type, await cluster.get(type, { namespace, name: reference.name }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CommandRefused(
      `rollout "${name}" takes its template from ${type.kind} "${reference.name}", ` +
        `and there is none in namespace "${namespace}"`,
    );
  }
}

/** Where the template stands in it, as fields from the top. */
export function templatePath({ type }: Pick<TemplateHolder, "type">): readonly string[] {
  return type === POD_TEMPLATES ? ["template"] : ["spec", "template"];
}

/** The object with another template. */
export function withTemplate({ type, object }: TemplateHolder, template: PodTemplate): KubeObject {
  if (type === POD_TEMPLATES) return { ...object, template };
  return { ...object, spec: { ...object["spec"] as Record<string, unknown>, template } };
}
