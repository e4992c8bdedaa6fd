/** An embedded cluster with a controller on it, and the loop that lets virtual time pass. */
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { VirtualClock } from "../cluster/embedded/mod.ts";

/** More turns than any pass needs: beyond, something waits for what will not come. */
const TURNS_MAX = 1_000_000;

export interface SimulatedWorld {
  readonly clock: VirtualClock;
  readonly cluster: EmbeddedCluster;
  readonly engine: Engine;
}

/** Waits until no pass, list or event is in flight: all that is left waits for the clock. */
export async function drain({ engine }: SimulatedWorld): Promise<void> {
  for (let turn = 0; engine.running > 0; turn++) {
    if (turn === TURNS_MAX) throw new Error("Cannot go on: a pass waits for what never comes");
    await Promise.resolve();
  }
}

/** Lets everything happen that happens at this instant. */
export async function settleInstant(world: SimulatedWorld): Promise<void> {
  do {
    world.cluster.settle();
    await drain(world);
    world.cluster.settle();
  } while (runDue(world));
}

/**
 * Runs the timers that are due, up to one that starts a pass: what happens at the same moment, such
 * as five pods getting ready, is seen together. False when none was due.
 */
function runDue({ clock, engine }: SimulatedWorld): boolean {
  let hasRun = false;
  while (engine.running === 0 && clock.runDue()) hasRun = true;
  return hasRun;
}
