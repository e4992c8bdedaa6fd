/** What Rollouts cost that need nothing: a controller that is started beside them, and rests. */
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { KINDS } from "../../../core/api/schema/kinds.ts";
import { ApiError, isAlreadyExists } from "../../../core/ports/api_error.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { makeNamespace } from "../../contract/expect.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control_plane/boot.ts";
import { connect, serveKind } from "../../cluster/real_cluster.ts";
import { writesSince } from "./audited_writes.ts";
import { rolloutOf } from "./fleet.ts";
import { inParallel, PATIENT } from "./in_parallel.ts";
import { cpuSeconds, memoryOf } from "./process_figures.ts";
import { SettledServer } from "./settled_server.ts";
import { startController } from "./started_controller.ts";
import { untilAll } from "./until_all.ts";

export interface SettledFigures {
  readonly createdS: number;
  /** From the start of the process until its CPU rests. */
  readonly readyS: number;
  readonly readyCpuS: number;
  readonly rssMb: number;
  readonly peakMb: number;
  /** Percent of one core. */
  readonly restCpuPercent: number;
  readonly writes: number;
}

const REST_MS = 30_000;
const LOOK_MS = 500;
/** Less than this in a look is rest. */
const REST_CPU_S = 0.05;

export async function measureSettled(count: number): Promise<SettledFigures> {
  await using plane = await startControlPlane();
  const user = connect(plane, "user", PATIENT);
  for (const kind of KINDS) await serveKind(user, kind);
  const namespace = await makeNamespace(user);
  const first = await startController(plane);
  const startMs = performance.now();
  await inParallel(count, async (index) => {
    const rollout = rolloutOf(index, { count, namespace, isRouted: false }) as Rollout;
    await untilCreated(() =>
      user.create(ROLLOUTS, { ...rollout, spec: { ...rollout.spec, replicas: 0 } })
    );
  });
  const isSo = (object: KubeObject) => (object as Rollout).status?.phase === "Healthy";
  await untilAll(user, { type: ROLLOUTS, namespace, count, isSo });
  const createdS = (performance.now() - startMs) / 1000;
  await first.stop();
  const sinceMs = Date.now();
  const figures = await measureRestart(plane);
  const { writes } = await writesSince(plane, "sluice", sinceMs);
  await user.close();
  const written = Object.values(writes).reduce((sum, some) => sum + some, 0);
  return { createdS, ...figures, writes: written };
}

/** A server that has much to do fails some requests ("quota evaluation timed out"). */
async function untilCreated(create: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await create();
      return;
    } catch (error) {
      if (isAlreadyExists(error)) return;
      if (error instanceof ApiError && error.code < 500) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}

/** The same with a server that only serves them. */
export async function measureServed(count: number): Promise<SettledFigures> {
  const directory = await Deno.makeTempDir({ prefix: "sluice-settled-" });
  const kubeconfigPath = `${directory}/kubeconfig`;
  await using server = new SettledServer(count);
  await Deno.writeTextFile(kubeconfigPath, server.kubeconfig);
  try {
    const figures = await measureRestart({ directory, kubeconfigPath });
    return { createdS: 0, ...figures, writes: server.writes.length };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function measureRestart(plane: Pick<ControlPlane, "directory" | "kubeconfigPath">) {
  const again = await startController(plane, { settlingMs: 0 });
  const { readyS, readyCpuS } = await untilAtRest(again.pid);
  const restStartS = cpuSeconds(again.pid);
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const restCpuPercent = (cpuSeconds(again.pid) - restStartS) / (REST_MS / 1000) * 100;
  const { rssMb, peakMb } = memoryOf(again.pid);
  await again.stop();
  return { readyS, readyCpuS, rssMb, peakMb, restCpuPercent };
}

/** At rest: for three looks in a row there was next to no work. */
async function untilAtRest(pid: number): Promise<{ readyS: number; readyCpuS: number }> {
  const startMs = performance.now();
  let before = 0;
  let restful = 0;
  while (restful < 3) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = cpuSeconds(pid);
    const isAtRest = now > REST_CPU_S && now - before < REST_CPU_S;
    restful = isAtRest ? restful + 1 : 0;
    before = now;
  }
  const readyS = (performance.now() - startMs) / 1000 - restful * LOOK_MS / 1000;
  return { readyS, readyCpuS: before };
}
