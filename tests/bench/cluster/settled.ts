/** What Rollouts cost that need nothing: a controller that is started beside them, and rests. */
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { KINDS } from "../../../core/api/schema/kinds.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { makeNamespace } from "../../contract/expect.ts";
import { startControlPlane } from "../../cluster/control_plane/boot.ts";
import { connect, serveKind, until } from "../../cluster/real_cluster.ts";
import { writesSince } from "./audited_writes.ts";
import { rolloutOf } from "./fleet.ts";
import { inParallel } from "./in_parallel.ts";
import { cpuSeconds, memoryOf } from "./process_figures.ts";
import { startController } from "./started_controller.ts";

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
  const user = connect(plane, "user");
  for (const kind of KINDS) await serveKind(user, kind);
  const namespace = await makeNamespace(user);
  const first = await startController(plane);
  const startMs = performance.now();
  await inParallel(count, async (index) => {
    const rollout = rolloutOf(index, { count, namespace, isRouted: false }) as Rollout;
    await user.create(ROLLOUTS, { ...rollout, spec: { ...rollout.spec, replicas: 0 } });
  });
  await until("all Healthy", async () => {
    const { items } = await user.list(ROLLOUTS, { namespace });
    return items.length === count &&
      items.every((item) => (item as Rollout).status?.phase === "Healthy");
  }, 30 * 60_000);
  const createdS = (performance.now() - startMs) / 1000;
  await first.stop();
  const figures = await measureRestart();
  await user.close();
  return { createdS, ...figures };

  async function measureRestart() {
    const sinceMs = Date.now();
    const again = await startController(plane, { settlingMs: 0 });
    const { readyS, readyCpuS } = await untilAtRest(again.pid);
    const restStartS = cpuSeconds(again.pid);
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const restCpuPercent = (cpuSeconds(again.pid) - restStartS) / (REST_MS / 1000) * 100;
    const { rssMb, peakMb } = memoryOf(again.pid);
    const { writes } = await writesSince(plane, "sluice", sinceMs);
    await again.stop();
    const written = Object.values(writes).reduce((sum, some) => sum + some, 0);
    return { readyS, readyCpuS, rssMb, peakMb, restCpuPercent, writes: written };
  }
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
