/** A Rollout with step plugins, carried out by controllers that are killed and disturbed. */
import type { KubeObject } from "../../../../sdk/api/object.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import { NO_PLUGINS } from "../../../../sdk/registry.ts";
import type { StepAnswer, StepCall, StepPlugin } from "../../../../sdk/step_plugin.ts";
import { EVENTS, ROLLOUTS } from "../../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../../core/api/schema/open_definition.ts";
import {
  EmbeddedCluster,
  seededRandom,
  VirtualClock,
} from "../../../../core/cluster/embedded/mod.ts";
import { Engine, EventRecorder } from "../../../../core/engine/mod.ts";
import { type Cluster, UnreachableError } from "../../../../core/ports/mod.ts";
import { silentLog as log } from "../../../../core/ports/log.ts";
import { rolloutControllers, STEP_PLUGIN, stepAnswerer } from "../../../../core/rollout/mod.ts";
import { entriesIn, type StepEntry } from "../../../../core/rollout/step_plugins/entries.ts";
import { simulatedStepPorts } from "../../../../core/simulate/routed_kinds.ts";
import { analysisDefinitions } from "../../../../core/simulate/simulated_analysis.ts";
import { settleInstant } from "../../../../core/simulate/simulated_world.ts";

const REF = { namespace: "default", name: "shop" };
const START_MS = Date.parse("2030-01-01T00:00:00Z");

/** What each plugin answers: `R` goes on, `S` and `F` end, `E` is thrown; the last one again. */
export type Letters = Readonly<Record<string, string>>;

/** The end of a process: at its n-th write, which may have come true already. */
export interface Death {
  readonly write: number;
  readonly isDone: boolean;
}

interface Life {
  isOver: boolean;
  writes: number;
}

export class DisturbedSteps {
  readonly clock = new VirtualClock(START_MS);
  readonly cluster: EmbeddedCluster;
  readonly problems: string[] = [];
  /** Processes that were killed at a write. */
  deaths = 0;
  /** Calls by `step operation number`, how often each. */
  readonly calls = new Map<string, number>();
  readonly #letters: Letters;
  #death: Death | undefined;
  #life: Life = { isOver: false, writes: 0 };
  #engine: Engine | undefined;
  #before: readonly StepEntry[] = [];

  constructor(letters: Letters) {
    this.#letters = letters;
    this.cluster = new EmbeddedCluster({
      clock: this.clock,
      housekeepingClock: this.clock.background,
      random: seededRandom(1),
      customResources: [openDefinition(ROLLOUT_KIND), ...analysisDefinitions()],
    });
    this.cluster.onWrite(({ type, after }) => {
      if (type.plural === ROLLOUTS.plural) this.#note(after as Rollout | undefined);
    });
  }

  get rollout(): Rollout {
    return this.cluster.objects(ROLLOUTS)[0] as Rollout;
  }

  get entries(): readonly StepEntry[] {
    return entriesIn(this.rollout.status ?? {});
  }

  /** Two pods of version 1; steps run the plugins `a` and `b`, with a weight between them. */
  async create(): Promise<void> {
    const labels = { app: "shop" };
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: "main", image: "shop:1" }] },
    };
    const steps = [{ plugin: { name: "test/a" } }, { setWeight: 50 }, {
      plugin: { name: "test/b" },
    }];
    const rollout = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: REF,
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        strategy: { canary: { steps } },
        template,
      },
    };
    await this.cluster.client("user").create(ROLLOUTS, rollout as KubeObject);
  }

  async patch(body: Record<string, unknown>, subresource?: "status"): Promise<void> {
    const options = subresource === undefined ? {} : { subresource };
    await this.cluster.client("user").patch(ROLLOUTS, REF, { type: "merge", body }, options);
  }

  async update(): Promise<void> {
    const image = { spec: { containers: [{ name: "main", image: "shop:2" }] } };
    await this.patch({ spec: { template: image } });
  }

  /** Ends the process, if there is one, and starts another. */
  restart(death?: Death): void {
    this.#end();
    this.#death = death;
    const life = { isOver: false, writes: 0 };
    this.#life = life;
    const cluster = this.#mortal(this.cluster.client("sluice"), life);
    const { clock } = this;
    const recorder = new EventRecorder({ cluster, clock, log, component: "sluice" });
    const stepPlugins = ["a", "b"].map((letter) => this.#plugin(letter));
    const plugins = { ...NO_PLUGINS, stepPlugins };
    const answerer = stepAnswerer({ plugins, ports: simulatedStepPorts(clock) });
    const engine = new Engine({
      cluster,
      clock,
      log,
      recorder,
      retryClock: clock.background,
      registry: { answerers: new Map([[STEP_PLUGIN, answerer]]) },
    });
    for (const controller of rolloutControllers(plugins)) engine.add(controller);
    engine.start();
    this.#engine = engine;
  }

  async settle(): Promise<void> {
    const { clock, cluster } = this;
    for (let engine = this.#engine; engine !== undefined; engine = this.#engine) {
      const life = this.#life;
      // Nothing of a dead process is waited for.
      const alive = {
        get running() {
          return life.isOver ? 0 : engine.running;
        },
        get waitingForClock() {
          return life.isOver ? 0 : engine.waitingForClock;
        },
      };
      await settleInstant({ clock, cluster, engine: alive as Engine });
      if (!this.#life.isOver) return;
      this.deaths++;
      this.restart();
    }
  }

  async advance(ms: number): Promise<void> {
    const endMs = this.clock.now() + ms;
    for (;;) {
      await this.settle();
      const nextMs = this.clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      this.clock.advanceTo(nextMs);
    }
    this.clock.advanceTo(endMs);
    await this.settle();
  }

  #end(): void {
    this.#life.isOver = true;
    this.#engine?.stop();
  }

  #mortal(cluster: Cluster, life: Life): Cluster {
    const write = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
      if (life.isOver) throw new UnreachableError("killed");
      life.writes++;
      const death = this.#death;
      const isLast = death !== undefined && death.write === life.writes;
      if (isLast && !death.isDone) this.#end();
      if (life.isOver) throw new UnreachableError("killed");
      const answer = await act();
      if (!isLast) return answer;
      this.#end();
      throw new UnreachableError("killed");
    };
    return {
      get: (...args) => cluster.get(...args),
      list: (...args) => cluster.list(...args),
      watch: (...args) => cluster.watch(...args),
      // Events are no state: a death beside them is one beside the next write.
      create: (type, ...args) =>
        type === EVENTS
          ? cluster.create(type, ...args)
          : write(() => cluster.create(type, ...args)),
      update: (...args) => write(() => cluster.update(...args)),
      delete: (...args) => write(() => cluster.delete(...args)),
      patch: (...args) => write(() => cluster.patch(...args)),
    };
  }

  /** What is recorded of a run only grows, by one at a time; an ended one stays as it is. */
  #note(rollout: Rollout | undefined): void {
    const entries = entriesIn(rollout?.status ?? {});
    for (const entry of entries) {
      const before = this.#before.find((one) => nameOf(one) === nameOf(entry));
      const [now = 0, then = 0] = [entry.executions, before?.executions];
      if (now < then || now > then + 1) {
        this.problems.push(`${nameOf(entry)}: ${then} executions, then ${now}`);
      }
      if (before?.finishedAt !== undefined && JSON.stringify(before) !== JSON.stringify(entry)) {
        this.problems.push(`${nameOf(entry)} was over, and has changed`);
      }
    }
    this.#before = entries;
  }

  #plugin(letter: string): StepPlugin {
    const called = (operation: string) => (call: StepCall) => this.#answer(letter, operation, call);
    return {
      name: `test/${letter}`,
      run: called("Run"),
      terminate: called("Terminate"),
      abort: called("Abort"),
    };
  }

  #answer(
    letter: string,
    operation: string,
    { id, stepIndex, step }: StepCall,
  ): Promise<StepAnswer> {
    const number = Number(id.split("/").at(-1));
    const key = `${step} ${operation} ${number}`;
    this.calls.set(key, (this.calls.get(key) ?? 0) + 1);
    const present = this.#before.find((entry) =>
      entry.index === stepIndex && entry.operation === operation
    );
    if (present === undefined) this.problems.push(`${key}: called before it was recorded`);
    const recorded = present?.executions ?? 0;
    if (number !== recorded + 1) this.problems.push(`${key}: ${recorded} are recorded`);
    if (operation !== "Run") return Promise.resolve({ phase: "Successful" });
    const letters = this.#letters[letter] ?? "S";
    switch (letters[Math.min(number, letters.length) - 1]) {
      case "R":
        return Promise.resolve({ phase: "Running", status: { looks: number } });
      case "F":
        return Promise.resolve({ phase: "Failed" });
      case "E":
        return Promise.reject(new Error("away"));
      default:
        return Promise.resolve({ phase: "Successful" });
    }
  }
}

function nameOf({ index, operation, startedAt }: StepEntry): string {
  return `${index} ${operation} ${startedAt}`;
}

/** What was asked of plugins and came of it, without times. */
export function outcomeOf({ rollout, entries }: DisturbedSteps): unknown {
  const { phase, currentStepIndex, abort = false } = rollout.status ?? {};
  const told = entries.map(({ index, operation, phase: is, executions }) =>
    `${index} ${operation} ${is} ${executions}`
  );
  return { phase, currentStepIndex, abort, told };
}
