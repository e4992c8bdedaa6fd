/** Runs a scenario on an embedded cluster with a virtual clock: same scenario, same outcome. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { rolloutCrd } from "../api/crd.ts";
import { EVENT_SOURCE } from "../api/names.ts";
import { apiVersionOf, EVENTS, findResourceType, NAMESPACES, ROLLOUTS } from "../api/resources.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../cluster/embedded/mod.ts";
import { apply, CommandRefused, pause, promote, scale, setImage } from "../command/mod.ts";
import { Engine, EventRecorder } from "../engine/mod.ts";
import { ApiError } from "../ports/api_error.ts";
import type { Cluster } from "../ports/cluster.ts";
import { silentLog } from "../ports/log.ts";
import { RolloutController, type RolloutWorld } from "../rollout/mod.ts";
import { checkPass, type Violation } from "./checker.ts";
import type { Command } from "./command_text.ts";
import { isMet } from "./condition.ts";
import {
  type Action,
  type EventEntry,
  type Outcome,
  outcomeOf,
  type WriteCounts,
} from "./outcome.ts";
import { type Scenario, START_MS } from "./scenario.ts";
import type { ScriptEntry } from "./script.ts";
import { ScriptError } from "./script_error.ts";
import { settleInstant, type SimulatedWorld } from "./simulated_world.ts";
import { Timeline } from "./timeline.ts";

const CONTROLLER = "sluice";
const USER = "user";

/** What a run may be watched by, e.g. to draw it live. */
export interface Watcher {
  /** Called whenever time is about to pass; everything at this instant has happened. */
  onInstant?(
    view: { cluster: EmbeddedCluster; nowMs: number; outcome: () => Outcome },
  ): Promise<void>;
}

/** @throws {ScriptError} when a command is refused, or a `when` is never met. */
export async function simulate(scenario: Scenario, watcher: Watcher = {}): Promise<Outcome> {
  const run = new Run(scenario);
  await run.start();
  await run.toEnd(watcher);
  return run.outcome();
}

class Run {
  readonly #scenario: Scenario;
  readonly #clock = new VirtualClock(START_MS);
  readonly #cluster: EmbeddedCluster;
  readonly #user: Cluster;
  readonly #world: SimulatedWorld;
  readonly #timeline: Timeline;
  readonly #events: EventEntry[] = [];
  readonly #actions: Action[] = [];
  readonly #violations: Violation[] = [];
  readonly #writes: WriteCounts = { total: 0, byResource: {} };
  readonly #script: ScriptEntry[];
  readonly #timed: ScriptEntry[];

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    const clock = this.#clock;
    const random = seededRandom(scenario.seed);
    this.#cluster = new EmbeddedCluster({
      clock,
      housekeepingClock: clock.background,
      random,
      customResources: [rolloutCrd() as unknown as KubeObject],
    });
    this.#user = this.#cluster.client(USER);
    this.#timeline = new Timeline(this.#cluster, { startMs: START_MS });
    this.#script = [...scenario.script];
    this.#timed = [...scenario.timed].sort((a, b) => atMsOf(a) - atMsOf(b));
    const cluster = this.#cluster.client(CONTROLLER);
    const log = silentLog;
    const recorder = new EventRecorder({ cluster, clock, log, component: EVENT_SOURCE });
    const engine = new Engine({ cluster, clock, log, recorder });
    engine.add(new RolloutController());
    this.#world = { clock, cluster: this.#cluster, engine };
    recorder.onRecord(({ object, type, reason, message, atMs }) => {
      const about = `${object.kind.toLowerCase()}/${object.metadata.name}`;
      this.#events.push({ atSeconds: secondsOf(atMs), reason, type, message, object: about });
    });
    engine.onPass(({ world, decision, key }) => {
      this.#violations.push(...checkPass(world as RolloutWorld, decision.effects));
      this.#timeline.sample(clock.now(), decision.why, key);
    });
    this.#countWrites();
  }

  #countWrites(): void {
    this.#cluster.onWrite(({ userAgent, type, subresource }) => {
      if (userAgent !== CONTROLLER || type.plural === EVENTS.plural) return;
      const name = subresource === undefined ? type.plural : `${type.plural}/${subresource}`;
      this.#writes.total++;
      this.#writes.byResource[name] = (this.#writes.byResource[name] ?? 0) + 1;
    });
  }

  async start(): Promise<void> {
    await this.#apply(this.#scenario.objects);
    this.#world.engine.start();
  }

  async toEnd(watcher: Watcher): Promise<void> {
    const endMs = START_MS + this.#scenario.untilMs;
    for (;;) {
      await settleInstant(this.#world);
      this.#timeline.sample(this.#clock.now(), "pods came, went or became ready");
      if (await this.#doNext()) continue;
      const nowMs = this.#clock.now();
      await watcher.onInstant?.({
        cluster: this.#cluster,
        nowMs,
        outcome: () => this.outcome(),
      });
      const nextMs = this.#nextMs();
      if (nextMs === undefined || nextMs > endMs) break;
      this.#clock.advanceTo(nextMs);
    }
    this.#failOnUnmet();
  }

  outcome(): Outcome {
    return outcomeOf({
      cluster: this.#cluster,
      timeline: this.#timeline,
      events: this.#events,
      actions: this.#actions,
      violations: this.#violations,
      writes: this.#writes,
      nowMs: this.#clock.now(),
    });
  }

  /** When something happens next; undefined when nothing will. */
  #nextMs(): number | undefined {
    const commands = [this.#script[0], this.#timed[0]]
      .flatMap((entry) => entry?.trigger.kind === "at" ? [START_MS + entry.trigger.atMs] : []);
    const isQuiet = !this.#clock.hasForegroundTimers();
    // Housekeeping of the cluster goes on for ever, and changes nothing by itself.
    const timers = isQuiet ? [] : [this.#clock.nextDueMs() ?? Infinity];
    const next = Math.min(...commands, ...timers);
    return Number.isFinite(next) ? Math.max(next, this.#clock.now()) : undefined;
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
    await this.#do(entry);
    return true;
  }

  #isDue({ trigger }: ScriptEntry): boolean {
    if (trigger.kind === "at") return this.#clock.now() >= START_MS + trigger.atMs;
    const candidates = this.#cluster.objects(ROLLOUTS)
      .filter(({ metadata }) => trigger.rollout === undefined || metadata.name === trigger.rollout);
    return candidates.length > 0 && candidates.every(({ metadata }) => {
      const entry = this.#timeline.lastOf(`${metadata.namespace}/${metadata.name}`);
      return entry !== undefined && isMet(trigger.condition, entry);
    });
  }

  async #do({ text, command }: ScriptEntry): Promise<void> {
    const atSeconds = secondsOf(this.#clock.now());
    this.#actions.push({ atSeconds, text });
    try {
      await this.#carryOut(command);
    } catch (error) {
      if (!(error instanceof CommandRefused || error instanceof ApiError)) throw error;
      throw new ScriptError(`at ${atSeconds}s "${text}" was refused: ${error.message}`);
    }
    this.#timeline.sample(this.#clock.now(), text);
  }

  async #carryOut(command: Command): Promise<void> {
    switch (command.verb) {
      case "fail-image":
        return this.#cluster.failImage(command.image);
      case "pod-start":
        return this.#cluster.setPodStart(command.delayMs);
      case "apply":
        return await this.#apply(this.#scenario.files.get(command.file) ?? []);
    }
    const target = this.#targetOf(command.rollout);
    switch (command.verb) {
      case "set image":
        await setImage(this.#user, target, command);
        break;
      case "promote":
        await promote(this.#user, target, command);
        break;
      case "pause":
        await pause(this.#user, target);
        break;
      case "scale":
        await scale(this.#user, target, command);
        break;
    }
  }

  /** The Rollout of that name, wherever it is. */
  #targetOf(name: string): { namespace: string; name: string } {
    const found = this.#cluster.objects(ROLLOUTS).filter(({ metadata }) => metadata.name === name);
    const namespaces = found.map(({ metadata }) => metadata.namespace ?? "");
    if (namespaces.length > 1) {
      throw new CommandRefused(
        `there is a rollout "${name}" in each of the namespaces ${namespaces.join(", ")}`,
      );
    }
    return { namespace: namespaces[0] ?? "default", name };
  }

  async #apply(objects: readonly KubeObject[]): Promise<void> {
    for (const object of objects) {
      const type = findResourceType(object);
      if (type === undefined) continue;
      if (!type.namespaced) {
        await apply(this.#user, type, object);
        continue;
      }
      const namespace = object.metadata.namespace ?? "default";
      await this.#ensureNamespace(namespace);
      const metadata = { ...object.metadata, namespace };
      await apply(this.#user, type, { ...object, metadata });
    }
  }

  async #ensureNamespace(name: string): Promise<void> {
    const present = this.#cluster.objects(NAMESPACES);
    if (present.some(({ metadata }) => metadata.name === name)) return;
    const apiVersion = apiVersionOf(NAMESPACES);
    await this.#user.create(NAMESPACES, { apiVersion, kind: "Namespace", metadata: { name } });
  }

  #failOnUnmet(): void {
    const entry = this.#script[0];
    if (entry === undefined) return;
    const { trigger, text } = entry;
    throw new ScriptError(
      trigger.kind === "at"
        ? `"${text}" was to be done after the end of the simulation`
        : `"${trigger.text}" never came true, so "${text}" was not done`,
    );
  }
}

function atMsOf({ trigger }: ScriptEntry): number {
  return trigger.kind === "at" ? trigger.atMs : 0;
}

function secondsOf(ms: number): number {
  return (ms - START_MS) / 1000;
}
