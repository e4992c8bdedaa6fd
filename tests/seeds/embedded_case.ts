/** A recorded case on the embedded cluster, with everything the controller wrote. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { rolloutCrd } from "../../core/api/crd.ts";
import { EVENT_SOURCE } from "../../core/api/names.ts";
import {
  EmbeddedCluster,
  seededRandom,
  VirtualClock,
  type WriteReport,
} from "../../core/cluster/embedded/mod.ts";
import { Engine, EventRecorder, type PassReport } from "../../core/engine/mod.ts";
import { silentLog } from "../../core/ports/log.ts";
import { RolloutController } from "../../core/rollout/mod.ts";
import { START_MS } from "../../core/simulate/mod.ts";
import { settleInstant } from "../../core/simulate/simulated_world.ts";
import type { SeenEvent } from "./compare.ts";
import type { CaseWorld } from "./run_case.ts";

export const CONTROLLER = "sluice";

/** A write of the controller, with the number of the pass that made it (from 0). */
export interface ControllerWrite extends WriteReport {
  readonly pass: number;
}

export interface EmbeddedCase extends CaseWorld {
  readonly writes: readonly ControllerWrite[];
  readonly passes: readonly PassReport[];
}

export function embeddedCase(): EmbeddedCase {
  const clock = new VirtualClock(START_MS);
  const cluster = new EmbeddedCluster({
    clock,
    housekeepingClock: clock.background,
    random: seededRandom(1),
    customResources: [rolloutCrd() as unknown as KubeObject],
  });
  const own = cluster.client(CONTROLLER);
  const log = silentLog;
  const recorder = new EventRecorder({ cluster: own, clock, log, component: EVENT_SOURCE });
  const events: SeenEvent[] = [];
  const writes: ControllerWrite[] = [];
  const passes: PassReport[] = [];
  recorder.onRecord(({ object, type, reason, message }) => {
    const name = `${object.kind.toLowerCase()}/${object.metadata.name}`;
    events.push({ object: name, type, reason, message });
  });
  cluster.onWrite((write) => {
    const isOurs = write.userAgent === CONTROLLER && write.type.plural !== "events";
    if (isOurs) writes.push({ ...write, pass: passes.length });
  });
  const engine = new Engine({ cluster: own, clock, log, recorder });
  engine.add(new RolloutController());
  engine.onPass((report) => passes.push(report));
  const world = { clock, cluster, engine };
  let isStarted = false;

  /** Everything at this moment, then the next moment, as long as that comes before `endMs`. */
  async function advance(endMs: number): Promise<boolean> {
    // Objects first, then the controller: so the recorded run began, after its prologue.
    if (!isStarted) engine.start();
    isStarted = true;
    await settleInstant(world);
    const nextMs = clock.nextDueMs() ?? Infinity;
    clock.advanceTo(Math.min(nextMs, endMs));
    return nextMs <= endMs;
  }

  return {
    user: cluster.client("user"),
    namespace: "default",
    events,
    writes,
    passes,
    nowMs: () => clock.now(),
    async until(what, probe) {
      const endMs = clock.now() + 60_000;
      while (await advance(endMs)) {
        await settleInstant(world);
        if (await probe()) return;
      }
      throw new Error(`Cannot wait any longer: never seen "${what}"`);
    },
    async rest() {
      const endMs = clock.now() + 3_000;
      while (await advance(endMs));
      await settleInstant(world);
    },
  };
}
