/** An embedded cluster with a controller on it, and the loop that lets virtual time pass. */
import { ROLLOUT_KIND } from "../api/schema/kinds.ts";
import { openDefinition } from "../api/schema/open_definition.ts";
import { NO_PLUGINS, type PluginRegistry } from "../../sdk/registry.ts";
import { EVENT_SOURCE } from "../api/names/names.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../cluster/embedded/mod.ts";
import { Engine, EventRecorder } from "../engine/mod.ts";
import { silentLog as log } from "../ports/log.ts";
import { Memo, RolloutController } from "../rollout/mod.ts";
import { START_MS } from "./scenario.ts";

/** The name under which the controller writes. */
export const CONTROLLER = "sluice";

/** More turns than any pass needs: beyond, something waits for what will not come. */
const TURNS_MAX = 1_000_000;
/** Far more passes than any instant needs, also with hundreds of Rollouts. */
const ROUNDS_MAX = 20_000;

export interface SimulatedWorld {
  readonly clock: VirtualClock;
  readonly cluster: EmbeddedCluster;
  readonly engine: Engine;
}

/** A new world at its start: nothing is in it, and the engine is not started. */
export function createWorld(
  seed: number,
  plugins: PluginRegistry = NO_PLUGINS,
): SimulatedWorld & { readonly recorder: EventRecorder } {
  const clock = new VirtualClock(START_MS);
  const cluster = new EmbeddedCluster({
    clock,
    housekeepingClock: clock.background,
    random: seededRandom(seed),
    customResources: [openDefinition(ROLLOUT_KIND)],
  });
  const ports = { cluster: cluster.client(CONTROLLER), clock, log };
  const recorder = new EventRecorder({ ...ports, component: EVENT_SOURCE });
  const engine = new Engine({ ...ports, recorder, retryClock: clock.background });
  engine.add(new RolloutController(new Memo(plugins)));
  return { clock, cluster, engine, recorder };
}

/** Waits until no pass, list or event is in flight: all that is left waits for the clock. */
export async function drain({ engine }: SimulatedWorld): Promise<void> {
  for (let turn = 0; engine.running > 0; turn++) {
    if (turn === TURNS_MAX) throw new Error("Cannot go on: a pass waits for what never comes");
    await Promise.resolve();
  }
}

/** Something goes on for ever without any time passing: a fault of the product, not of its user. */
export class NoRestError extends Error {
  override readonly name = "NoRestError";
}

/**
 * Lets everything happen that happens at this instant.
 * @throws {NoRestError} when that does not come to an end
 */
export async function settleInstant(world: SimulatedWorld): Promise<void> {
  let rounds = 0;
  do {
    if (++rounds > ROUNDS_MAX) throw new NoRestError("the cluster does not settle");
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
