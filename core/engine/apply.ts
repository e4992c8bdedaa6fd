/**
 * The only place that acts: carries out the effects of a pass in order and stops at the first that
 * fails. A route is turned into writes here, and they are carried out as any others.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { EventDraft, Write as WireWrite } from "../../sdk/wire/write.ts";
import { withDeadline } from "./deadline.ts";
import type { Effect, Failure, RouteEffect } from "./effect.ts";
import type { Key } from "./key.ts";
import { isStale, noticing } from "./refusal.ts";
import type { Registry } from "./registry.ts";
import { statementOf } from "./statement.ts";
import {
  carryOut,
  fruitlessOf,
  lookAgain,
  NoEffectError,
  type Versions,
  versionsOf,
  type WritePorts,
} from "./write.ts";

/** What apply acts on. */
export interface ApplyPorts extends WritePorts {
  readonly registry: Registry;
}

/** What a route became. */
export interface PlannedRoute {
  readonly effect: RouteEffect;
  /** In the order in which they are carried out; none when the route is what it should be. */
  readonly writes: readonly WireWrite[];
}

/** How far it came. */
export interface Applied {
  /** Effects that came true, in order. */
  readonly done: readonly Effect[];
  /** What to record of them, in order; of a route that failed, of the writes that came true. */
  readonly events: readonly EventDraft[];
  /** How many writes came true. */
  readonly writes: number;
  /** Writes after which the object was what it had been: looking again at once would loop. */
  readonly withoutEffect: number;
  /** Evictions that a budget does not allow now, and patches that we may not make: `pod a: why`. */
  readonly forbidden: readonly string[];
  readonly routes: readonly PlannedRoute[];
  /** The effect that failed, or had no effect; those after it were not tried. */
  readonly failure?: Failure;
}

/**
 * Carries out the effects of one pass over `primary`; to be called in the turn in which they were
 * decided.
 */
export async function applyEffects(
  key: Key,
  effects: readonly Effect[],
  ports: ApplyPorts,
  primary?: KubeObject,
): Promise<Applied> {
  const versions = versionsOf(effects.filter((effect) => effect.kind === "write"), ports.caches);
  const run = new Run({ key, primary, versions }, ports);
  ports.damping.begin(key);
  const done: Effect[] = [];
  for (const effect of inTurn(key, effects, ports)) {
    try {
      if (await run.carryOut(effect)) done.push(effect);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const { write } = run;
      if (write !== undefined && isStale(error)) await lookAgain(write.type, write.ref, ports);
      const withoutEffect = error instanceof NoEffectError ? 1 : 0;
      const isPlanned = write !== undefined && effect.kind === "route";
      const failure = { effect, error, ...(isPlanned ? { write } : {}) };
      return { done, withoutEffect, ...run.outcome, failure };
    }
  }
  return { done, withoutEffect: 0, ...run.outcome };
}

/** Evictions that were not refused yet, or longest ago, come first: each pod has its turn. */
function inTurn(key: Key, effects: readonly Effect[], { damping }: ApplyPorts): readonly Effect[] {
  const evictions = effects.filter((effect) => effect.kind === "write" && effect.verb === "evict");
  if (evictions.length < 2) return effects;
  const atMs = new Map<Effect, number>();
  for (const effect of evictions) {
    if (effect.kind === "write") atMs.set(effect, damping.refusedAtMs(key, statementOf(effect)));
  }
  const turnOf = (effect: Effect) => atMs.get(effect) ?? 0;
  const turns = evictions.sort((one, other) => turnOf(one) - turnOf(other));
  let turn = 0;
  return effects.map((effect) => atMs.has(effect) ? turns[turn++] ?? effect : effect);
}

/** The effects of one pass being carried out. */
class Run {
  readonly #key: Key;
  readonly #primary: KubeObject | undefined;
  readonly #versions: Versions;
  readonly #ports: ApplyPorts;
  #writes = 0;
  readonly #events: EventDraft[] = [];
  readonly #forbidden: string[] = [];
  readonly #routes: PlannedRoute[] = [];
  /** The write being carried out. */
  write: WireWrite | undefined;

  constructor(
    { key, primary, versions }: {
      key: Key;
      primary: KubeObject | undefined;
      versions: Versions;
    },
    ports: ApplyPorts,
  ) {
    this.#key = key;
    this.#primary = primary;
    this.#versions = versions;
    this.#ports = ports;
  }

  get outcome(): Pick<Applied, "writes" | "events" | "forbidden" | "routes"> {
    return {
      writes: this.#writes,
      events: this.#events,
      forbidden: this.#forbidden,
      routes: this.#routes,
    };
  }

  /** False when it did not come true, and need not. */
  async carryOut(effect: Effect): Promise<boolean> {
    this.write = undefined;
    switch (effect.kind) {
      case "write":
        return await this.#write(effect);
      case "route": {
        const writes = await planRoute(effect, this.#ports);
        this.#routes.push({ effect, writes });
        for (const [id, version] of versionsOf(writes, this.#ports.caches)) {
          if (!this.#versions.has(id)) this.#versions.set(id, version);
        }
        let isDone = true;
        for (const write of writes) {
          isDone = await this.#write(write, effect.outside) && isDone;
        }
        if (isDone) this.#events.push(...effect.events ?? []);
        return isDone;
      }
    }
  }

  async #write(write: WireWrite, outside?: string): Promise<boolean> {
    this.write = write;
    const [key, ports, versions] = [this.#key, this.#ports, this.#versions];
    const statement = statementOf(write);
    const present = ports.caches.storeOf(write.type)?.get(write.ref.namespace, write.ref.name);
    const grounds = { present, primary: this.#primary, outside };
    if (write.verb === "evict" && ports.damping.isFruitless(key)) return false;
    try {
      ports.damping.check(key, statement, grounds);
      ports.fence?.check();
      await noticing(
        (error) => {
          ports.damping.noteRefusal(key, statement, { error, ...grounds });
          const isFruitless = fruitlessOf(write, error) !== undefined;
          if (isFruitless && write.verb === "evict") ports.damping.noteFruitless(key);
        },
        () => carryOut(key, write, { ports, versions }),
      );
    } catch (error) {
      const fruitless = fruitlessOf(write, error);
      if (fruitless === undefined) throw error;
      if (fruitless !== "needless") this.#forbidden.push(fruitless.forbidden);
      return false;
    }
    ports.damping.note(key, statement, grounds);
    this.#writes++;
    this.#events.push(...write.events ?? []);
    return true;
  }
}

/** Asks the router what to write for an intent. */
async function planRoute(
  { router, intent, seen }: RouteEffect,
  { clock, registry }: ApplyPorts,
): Promise<readonly WireWrite[]> {
  const planner = registry.planners?.get(router);
  if (planner === undefined) {
    throw new Error(`Cannot route by "${router}": no router of that name is registered`);
  }
  const { deadlineMs } = planner;
  return await withDeadline((signal) => planner.plan(intent, seen, signal), {
    clock,
    deadlineMs,
    what: `plan of router "${router}"`,
  });
}
