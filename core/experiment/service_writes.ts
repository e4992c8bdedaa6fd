/** The Service through which the pods of a template are reached, while they are. */
import { fieldsOf, isUnset, listOf } from "../../sdk/wire/json.ts";
import { creationOf, deletionOf } from "../../sdk/wire/write.ts";
import {
  EXPERIMENT_NAME_ANNOTATION,
  EXPERIMENT_TEMPLATE_NAME_ANNOTATION,
} from "../api/names/names.ts";
import { SERVICES } from "../api/names/resources.ts";
import { controllerReference } from "../api/ownership.ts";
import { type Write, writeEffect } from "../engine/mod.ts";
import { availablePods, type ReplicaSet } from "../sets/mod.ts";
import type { ExperimentWorld, Service, TemplateFacts } from "./world.ts";

/** The name of a template's Service, were there one. */
export function serviceNameOf({ template, setName }: Pick<TemplateFacts, "template" | "setName">) {
  return template.service?.name || setName;
}

/** A template gets a Service when it asks for one and its containers have ports. */
export function isServiceWanted({ template, set }: Pick<TemplateFacts, "template" | "set">) {
  return !isUnset(template.service) && portsOf(set?.spec.template ?? template.template).length > 0;
}

/** The Services to make: those of sets that are there, for templates that go on. */
export function serviceCreations(world: ExperimentWorld, open: readonly TemplateFacts[]): Write[] {
  return open.flatMap((facts): Write[] => {
    const { set, service, serviceHolder } = facts;
    const isMissing = service === undefined && serviceHolder === undefined;
    if (set === undefined || !isMissing || !isServiceWanted(facts)) return [];
    const object = newService(world, facts, set);
    return [writeEffect(creationOf(SERVICES, object))];
  });
}

/** The Services to delete: those that nobody is reached through any more. */
export function serviceDeletions(
  { leftServices }: ExperimentWorld,
  ended: readonly TemplateFacts[],
): Write[] {
  const services = ended.filter(({ set }) => availablePods(set) === 0)
    .flatMap(({ service }) => service === undefined ? [] : [service]);
  return [...services, ...leftServices]
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .flatMap((service) => deletionOf(SERVICES, service))
    .map(writeEffect);
}

function newService(
  { experiment }: ExperimentWorld,
  facts: TemplateFacts,
  set: ReplicaSet,
): Service {
  const { namespace } = experiment.metadata;
  return {
    apiVersion: "v1",
    kind: SERVICES.kind,
    metadata: {
      name: serviceNameOf(facts),
      ...(namespace === undefined ? {} : { namespace }),
      annotations: {
        [EXPERIMENT_NAME_ANNOTATION]: experiment.metadata.name,
        [EXPERIMENT_TEMPLATE_NAME_ANNOTATION]: facts.template.name,
      },
      ownerReferences: [controllerReference(experiment)],
    },
    spec: { selector: { ...set.metadata.labels }, ports: portsOf(set.spec.template) },
  };
}

function portsOf(template: unknown): Record<string, unknown>[] {
  return listOf(fieldsOf(fieldsOf(template)["spec"])["containers"])
    .flatMap((container) => listOf(fieldsOf(container)["ports"]))
    .map(fieldsOf)
    .map(({ name, protocol, containerPort }) => ({
      ...(isUnset(name) ? {} : { name }),
      ...(isUnset(protocol) ? {} : { protocol }),
      port: containerPort,
      targetPort: containerPort,
    }));
}
