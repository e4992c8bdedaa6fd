/** The objects that traffic routers steer, in a simulated cluster. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { PluginPorts } from "../../sdk/ports.ts";
import type { StepPorts } from "../../sdk/step_plugin.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import type { RoutedResource } from "../../sdk/traffic_router.ts";
import { OPEN_OBJECT } from "../api/schema/open_definition.ts";
import { routingOf } from "../api/validation/traffic_routers.ts";
import type { Clock } from "../ports/clock.ts";
import type { StepScope } from "../rollout/mod.ts";

/** The kinds of all routers that can act, each once. */
export function routedTypes({ trafficRouters }: PluginRegistry): RoutedResource[] {
  const types = new Map<string, RoutedResource>();
  for (const { resources, plan } of trafficRouters) {
    if (plan === undefined) continue;
    for (const type of resources) types.set(`${type.plural}.${type.group}`, type);
  }
  return [...types.values()];
}

/** The kind of an object that a router steers, whichever version of it the object has. */
export function routedTypeOf(
  object: KubeObject,
  plugins: PluginRegistry,
): ResourceType | undefined {
  return routedTypes(plugins).find((type) =>
    type.kind === object.kind &&
    [type.version, ...type.otherVersions ?? []]
      .some((version) => apiVersionOf({ ...type, version }) === object.apiVersion)
  );
}

/** A definition that takes whatever stands in these objects. */
export function routedDefinition(type: ResourceType): KubeObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${type.plural}.${type.group}` },
    spec: {
      group: type.group,
      scope: type.namespaced ? "Namespaced" : "Cluster",
      names: { kind: type.kind, plural: type.plural, singular: type.kind.toLowerCase() },
      versions: [{
        name: type.version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { ...OPEN_OBJECT, properties: { spec: OPEN_OBJECT } } },
      }],
    },
  };
}

/** Loads the routers that these objects configure, so that nothing has to be waited for later. */
export async function loadRouters(
  objects: readonly KubeObject[],
  plugins: PluginRegistry,
): Promise<void> {
  const rollouts = objects.filter(({ kind }) => kind === "Rollout") as Rollout[];
  const routers = rollouts.flatMap((rollout) => routingOf(rollout, plugins)?.routers ?? []);
  await Promise.all([...new Set(routers.map(({ router }) => router))].map((one) => one.load?.()));
}

/** What routers may use in a simulation: its time, and nobody outside. */
export function simulatedPorts(clock: Clock): PluginPorts {
  return {
    now: () => clock.now(),
    fetch: () => Promise.reject(new Error("nobody outside can be asked in a simulation")),
    log: () => {},
  };
}

/** What step plugins may use there. */
export function simulatedStepPorts(
  clock: Clock,
): (scope: StepScope) => Omit<StepPorts, "conceal"> {
  const ports = simulatedPorts(clock);
  return ({ signal }) => ({
    ...ports,
    signal,
    // Its value is nobody's business in a rehearsal.
    secret: (name, key) => Promise.resolve(`${name}.${key}`),
  });
}
