/** A booted control plane as the cluster port sees it, with the kind Rollout served. */
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { CanaryStrategy, Rollout } from "../../sdk/api/rollout.ts";
import { type Kind, ROLLOUT_KIND } from "../../core/api/schema/kinds.ts";
import { customResourceDefinition } from "../../core/api/schema/custom_resource_definition.ts";
import { CUSTOM_RESOURCE_DEFINITIONS, ROLLOUTS } from "../../core/api/names/resources.ts";
import {
  type Credentials,
  KubeCluster,
  type KubeClusterOptions,
} from "../../core/cluster/kube/mod.ts";
import { systemClock, systemRandom } from "../../core/cluster/system/mod.ts";
import { startController } from "../../core/controller/mod.ts";
import { type Cluster, isNotFound, silentLog } from "../../core/ports/mod.ts";
import { eventually } from "../contract/kube_subject.ts";
import { makeNamespace } from "../contract/expect.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import type { ApiServer } from "./control_plane/api_client.ts";
import { controllerToken } from "./service_account.ts";
import { plugins } from "../../plugins/mod.ts";

/** A connection of its own; close it. */
export function connect(
  plane: ApiServer,
  userAgent: string,
  options: KubeClusterOptions = {},
): KubeCluster {
  const credentials: Credentials = {
    server: plane.url,
    namespace: "default",
    caPem: plane.caPem,
    headers: () => Promise.resolve({ authorization: `Bearer ${plane.token}` }),
  };
  const ports = { clock: systemClock, log: silentLog, random: systemRandom };
  return new KubeCluster(credentials, ports, { userAgent, ...options });
}

/** The controller's connection: as itself, with no more rights than its installation gives it. */
export async function connectController(
  plane: ControlPlane,
  userAgent = "sluice",
): Promise<KubeCluster> {
  const token = await controllerToken(plane);
  return connect({ ...plane, token }, userAgent);
}

/** Asks until the answer is yes; fails after `withinMs`. */
export async function until(
  what: string,
  probe: () => Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const isSo = async () => await probe() || undefined;
  await eventually(systemClock, { what, probe: isSo, withinMs });
}

/** Defines the kind; the contract asks for an open definition, as the embedded cluster has one. */
export async function serveRollouts(
  cluster: Cluster,
  definition = customResourceDefinition(ROLLOUT_KIND),
): Promise<void> {
  await serveDefined(cluster, definition, ROLLOUTS);
}

/** Defines another kind. */
export async function serveKind(cluster: Cluster, kind: Kind): Promise<void> {
  await serveDefined(cluster, customResourceDefinition(kind), kind.type);
}

async function serveDefined(
  cluster: Cluster,
  definition: ReturnType<typeof customResourceDefinition>,
  type: ResourceType,
): Promise<void> {
  await cluster.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
  await until(`the kind ${type.kind}`, async () => {
    try {
      await cluster.list(type);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  });
}

/** A canary "web" whose pods do nothing. */
export function webRollout(
  namespace: string,
  { replicas, canary }: { replicas: number; canary: CanaryStrategy },
): Rollout {
  const labels = { app: "web" };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web", namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: "registry/web:1" }] },
      },
      strategy: { canary },
    },
  };
}

/** A namespace of a real control plane with the controller at work on it, and a user beside it. */
export interface ServedNamespace {
  readonly user: KubeCluster;
  /** The controller's own connection. */
  readonly own: KubeCluster;
  readonly namespace: string;
}

/** Plays with the controller on a control plane of its own; stops all of it afterwards. */
export async function playServed(
  play: (served: ServedNamespace) => Promise<void>,
): Promise<void> {
  const plane = await startControlPlane();
  try {
    const user = connect(plane, "user");
    const own = await connectController(plane);
    await serveRollouts(user);
    const namespace = await makeNamespace(user);
    const controller = startController({
      plugins,
      cluster: own,
      clock: systemClock,
      log: silentLog,
      namespace,
    });
    try {
      await until("the controller", () => Promise.resolve(controller.isReady));
      await play({ user, own, namespace });
    } finally {
      await controller.stop();
      await own.close();
      await user.close();
    }
  } finally {
    await plane.stop();
  }
}
