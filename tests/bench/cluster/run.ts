/** One measurement: a fleet of Rollouts created, then all updated at once, on a real control plane. */
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { DEPLOYMENTS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { KINDS } from "../../../core/api/schema/kinds.ts";
import { KubeCluster } from "../../../core/cluster/kube/mod.ts";
import { CUSTOM_RESOURCE_DEFINITIONS } from "../../../core/api/names/resources.ts";
import { makeNamespace } from "../../contract/expect.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control_plane/boot.ts";
import { connect, serveKind } from "../../cluster/real_cluster.ts";
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
import { inParallel, PATIENT } from "./in_parallel.ts";
import { cpuSeconds, forgetPeak, memoryOf } from "./process_figures.ts";
import { startController, VIRTUAL_SERVICES } from "./started_controller.ts";
import { untilAll } from "./until_all.ts";
import { sumOf, untilQuiet, type Writes, writesSince } from "./audited_writes.ts";

export interface RunFigures {
  readonly createdS: number;
  readonly updatedS: number;
  readonly updateCpuS: number;
  readonly idleMb: number;
  readonly peakMb: number;
  readonly settledMb: number;
  /** Until all were Healthy, by what was written. */
  readonly writes: Writes;
  readonly events: number;
  /** From then on until nothing was written any more: old pods go, routes and Services go back. */
  readonly lastWrites: number;
  readonly lastCpuS: number;
  /** Percent of one core, in the 20 s after that. */
  readonly restCpuPercent: number;
  /** The same pods as Deployments. */
  readonly floorCreatedS: number;
  readonly floorUpdatedS: number;
}

const REST_MS = 20_000;
/** Longer than the fleet's `scaleDownDelaySeconds`, and than counts are held back. */
const QUIET_MS = 5_000;

export async function measure(
  { count, isRouted }: { count: number; isRouted: boolean },
): Promise<RunFigures> {
  const plane = await startControlPlane();
  try {
    const user = connect(plane, "user", PATIENT);
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
      await untilDone(user, fleet, 1);
    });
    forgetPeak(pid);
    const startMs = Date.now();
    const startCpuS = cpuSeconds(pid);
    const updatedS = await seconds(async () => {
      await inParallel(fleet.count, (index) => setImage(user, ROLLOUTS, index, fleet.namespace));
      await untilDone(user, fleet, 2);
    });
    const updateCpuS = cpuSeconds(pid) - startCpuS;
    const { peakMb } = memoryOf(pid);
    const { writes, events } = await writesSince(plane, "sluice", startMs);
    const lastStartMs = Date.now();
    const lastStartS = cpuSeconds(pid);
    await untilQuiet(plane, "sluice", QUIET_MS);
    const lastCpuS = cpuSeconds(pid) - lastStartS;
    const last = await writesSince(plane, "sluice", lastStartMs);
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
      lastWrites: sumOf(last.writes),
      lastCpuS,
      restCpuPercent,
    };
  } finally {
    await controller.stop();
  }
}

/** What the pods themselves need: kube-controller-manager does the same work with Deployments. */
async function measureFloor(user: KubeCluster, { count, namespace }: FleetOptions) {
  const untilReady = (generation: number) =>
    untilAll(user, {
      type: DEPLOYMENTS,
      namespace,
      count,
      isSo: (deployment) => isAvailable(deployment, generation),
    });
  const floorCreatedS = await seconds(async () => {
    await inParallel(count, (index) => user.create(DEPLOYMENTS, deploymentOf(index, namespace)));
    await untilReady(1);
  });
  const floorUpdatedS = await seconds(async () => {
    await inParallel(count, (index) => setImage(user, DEPLOYMENTS, index, namespace));
    await untilReady(2);
  });
  return { floorCreatedS, floorUpdatedS };
}

function isAvailable(deployment: KubeObject, generation: number): boolean {
  const { status, spec } = deployment as unknown as {
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

/** Until all are at that revision, and at rest. */
function untilDone(user: KubeCluster, { count, namespace }: FleetOptions, revision: number) {
  const isSo = (object: KubeObject) => isDone(object, revision);
  return untilAll(user, { type: ROLLOUTS, namespace, count, isSo });
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
