/** Runs a scenario on an embedded cluster with a virtual clock: same scenario, same outcome. */
import { NO_PLUGINS } from "../../sdk/registry.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { EVENTS, ROLLOUTS } from "../api/names/resources.ts";
import type { TrafficIntent } from "../../sdk/traffic_intent.ts";
import { type PassReport, writesOf } from "../engine/mod.ts";
import type { EmbeddedCluster, VirtualClock } from "../cluster/embedded/mod.ts";
import { CommandRefused } from "../command/mod.ts";
import type { NotificationConfig } from "../notify/mod.ts";
import { ApiError } from "../ports/api_error.ts";
import { EXPERIMENT_CONTROLLER } from "../experiment/mod.ts";
import { ROLLOUT_CONTROLLER, type RolloutWorld } from "../rollout/mod.ts";
import type { RolloutInfo } from "../view/mod.ts";
import { checkPass, type Violation } from "./checker.ts";
import type { Command } from "./command.ts";
import { isMet } from "./condition.ts";
import { ExperimentTimeline } from "./experiment_timeline.ts";
import { sortObjects } from "./live_objects.ts";
import { Membership } from "./membership.ts";
import type { MetricData } from "./metric_data.ts";
import { ALL_PARTS, type NamedParts, namedParts, objectsOf } from "./named_parts.ts";
import { type NotifiedParts, notifiedParts } from "./notified_parts.ts";
import { ObjectRefused } from "./object_refused.ts";
import {
  type Action,
  type EventEntry,
  type Outcome,
  outcomeOf,
  screensOf,
  type WriteCounts,
} from "./outcome.ts";
import { Rehearsal } from "./rehearsal.ts";
import { rehearsedMeasuring } from "./simulated_analysis.ts";
import { RehearsedRuns } from "./rehearsed_runs.ts";
import { Retries } from "./retries.ts";
import { Rounds } from "./rounds.ts";
import { loadRouters, routedTypes } from "./routed_kinds.ts";
import { type Scenario, START_MS } from "./scenario.ts";
import type { SentNotification } from "./simulated_notifications.ts";
import { parseTimedCommand, type ScriptEntry } from "./script.ts";
import { ScriptError } from "./script_error.ts";
import {
  CONTROLLER,
  createWorld,
  settleInstant,
  type SimulatedWorld,
  type WorldParts,
} from "./simulated_world.ts";
import { PODS_CHANGED, Timeline } from "./timeline.ts";
import { USER, User } from "./user.ts";
import { UserLevels } from "./user_levels.ts";

/** A run between two instants: all that happens at `nowMs` has happened. */
export interface Moment {
  readonly nowMs: number;
  /** The next instant; undefined at the end. */
  readonly nextMs: number | undefined;
  readonly outcome: Outcome;
  /** The screens at a time between the two instants: nothing but ages differs. */
  screensAt(ms: number): readonly RolloutInfo[];
}

/** Who watches a run, e.g. to draw it live; time goes on when its promise is kept. */
export type Watcher = (moment: Moment) => Promise<void>;

/** What a run may use besides its scenario. */
export interface SimulateOptions extends WorldParts {
  /** What metrics measure; absent: their providers measure themselves. */
  readonly metricData?: MetricData | undefined;
  readonly watcher?: Watcher | undefined;
  /** Who would be notified; absent: nobody. */
  readonly notifications?: NotificationConfig | undefined;
}

/**
 * @throws {ScriptError} when a command is refused, cannot be done in time, or a `when` is never met
 * @throws {ObjectRefused} when the cluster refuses an object of the scenario
 */
export async function simulate(
  scenario: Scenario,
  { watcher, notifications, ...given }: SimulateOptions = {},
): Promise<Outcome> {
  checkTimes(scenario);
  const { plugins = NO_PLUGINS } = given;
  // What other controllers may make is not known.
  const named = given.controllers === undefined ? namedParts(scenario, plugins) : ALL_PARTS;
  if (named.routing) await loadRouters(objectsOf(scenario), plugins);
  const told = notifications === undefined ? {} : await notifiedParts(notifications);
  const run = new Run(scenario, { ...given, ...told, named });
  await run.start();
  await run.toEnd(watcher);
  return run.outcome();
}

/** What lies after the end is found before anything runs. */
function checkTimes({ script, timed, untilMs }: Scenario): void {
  if (untilMs <= 0) throw new ScriptError("a simulation must end after more than 0s");
  for (const { text, trigger } of [...script, ...timed]) {
    if (trigger.kind !== "at" || trigger.atMs <= untilMs) continue;
    const [at, end] = [trigger.atMs / 1000, untilMs / 1000];
    throw new ScriptError(`"${text}" is to be done at ${at}s, but the simulation ends at ${end}s`);
  }
}

class Run {
  readonly #scenario: Scenario;
  readonly #clock: VirtualClock;
  readonly #cluster: EmbeddedCluster;
  readonly #user: User;
  readonly #routed: readonly ResourceType[];
  readonly #world: SimulatedWorld;
  readonly #timeline: Timeline;
  readonly #experiments: ExperimentTimeline;
  readonly #membership = new Membership();
  readonly #levels: UserLevels;
  readonly #events: EventEntry[] = [];
  readonly #sent: readonly SentNotification[] | undefined;
  readonly #actions: Action[] = [];
  readonly #violations: Violation[] = [];
  readonly #retries = new Retries();
  readonly #rounds: Rounds;
  readonly #rehearsal: Rehearsal | undefined;
  readonly #writes: WriteCounts = { total: 0, byResource: {} };
  /** Writes of the user that changed something. */
  #userWrites = 0;
  readonly #script: ScriptEntry[];
  readonly #timed: ScriptEntry[];
  /** When the last entry of the script was done, and how many the timeline had then. */
  #armed = { atMs: START_MS, place: 0 };

  constructor(
    scenario: Scenario,
    { metricData, sent, ...parts }:
      & Omit<SimulateOptions, "watcher" | "notifications">
      & { readonly sent?: NotifiedParts["sent"]; readonly named: NamedParts },
  ) {
    this.#scenario = scenario;
    this.#sent = sent;
    if (metricData !== undefined) {
      this.#rehearsal = new Rehearsal(metricData, {
        cluster: () => this.#cluster,
        now: () => this.#clock.now(),
        startMs: START_MS,
        endMs: START_MS + scenario.untilMs,
      });
    }
    const { recorder, ...world } = createWorld(scenario.seed, this.#rehearsed(parts));
    const { clock, cluster, engine } = world;
    this.#world = world;
    this.#clock = clock;
    this.#cluster = cluster;
    this.#routed = parts.named.routing ? routedTypes(parts.plugins ?? NO_PLUGINS) : [];
    this.#rounds = new Rounds(cluster, clock);
    this.#user = new User(cluster, typesOf(parts), parts.plugins);
    this.#timeline = new Timeline(cluster, { startMs: START_MS });
    this.#experiments = new ExperimentTimeline(cluster, { startMs: START_MS });
    this.#levels = new UserLevels(cluster, this.#membership, USER);
    this.#script = [...scenario.script];
    this.#timed = [...scenario.timed].sort((a, b) => atMsOf(a) - atMsOf(b));
    recorder.onRecord(({ object, type, reason, message, atMs }) => {
      const about = `${object.kind.toLowerCase()}/${object.metadata.name}`;
      const { namespace = "" } = object.metadata;
      const atSeconds = secondsOf(atMs);
      this.#events.push({ atSeconds, reason, type, message, namespace, object: about });
    });
    engine.onPass((report) => {
      const { controller, world, key, why } = report;
      this.#retries.note(report);
      const other = parts.controllers?.find((one) => one.controller.name === controller);
      if (controller === EXPERIMENT_CONTROLLER) this.#lookAtExperiments(why, key);
      if (controller !== ROLLOUT_CONTROLLER) {
        this.#violations.push(...other?.check?.(world, writesOf(report)) ?? []);
        return;
      }
      const rolloutWorld = world as RolloutWorld;
      const judged = withAbort(rolloutWorld, report);
      this.#violations.push(...checkPass(judged, writesOf(report), intentOf(report)));
      this.#timeline.noteRoutes(key, rolloutWorld.routers);
      this.#timeline.sample(key, { nowMs: clock.now(), why });
    });
    this.#followWrites();
  }

  /** The parts with providers that find what the data say. */
  #rehearsed(parts: WorldParts): WorldParts {
    if (this.#rehearsal === undefined) return parts;
    const { plugins = NO_PLUGINS } = parts;
    const objects = objectsOf(this.#scenario);
    const metricProviders = this.#rehearsal.providers(plugins, objects);
    const stepPlugins = this.#rehearsal.stepPlugins(plugins, objects);
    const runs = new RehearsedRuns(metricProviders, this.#rehearsal);
    const measuring = parts.measuring ?? rehearsedMeasuring;
    return { ...parts, plugins: { ...plugins, metricProviders, stepPlugins }, runs, measuring };
  }

  /** Tells whom it may concern of every write, and counts. */
  #followWrites(): void {
    const membership = this.#membership;
    this.#cluster.onWrite((write) => {
      const concerned = membership.note(write);
      this.#timeline.touch(concerned);
      this.#levels.note(write, concerned, this.#clock.now());
    });
    this.#countWrites();
  }

  #countWrites(): void {
    this.#cluster.onWrite(({ userAgent, type, subresource, changed }) => {
      if (userAgent === USER && changed) this.#userWrites++;
      if (userAgent !== CONTROLLER || type.plural === EVENTS.plural) return;
      const name = subresource === undefined ? type.plural : `${type.plural}/${subresource}`;
      this.#writes.total++;
      this.#writes.byResource[name] = (this.#writes.byResource[name] ?? 0) + 1;
    });
  }

  async start(): Promise<void> {
    this.#checkCommands();
    const { live, manifests } = sortObjects(this.#scenario.objects);
    const troubles = await this.#user.restoreAll(live);
    for (const text of troubles) await this.#do(parseTimedCommand(`0s: ${text}`));
    await this.#user.applyAll(manifests);
    this.#world.engine.start();
  }

  /** What no command can mean is told before anything runs. @throws {ScriptError} */
  #checkCommands(): void {
    for (const { text, command } of [...this.#script, ...this.#timed]) {
      try {
        this.#user.check(command);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        throw new ScriptError(`"${text}": ${error.message}`);
      }
    }
  }

  async toEnd(watcher: Watcher | undefined): Promise<void> {
    const endMs = START_MS + this.#scenario.untilMs;
    for (;;) {
      await settleInstant(this.#world);
      this.#lookAtUsers();
      if (await this.#doNext()) continue;
      const dueMs = this.#nextMs();
      // Who waits for an answer that nothing says waits beyond the end.
      const isOver = dueMs === undefined || (dueMs > endMs && this.#lacksData());
      const nextMs = isOver ? undefined : Math.min(dueMs, endMs);
      await watcher?.({
        nowMs: this.#clock.now(),
        nextMs,
        outcome: this.outcome(),
        screensAt: (ms) => screensOf(this.#cluster, ms),
      });
      if (nextMs === undefined) {
        // What waits for data that are missing is not at rest.
        if (!this.#lacksData()) this.#violations.push(...this.#levels.atRest());
        break;
      }
      this.#clock.advanceTo(nextMs);
      if (dueMs !== nextMs) break;
    }
    this.#failOnUnmet();
  }

  /** With a key, `why` is about the Experiment of that key alone. */
  #lookAtExperiments(why: string, key?: string): void {
    const entriesBefore = this.#timeline.entries.length;
    const whose = key === undefined ? {} : { key };
    this.#experiments.sample({ nowMs: this.#clock.now(), why, ...whose, entriesBefore });
  }

  /** All of this instant has happened: what does it mean to users? */
  #lookAtUsers(): void {
    const nowMs = this.#clock.now();
    const { warnings, violations } = this.#levels.look(nowMs);
    this.#violations.push(...violations);
    this.#timeline.sampleAll({ nowMs, why: PODS_CHANGED }, warnings);
    this.#lookAtExperiments(PODS_CHANGED);
  }

  outcome(): Outcome {
    return outcomeOf({
      cluster: this.#cluster,
      timeline: this.#timeline,
      experiments: this.#experiments,
      levels: this.#levels,
      events: this.#events,
      notifications: this.#sent,
      actions: this.#actions,
      violations: this.#violations,
      writes: this.#writes,
      missing: this.#rehearsal?.missing ?? [],
      routed: this.#routed,
      missingSteps: this.#rehearsal?.missingSteps ?? [],
      nowMs: this.#clock.now(),
    });
  }

  /** When something happens next; undefined when nothing will. */
  #nextMs(): number | undefined {
    const commands = [this.#script[0], this.#timed[0]]
      .flatMap((entry) => entry?.trigger.kind === "at" ? [START_MS + entry.trigger.atMs] : []);
    const isWaiting = this.#clock.hasForegroundTimers() || this.#retries.arePromising;
    // Housekeeping of the cluster goes on for ever, and changes nothing by itself; so do retries.
    const timers = this.#rounds.isOver(isWaiting) ? [] : [this.#clock.nextDueMs() ?? Infinity];
    const next = Math.min(...commands, ...timers);
    return Number.isFinite(next) ? Math.max(next, this.#clock.now()) : undefined;
  }

  #lacksData(): boolean {
    const { missing = [], missingSteps = [] } = this.#rehearsal ?? {};
    return missing.length + missingSteps.length > 0;
  }

  /** Carries out the next command whose moment has come; false when there is none. */
  async #doNext(): Promise<boolean> {
    const timed = this.#timed[0];
    if (timed !== undefined && this.#isDue(timed)) {
      this.#timed.shift();
      await this.#do(timed);
      return true;
    }
    const entry = this.#script[0];
    if (entry === undefined || !this.#isDue(entry)) return false;
    this.#script.shift();
    this.#refuseLate(entry);
    await this.#do(entry);
    this.#armed = { atMs: this.#clock.now(), place: this.#timeline.entries.length };
    return true;
  }

  /** A time that passed while the script waited for something else cannot be kept any more. */
  #refuseLate({ text, trigger }: ScriptEntry): void {
    if (trigger.kind !== "at" || START_MS + trigger.atMs >= this.#armed.atMs) return;
    const [at, armed] = [trigger.atMs / 1000, secondsOf(this.#armed.atMs)];
    throw new ScriptError(
      `"${text}" was to be done at ${at}s, but the entry before it was done at ${armed}s`,
    );
  }

  #isDue({ trigger }: ScriptEntry): boolean {
    if (trigger.kind === "at") return this.#clock.now() >= START_MS + trigger.atMs;
    const meant = this.#meant(trigger.rollout);
    // Also what came true for less than an instant, e.g. a step between two others.
    return meant.length > 0 &&
      meant.every((key) =>
        this.#timeline.since(key, this.#armed.place)
          .some((entry) => isMet(trigger.condition, entry))
      );
  }

  async #do({ text, command }: ScriptEntry): Promise<void> {
    const atSeconds = secondsOf(this.#clock.now());
    const action: Action = { atSeconds, text, entriesBefore: this.#timeline.entries.length };
    this.#actions.push(action);
    this.#rounds.forget();
    try {
      await this.#carryOut(command, action);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw new ScriptError(`at ${atSeconds}s "${text}" was refused: ${error.message}`);
    }
    this.#timeline.sampleAll({ nowMs: this.#clock.now(), why: text });
  }

  /** An answer is kept where nothing else says it. */
  async #carryOut(command: Command, action: Action): Promise<void> {
    const writesBefore = this.#userWrites;
    const { files } = this.#scenario;
    const answer = await this.#user.carryOut(command, { nowMs: this.#clock.now(), files });
    const isIdle = this.#userWrites === writesBefore;
    // `web/oldest` does not say which pod it was.
    if (answer === "" || !(isIdle || command.verb === "delete-pod")) return;
    action.answer = isIdle ? `nothing changed: ${answer}` : answer;
  }

  #failOnUnmet(): void {
    const entry = this.#script[0];
    if (entry === undefined) return;
    const { trigger, text } = entry;
    if (trigger.kind === "at") return;
    const reached = this.#meant(trigger.rollout).map((key) => this.#reachedText(key));
    const reason = reached.length > 0
      ? `"${trigger.text}" never became true (${reached.join("; ")})`
      : trigger.rollout === undefined
      ? "no rollout is left"
      : `rollout "${trigger.rollout}" not found`;
    throw new ScriptError(`${reason}, so "${text}" was not done`);
  }

  /** How a Rollout stands, and since when: `web: Paused at step 1/4 since 11.2s`. */
  #reachedText(key: string): string {
    const last = this.#timeline.lastOf(key);
    if (last === undefined) return `${key}: nothing happened`;
    const { rollout, phase, message, step, steps, atSeconds } = last;
    const place = steps === 0 ? "" : ` at step ${step}/${steps}`;
    return `${rollout}: ${phase}${
      message === "" ? "" : ` (${message})`
    }${place} since ${atSeconds}s`;
  }

  /** The keys of the Rollouts of that name, or `namespace/name`; without one, of all. */
  #meant(name: string | undefined): string[] {
    return this.#cluster.objects(ROLLOUTS)
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
      .filter((key) => name === undefined || key === name || key.endsWith(`/${name}`));
  }
}

/** The types of the objects that other controllers read. */
function typesOf({ controllers = [] }: WorldParts): ResourceType[] {
  return controllers.flatMap(({ controller }) => controller.sources.map(({ type }) => type));
}

/** What the pass tells the routers; undefined: nothing. */
function intentOf({ decision }: PassReport): TrafficIntent | undefined {
  const route = decision.effects.find((effect) => effect.kind === "route");
  return route?.kind === "route" ? route.intent as TrafficIntent : undefined;
}

/** The snapshot with the abort that the pass itself decided: its writes are part of it. */
function withAbort(world: RolloutWorld, { decision }: PassReport): RolloutWorld {
  const { rollout } = world;
  if (decision.status?.["abort"] !== true || rollout.status?.abort === true) return world;
  return { ...world, rollout: { ...rollout, status: { ...rollout.status, abort: true } } };
}

function isRefusal(error: unknown): error is Error {
  return error instanceof CommandRefused || error instanceof ApiError ||
    error instanceof ObjectRefused;
}

function atMsOf({ trigger }: ScriptEntry): number {
  return trigger.kind === "at" ? trigger.atMs : 0;
}

function secondsOf(ms: number): number {
  return (ms - START_MS) / 1000;
}
