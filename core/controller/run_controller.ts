/** The long-running controller: caches, queue and passes on a real cluster, until it is stopped. */
import type { PluginRegistry } from "../../sdk/registry.ts";
import { AnalysisRunController, MEASURE, measureAnswerer } from "../analysis/mod.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { EVENT_SOURCE } from "../api/names/names.ts";
import {
  type CacheSight,
  Engine,
  EventRecorder,
  FreezeGuard,
  keyOfObject,
  type RecordedEvent,
} from "../engine/mod.ts";
import { InstanceScope } from "../cluster/instance_scope.ts";
import { ServedVersions } from "../cluster/served_versions.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { ExperimentController } from "../experiment/mod.ts";
import { rolloutControllers, routerRegistry, STEP_PLUGIN, stepAnswerer } from "../rollout/mod.ts";
import { HttpClient } from "./http_client.ts";
import { Fences, type LeaderElection, type OtherControllers } from "./leadership/mod.ts";
import { type Crew, LifeCycle } from "./life_cycle.ts";
import { type ControllerSettings, metricPorts, NO_SETTINGS } from "./metric_ports.ts";
import {
  type NotificationParts,
  type RunningNotifications,
  runNotifications,
} from "./notifications.ts";
import { logPass } from "./pass_log.ts";
import { type HttpSender, pluginPorts } from "./plugin_ports.ts";
import { stepPorts } from "./step_ports.ts";
import { slimFor } from "./slim.ts";
import type { ControllerMetrics } from "./telemetry/mod.ts";
import type { Traces } from "./tracing/mod.ts";

export interface ControllerOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  readonly plugins: PluginRegistry;
  /** What plugins may know of the environment; default: nothing. */
  readonly settings?: ControllerSettings;
  /** Who sends the requests of plugins; default: a client of our own. */
  readonly http?: HttpSender;
  /**
   * For templates of notifications, and to keep watches from coming back all at once; absent: such
   * functions give the same again and again, and each watch comes back as soon as it may.
   */
  readonly random?: Random;
  /** Whether namespaces may configure notifications for their own Rollouts. */
  readonly isSelfServiceNotificationEnabled?: boolean;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Several, each with watches and caches of its own; then `namespace` does not count. */
  readonly namespaces?: readonly string[];
  /** By which several controllers agree on the one that acts; absent: this one does, always. */
  readonly election?: LeaderElection;
  /** Finds controllers that must not act beside this one; absent: nobody looks for them. */
  readonly others?: OtherControllers;
  /** Looks after objects with this instance id alone; absent: after those that have none. */
  readonly instanceId?: string;
  /** How often all objects are looked at again; absent: never. */
  readonly resyncMs?: number;
  /** Passes at a time, by the name of the controller; others have 10. */
  readonly slots?: Readonly<Record<string, number>>;
  /** Looks after AnalysisRuns and nothing else. */
  readonly isAnalysisOnly?: boolean;
  /** Is told of everything that it counts. */
  readonly metrics?: ControllerMetrics;
  /** Is told of every pass and of what it writes; absent: nobody asked for traces. */
  readonly traces?: Traces;
  /** Is told of every event, also of those that the recorder's limit holds back. */
  readonly onEvent?: (event: RecordedEvent) => void;
}

export interface RunningController {
  /** True once every cache has been filled: passes run, or will as soon as this one leads. */
  readonly isReady: boolean;
  /** Resolves when this controller must not start, with the reason; it has done nothing then. */
  readonly refused: Promise<string>;
  /** The cached objects of a kind. */
  objects(type: ResourceType): Iterable<KubeObject>;
  /** The caches that are in use, as they are. */
  caches(): readonly CacheSight[];
  /**
   * Ends watches and timers, and gives leadership to others once the passes under way have ended;
   * resolves when nothing goes on any more.
   */
  stop(): Promise<void>;
}

export function startController(options: ControllerOptions): RunningController {
  const { clock, election, namespace, namespaces = [namespace] } = options;
  const teams = namespaces.map((one) => assemble(options, one));
  const life = new LifeCycle({ clock, crews: teams, election, others: options.others });
  life.start();
  return {
    get isReady() {
      return teams.every(({ engine }) => engine.hasSynced);
    },
    refused: life.refused,
    objects: (type) =>
      distinct(teams.map(({ engine }) => engine.caches.reflectorOf({ type })?.store.all() ?? [])),
    caches: () => teams.flatMap(({ engine }) => engine.caches.sights()),
    async stop() {
      for (const { told } of teams) told?.stop();
      await life.stop();
      for (const { http } of teams) http.close();
    },
  };
}

/** What belongs to no namespace is in the caches of each. */
function* distinct(objects: readonly Iterable<KubeObject>[]): Generator<KubeObject> {
  const [first = []] = objects;
  if (objects.length <= 1) return yield* first;
  const seen = new Set<string>();
  for (const some of objects) {
    for (const object of some) {
      const key = keyOfObject(object);
      if (seen.has(key)) continue;
      seen.add(key);
      yield object;
    }
  }
}

/** A crew, and what it needs of the world outside. */
interface Team extends Crew {
  readonly http: HttpClient;
  readonly told: RunningNotifications | undefined;
}

function assemble(options: ControllerOptions, namespace: string | undefined): Team {
  const { clock, election, log, metrics, onEvent, plugins } = options;
  const { settings = NO_SETTINGS } = options;
  const routed = plugins.trafficRouters.flatMap(({ resources }) => resources);
  const fences = new Fences(election);
  const own = new InstanceScope(options.cluster, options.instanceId ?? "");
  const plain = new ServedVersions(fences.around(own), routed);
  const cluster = options.traces?.around(plain) ?? plain;
  // Events are not held back: they tell what has come true.
  const open = options.cluster;
  const recorder = new EventRecorder({ cluster: open, clock, log, component: EVENT_SOURCE });
  if (onEvent !== undefined) recorder.onRecord(onEvent);
  if (metrics !== undefined) recorder.onRecord((event) => metrics.onEvent(event));
  const freezeGuard = new FreezeGuard({ clock, log });
  const client = new HttpClient({ clock });
  const http = options.http ?? client;
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
    ...(metrics === undefined
      ? {}
      : { meterFor: (controller: string) => metrics.meterFor(controller) }),
    registry: { ...routing, answerers },
    ...(election === undefined ? {} : { leadership: election }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(options.random === undefined ? {} : { random: options.random }),
    ...(options.resyncMs === undefined ? {} : { resyncMs: options.resyncMs }),
  });
  recorder.yieldTo(engine);
  for (const controller of controllersOf(options)) {
    engine.add(controller, options.slots?.[controller.name]);
  }
  if (told !== undefined) {
    engine.add(told.notifications.controller, options.slots?.["rollout"]);
    recorder.onRecord((event) => told.notifications.onEvent(event, engine.caches));
  }
  follow(engine, options);
  return { engine, freezeGuard, fences, http: client, told };
}

/** Has the log and the metrics told of passes. */
function follow(engine: Engine, { log, metrics, traces }: ControllerOptions): void {
  engine.onPass((report) => logPass(log, report));
  if (traces !== undefined) engine.onPass((report) => traces.onPass(report));
  if (metrics === undefined) return;
  engine.onPass((report) => metrics.onPass(report));
  engine.onPassFailed((controller, key) => metrics.onPassFailed(controller, key));
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
  const { clock, log, metrics, plugins, settings = NO_SETTINGS } = options;
  const { random = { next: () => 0 } } = options;
  return runNotifications({
    ...parts,
    onTry: metrics && ((tried) => metrics.onNotification(tried)),
    clock,
    log,
    plugins,
    random,
    settings,
    isSelfServiceEnabled: options.isSelfServiceNotificationEnabled ?? false,
  });
}
