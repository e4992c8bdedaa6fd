/** The long-running controller: caches, queue and passes on a real cluster, until it is stopped. */
import type { PluginRegistry } from "../../sdk/registry.ts";
import { AnalysisRunController, MEASURE, measureAnswerer } from "../analysis/mod.ts";
import { EVENT_SOURCE } from "../api/names/names.ts";
import {
  type CacheSight,
  Engine,
  EventRecorder,
  FreezeGuard,
  type RecordedEvent,
} from "../engine/mod.ts";
import { ServedVersions } from "../cluster/served_versions.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { ExperimentController } from "../experiment/mod.ts";
import { rolloutControllers, routerRegistry, STEP_PLUGIN, stepAnswerer } from "../rollout/mod.ts";
import { HttpClient } from "./http_client.ts";
import { Fences, type LeaderElection, type OtherControllers } from "./leadership/mod.ts";
import { LifeCycle } from "./life_cycle.ts";
import { type ControllerSettings, metricPorts, NO_SETTINGS } from "./metric_ports.ts";
import {
  type NotificationParts,
  type RunningNotifications,
  runNotifications,
} from "./notifications.ts";
import { pluginPorts } from "./plugin_ports.ts";
import { stepPorts } from "./step_ports.ts";
import { slimFor } from "./slim.ts";

export interface ControllerOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  readonly plugins: PluginRegistry;
  /** What plugins may know of the environment; default: nothing. */
  readonly settings?: ControllerSettings;
  /** For templates of notifications; absent: such functions give the same again and again. */
  readonly random?: Random;
  /** Whether namespaces may configure notifications for their own Rollouts. */
  readonly isSelfServiceNotificationEnabled?: boolean;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** By which several controllers agree on the one that acts; absent: this one does, always. */
  readonly election?: LeaderElection;
  /** Finds controllers that must not act beside this one; absent: nobody looks for them. */
  readonly others?: OtherControllers;
  /** Passes at a time, by the name of the controller; others have 10. */
  readonly slots?: Readonly<Record<string, number>>;
  /** Looks after AnalysisRuns and nothing else. */
  readonly isAnalysisOnly?: boolean;
  /** Is told of every event, also of those that the recorder's limit holds back. */
  readonly onEvent?: (event: RecordedEvent) => void;
}

export interface RunningController {
  /** True once every cache has been filled: passes run, or will as soon as this one leads. */
  readonly isReady: boolean;
  /** Resolves when this controller must not start, with the reason; it has done nothing then. */
  readonly refused: Promise<string>;
  /** The caches that are in use, as they are. */
  caches(): readonly CacheSight[];
  /**
   * Ends watches and timers, and gives leadership to others once the passes under way have ended;
   * resolves when nothing goes on any more.
   */
  stop(): Promise<void>;
}

export function startController(options: ControllerOptions): RunningController {
  const { clock, election, log, namespace, onEvent, plugins, settings = NO_SETTINGS } = options;
  const routed = plugins.trafficRouters.flatMap(({ resources }) => resources);
  const fences = new Fences(election);
  const cluster = new ServedVersions(fences.around(options.cluster), routed);
  // Events are not held back: they tell what has come true.
  const open = options.cluster;
  const recorder = new EventRecorder({ cluster: open, clock, log, component: EVENT_SOURCE });
  if (onEvent !== undefined) recorder.onRecord(onEvent);
  const freezeGuard = new FreezeGuard({ clock, log });
  const http = new HttpClient({ clock });
  const routing = routerRegistry(plugins, pluginPorts({ clock, log, http }));
  const { jobCluster } = settings;
  const jobs = jobCluster === undefined ? {} : { jobCluster: fences.around(jobCluster) };
  const measuring = measureAnswerer({
    providers: plugins.metricProviders,
    ports: metricPorts({ cluster, clock, log, http, settings: { ...settings, ...jobs } }),
  });
  const told = toldOf(options, { cluster, http, recorder });
  const stepping = stepAnswerer({ plugins, ports: stepPorts({ cluster, clock, log, http }) });
  const answerers = new Map([
    ...routing.answerers ?? [],
    [MEASURE, measuring],
    ...told?.notifications.answerers ?? [],
    [STEP_PLUGIN, stepping],
  ]);
  const engine = new Engine({
    cluster,
    clock,
    log,
    recorder,
    freezeGuard,
    slim: slimFor(plugins),
    registry: { ...routing, answerers },
    ...(election === undefined ? {} : { leadership: election }),
    ...(namespace === undefined ? {} : { namespace }),
  });
  for (const controller of controllersOf(options)) {
    engine.add(controller, options.slots?.[controller.name]);
  }
  if (told !== undefined) {
    engine.add(told.notifications.controller, options.slots?.["rollout"]);
    recorder.onRecord((event) => told.notifications.onEvent(event, engine.caches));
  }
  engine.onPass(({ controller, key, why, applied, status }) => {
    const isQuiet = applied.writes === 0 && status !== "written";
    log[isQuiet ? "debug" : "info"](why, { [controller]: key, writes: applied.writes });
  });
  const life = new LifeCycle({
    clock,
    engine,
    freezeGuard,
    election,
    others: options.others,
    fences,
  });
  life.start();
  return {
    get isReady() {
      return engine.hasSynced;
    },
    refused: life.refused,
    caches: () => engine.caches.sights(),
    async stop() {
      told?.stop();
      await life.stop();
      http.close();
    },
  };
}

/** What looks after the objects of the cluster. */
function controllersOf({ plugins, isAnalysisOnly = false }: ControllerOptions) {
  const runs = new AnalysisRunController(plugins.metricProviders);
  return isAnalysisOnly
    ? [runs]
    : [...rolloutControllers(plugins), runs, new ExperimentController()];
}

/** Who tells people of Rollouts; undefined: nobody looks after these. */
function toldOf(
  options: ControllerOptions,
  parts: Pick<NotificationParts, "cluster" | "http" | "recorder">,
): RunningNotifications | undefined {
  if (options.isAnalysisOnly === true) return undefined;
  const { clock, log, plugins, settings = NO_SETTINGS, random = { next: () => 0 } } = options;
  return runNotifications({
    ...parts,
    clock,
    log,
    plugins,
    random,
    settings,
    isSelfServiceEnabled: options.isSelfServiceNotificationEnabled ?? false,
  });
}
