/** An embedded cluster with controllers on it, and the loop that lets virtual time pass. */
import { AnalysisRunController } from "../analysis/mod.ts";
import { ROLLOUT_KIND } from "../api/schema/kinds.ts";
import { openDefinition } from "../api/schema/open_definition.ts";
import { NO_PLUGINS, type PluginRegistry } from "../../sdk/registry.ts";
import { EVENT_SOURCE } from "../api/names/names.ts";
import { EmbeddedCluster, randomUid, seededRandom, VirtualClock } from "../cluster/embedded/mod.ts";
import {
  type Answerer,
  type Controller,
  Engine,
  EventRecorder,
  type Registry,
} from "../engine/mod.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Write } from "../../sdk/wire/write.ts";
import type { Clock } from "../ports/clock.ts";
import { silentLog as log } from "../ports/log.ts";
import { ExperimentController } from "../experiment/mod.ts";
import { rolloutControllers, routerRegistry, STEP_PLUGIN, stepAnswerer } from "../rollout/mod.ts";
import type { Violation } from "./checker.ts";
import type { EventLoop } from "./event_loop.ts";
import { ALL_PARTS, type NamedParts } from "./named_parts.ts";
import {
  routedDefinition,
  routedTypes,
  simulatedPorts,
  simulatedStepPorts,
} from "./routed_kinds.ts";
import { START_MS } from "./scenario.ts";
import type { Notifying } from "./simulated_notifications.ts";
import { analysisDefinitions, simulatedMeasuring } from "./simulated_analysis.ts";

/** The name under which the controller writes. */
export const CONTROLLER = "sluice";

/** More turns than any instant needs: beyond, something waits for what will not come. */
const TURNS_MAX = 1_000_000;
/** After so many, the machine gets a turn as well: an answer from outside needs it. */
const TURNS_ALONE = 1_000;
/** Turns in which an answer that the clock has let go is heard. */
const TURNS_OF_ANSWER = 50;
/** Far more passes than any instant needs, also with hundreds of Rollouts. */
const ROUNDS_MAX = 20_000;

export interface SimulatedWorld {
  readonly clock: VirtualClock;
  readonly cluster: EmbeddedCluster;
  readonly engine: Engine;
  /** Waits for answers from outside; absent: there are none. */
  readonly eventLoop?: EventLoop | undefined;
}

/** Makes the answerers of questions for measurements. */
export type Measuring = (
  plugins: PluginRegistry,
  clock: Clock,
) => ReadonlyMap<string, Answerer>;

/** A controller beside that of the Rollouts. */
export interface OtherController {
  // deno-lint-ignore no-explicit-any -- a world is known to its own controller only
  readonly controller: Controller<any>;
  /** The breaches in what a pass is about to write. */
  readonly check?: (world: unknown, writes: readonly Write[]) => readonly Violation[];
}

/** What a world has besides the Rollout controller. */
export interface WorldParts {
  readonly plugins?: PluginRegistry | undefined;
  /** Who answers, plans and delivers. */
  readonly registry?: Registry | undefined;
  readonly controllers?: readonly OtherController[] | undefined;
  /** Who measures; default: as on a cluster. */
  readonly runs?: AnalysisRunController | undefined;
  /** Who answers for metrics; default: providers without anybody outside. */
  readonly measuring?: Measuring | undefined;
  /** Milliseconds since 1970; default: when every simulation starts. */
  readonly startMs?: number | undefined;
  /** CustomResourceDefinitions of the kinds that these need. */
  readonly definitions?: readonly KubeObject[] | undefined;
  readonly eventLoop?: EventLoop | undefined;
  /** Who would be notified; absent: nobody. */
  readonly notifying?: Notifying | undefined;
  /** What is named at all; absent: all of it may be. */
  readonly named?: NamedParts | undefined;
}

/** A new world at its start: nothing is in it, and the engine is not started. */
export function createWorld(
  seed: number,
  {
    plugins: given = NO_PLUGINS,
    registry = {},
    controllers = [],
    runs,
    measuring = simulatedMeasuring,
    startMs = START_MS,
    definitions = [],
    eventLoop,
    notifying,
    named = ALL_PARTS,
  }: WorldParts = {},
): SimulatedWorld & { readonly recorder: EventRecorder } {
  const clock = new VirtualClock(startMs);
  const random = seededRandom(seed);
  const plugins = named.routing ? given : { ...given, trafficRouters: [] };
  const cluster = new EmbeddedCluster({
    clock,
    housekeepingClock: clock.background,
    random,
    customResources: [
      openDefinition(ROLLOUT_KIND),
      ...analysisDefinitions(),
      ...routedTypes(plugins).map(routedDefinition),
      ...definitions,
    ],
  });
  // Names of pods are the same, whatever is named.
  if (!named.routing) { for (const _ of routedTypes(given)) randomUid(random); }
  const ports = { cluster: cluster.client(CONTROLLER), clock, log };
  const recorder = new EventRecorder({ ...ports, component: EVENT_SOURCE });
  const told = notifying?.({ clock, recorder, plugins });
  const answerers = [
    ...(named.analysis ? measuring(plugins, clock) : []),
    ...told?.answerers ?? [],
    ...registry.answerers ?? [],
  ];
  const engine = new Engine({
    ...ports,
    recorder,
    registry: registryOf(plugins, clock, { ...registry, answerers: new Map(answerers) }),
    retryClock: clock.background,
  });
  for (const controller of rolloutControllers(plugins)) engine.add(controller);
  if (named.analysis) {
    engine.add(runs ?? new AnalysisRunController(plugins.metricProviders));
    engine.add(new ExperimentController());
  }
  for (const { controller } of controllers) engine.add(controller);
  if (told !== undefined) {
    engine.add(told.controller);
    recorder.onRecord((event) => told.onEvent(event, engine.caches));
  }
  return { clock, cluster, engine, recorder, eventLoop };
}

/** Who answers, plans and delivers: what plugins do, and what is given besides. */
function registryOf(plugins: PluginRegistry, clock: Clock, given: Registry): Registry {
  const routers = routerRegistry(plugins, simulatedPorts(clock));
  return {
    ...given,
    answerers: new Map([
      ...routers.answerers ?? [],
      [STEP_PLUGIN, stepAnswerer({ plugins, ports: simulatedStepPorts(clock) })],
      ...given.answerers ?? [],
    ]),
    planners: new Map([...routers.planners ?? [], ...given.planners ?? []]),
  };
}

/**
 * Waits until nothing is in flight: all that is left waits for the clock. What comes from outside
 * is waited for as well, so that it ends at this instant; what does not come is left to its
 * deadline.
 */
export async function drain(world: SimulatedWorld): Promise<void> {
  const { engine, eventLoop } = world;
  if (engine.waitingForClock > 0 || (engine.running > 0 && isQuiet(world))) {
    for (let turn = 0; turn < TURNS_OF_ANSWER; turn++) await undefined;
  }
  while (!isQuiet(world)) {
    const turnsMax = eventLoop === undefined ? TURNS_MAX : TURNS_ALONE;
    for (let turn = 0; turn < turnsMax && !isQuiet(world); turn++) await undefined;
    if (isQuiet(world)) return;
    if (eventLoop === undefined) {
      throw new Error("Cannot go on: a pass waits for what never comes");
    }
    await eventLoop.turnWhile(() => engine.running);
  }
}

/** True when nothing is in flight that is worth waiting for. */
function isQuiet({ engine, eventLoop }: SimulatedWorld): boolean {
  const { running } = engine;
  return running === 0 || eventLoop?.isQuiet(running) === true;
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
function runDue(world: SimulatedWorld): boolean {
  let hasRun = false;
  while (isQuiet(world) && world.clock.runDue()) hasRun = true;
  return hasRun;
}
