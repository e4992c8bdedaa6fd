/** One measurement: a fleet of Rollouts created, then all updated at once, on a real control plane. */
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { DEPLOYMENTS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { KINDS } from "../../../core/api/schema/kinds.ts";
import { KubeCluster } from "../../../core/cluster/kube/mod.ts";
import { UnreachableError } from "../../../core/ports/api_error.ts";
import { CUSTOM_RESOURCE_DEFINITIONS } from "../../../core/api/names/resources.ts";
import { makeNamespace } from "../../contract/expect.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control_plane/boot.ts";
import { connect, serveKind, until } from "../../cluster/real_cluster.ts";
import { istioDefinitions } from "../../cluster/routed_definitions.ts";
import {
  deploymentOf,
  type FleetOptions,
  nameOf,
  rolloutOf,
  SECOND_IMAGE,
  servicesOf,
  virtualServiceOf,
} from "./fleet.ts";
import { inParallel } from "./in_parallel.ts";
import { cpuSeconds, forgetPeak, memoryOf } from "./process_figures.ts";
import { startController, VIRTUAL_SERVICES } from "./started_controller.ts";
import { type Writes, writesSince } from "./audited_writes.ts";

export interface RunFigures {
  readonly createdS: number;
  readonly updatedS: number;
  readonly updateCpuS: number;
  readonly idleMb: number;
  readonly peakMb: number;
  readonly settledMb: number;
  /** Of the update, by what was written. */
  readonly writes: Writes;
  readonly events: number;
  /** Percent of one core, in the 20 s after the update. */
  readonly restCpuPercent: number;
  /** The same pods as Deployments. */
  readonly floorCreatedS: number;
  readonly floorUpdatedS: number;
}

const REST_MS = 20_000;
const LIMIT_MS = 20 * 60_000;

export async function measure(
  { count, isRouted }: { count: number; isRouted: boolean },
): Promise<RunFigures> {
  const plane = await startControlPlane();
  try {
    const user = connect(plane, "user");
    for (const kind of KINDS) await serveKind(user, kind);
    for (const definition of await istioDefinitions()) {
      await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
    }
    const namespace = await makeNamespace(user);
    const fleet = { count, namespace, isRouted };
    const own = await measureController(plane, user, fleet);
    const floor = await measureFloor(user, { ...fleet, namespace: await makeNamespace(user) });
    await user.close();
    return { ...own, ...floor };
  } finally {
    await plane.stop();
  }
}

async function measureController(plane: ControlPlane, user: KubeCluster, fleet: FleetOptions) {
  const controller = await startController(plane);
  const { pid } = controller;
  try {
    const idleMb = memoryOf(pid).rssMb;
    const createdS = await seconds(async () => {
      await inParallel(fleet.count, (index) => createRouted(user, index, fleet));
      await until("all Healthy", () => areDone(user, fleet, 1), LIMIT_MS);
    });
    forgetPeak(pid);
    const startMs = Date.now();
    const startCpuS = cpuSeconds(pid);
    const updatedS = await seconds(async () => {
      await inParallel(fleet.count, (index) => setImage(user, ROLLOUTS, index, fleet.namespace));
      await until("all Healthy", () => areDone(user, fleet, 2), LIMIT_MS);
    });
    const updateCpuS = cpuSeconds(pid) - startCpuS;
    const { peakMb } = memoryOf(pid);
    const { writes, events } = await writesSince(plane, "sluice", startMs);
    const restStartS = cpuSeconds(pid);
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const restCpuPercent = (cpuSeconds(pid) - restStartS) / (REST_MS / 1000) * 100;
    const settledMb = memoryOf(pid).rssMb;
    return {
      createdS,
      updatedS,
      updateCpuS,
      idleMb,
      peakMb,
      settledMb,
      writes,
      events,
      restCpuPercent,
    };
  } finally {
    await controller.stop();
  }
}

/** What the pods themselves need: kube-controller-manager does the same work with Deployments. */
async function measureFloor(user: KubeCluster, { count, namespace }: FleetOptions) {
  const isReady = async (generation: number) => {
    const items = await listed(user, DEPLOYMENTS, namespace);
    return items.length === count && items.every((item) => {
      const { status, spec } = item as unknown as {
        spec: { replicas: number };
        status?: {
          observedGeneration?: number;
          availableReplicas?: number;
          updatedReplicas?: number;
          replicas?: number;
        };
      };
      return (status?.observedGeneration ?? 0) >= generation &&
        status?.availableReplicas === spec.replicas && status.replicas === spec.replicas &&
        status.updatedReplicas === spec.replicas;
    });
  };
  const floorCreatedS = await seconds(async () => {
    await inParallel(count, (index) => user.create(DEPLOYMENTS, deploymentOf(index, namespace)));
    await until("all available", () => isReady(1), LIMIT_MS);
  });
  const floorUpdatedS = await seconds(async () => {
    await inParallel(count, (index) => setImage(user, DEPLOYMENTS, index, namespace));
    await until("all available", () => isReady(2), LIMIT_MS);
  });
  return { floorCreatedS, floorUpdatedS };
}

async function createRouted(user: KubeCluster, index: number, fleet: FleetOptions) {
  if (fleet.isRouted) {
    for (const service of servicesOf(index, fleet.namespace)) await user.create(SERVICES, service);
    await user.create(VIRTUAL_SERVICES, virtualServiceOf(index, fleet.namespace));
  }
  await user.create(ROLLOUTS, rolloutOf(index, fleet));
}

async function setImage(user: KubeCluster, type: ResourceType, index: number, namespace: string) {
  const path = "/spec/template/spec/containers/0/image";
  const operations = [{ op: "replace", path, value: SECOND_IMAGE }] as const;
  await user.patch(type, { namespace, name: nameOf(index) }, { type: "json", body: operations });
}

async function areDone(user: KubeCluster, fleet: FleetOptions, revision: number) {
  const items = await listed(user, ROLLOUTS, fleet.namespace);
  return items.length === fleet.count && items.every((item) => isDone(item, revision));
}

/** None as long as the server is too busy to answer. */
async function listed(
  user: KubeCluster,
  type: ResourceType,
  namespace: string,
): Promise<readonly KubeObject[]> {
  try {
    return (await user.list(type, { namespace })).items;
  } catch (error) {
    if (error instanceof UnreachableError) return [];
    throw error;
  }
}

function isDone(object: KubeObject, revision: number): boolean {
  const { metadata, status } = object as Rollout;
  return metadata.annotations?.["rollout.argoproj.io/revision"] === String(revision) &&
    status?.phase === "Healthy" && status.stableRS === status.currentPodHash &&
    status.observedGeneration === String(metadata.generation);
}

async function seconds(act: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await act();
  return (performance.now() - startMs) / 1000;
}
