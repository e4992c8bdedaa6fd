/** A recorded case on the embedded cluster, with everything the controller wrote. */
import type { WriteReport } from "../../core/cluster/embedded/mod.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { PassReport } from "../../core/engine/mod.ts";
import { CONTROLLER, createWorld, settleInstant } from "../../core/simulate/simulated_world.ts";
import { plugins } from "../../plugins/mod.ts";
import type { SeenEvent } from "./compare.ts";
import { type CaseWorld, seenEvent } from "./run_case.ts";

/** A write of the controller, with the number of the pass that made it (from 0) and its time. */
export interface ControllerWrite extends WriteReport {
  readonly pass: number;
  readonly atMs: number;
}

export interface EmbeddedCase extends CaseWorld {
  readonly writes: readonly ControllerWrite[];
  readonly passes: readonly PassReport[];
}

export function embeddedCase(
  metricProviders: PluginRegistry["metricProviders"] = plugins.metricProviders,
): EmbeddedCase {
  const { recorder, ...world } = createWorld(1, { plugins: { ...plugins, metricProviders } });
  const { clock, cluster, engine } = world;
  const events: SeenEvent[] = [];
  const writes: ControllerWrite[] = [];
  const passes: PassReport[] = [];
  recorder.onRecord((event) => events.push(seenEvent(event)));
  cluster.onWrite((write) => {
    const isOurs = write.userAgent === CONTROLLER && write.type.plural !== "events";
    if (isOurs) writes.push({ ...write, pass: passes.length, atMs: clock.now() });
  });
  engine.onPass((report) => passes.push(report));
  let isStarted = false;

  /** Everything at this moment. */
  async function settle(): Promise<void> {
    // Objects first, then the controller: so the recorded run began, after its prologue.
    if (!isStarted) engine.start();
    isStarted = true;
    await settleInstant(world);
  }

  /** Everything at this moment, then the next moment, as long as that comes before `endMs`. */
  async function advance(endMs: number): Promise<boolean> {
    await settle();
    const nextMs = clock.nextDueMs() ?? Infinity;
    clock.advanceTo(Math.min(nextMs, endMs));
    return nextMs <= endMs;
  }

  async function pass(durationMs: number): Promise<void> {
    const endMs = clock.now() + durationMs;
    while (await advance(endMs));
    await settle();
  }

  return {
    user: cluster.client("user"),
    namespace: "default",
    events,
    writes,
    passes,
    nowMs: () => clock.now(),
    async until(what, probe) {
      const endMs = clock.now() + 120_000;
      do {
        await settle();
        if (await probe()) return;
      } while (await advance(endMs));
      throw new Error(`Cannot wait any longer: never seen "${what}"`);
    },
    rest: () => pass(3_000),
    wait: pass,
  };
}
