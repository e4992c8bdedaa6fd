/** A restart whose evictions come to nothing, on a cluster whose answers take their time. */
import assert from "node:assert/strict";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { EVENT_SOURCE } from "../../../core/api/names/names.ts";
import { PODS, REPLICA_SETS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { Engine, EventRecorder } from "../../../core/engine/mod.ts";
import { ApiError } from "../../../core/ports/api_error.ts";
import type { Cluster } from "../../../core/ports/cluster.ts";
import { silentLog as log } from "../../../core/ports/log.ts";
import { RolloutController } from "../../../core/rollout/mod.ts";
import { parseCommand } from "../../../core/simulate/command_text.ts";
import { START_MS } from "../../../core/simulate/mod.ts";
import { User } from "../../../core/simulate/user.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { turns } from "../engine/virtual_time.ts";
import { canaryOf, scenarioOf } from "./random_script.ts";

const ANSWER_MS = 20;
const MINUTE_MS = 60_000;
/** What a stuck Rollout may ask of a cluster in a minute. */
const WRITES_MAX = 20;
const LISTS_MAX = 60;

/** How the cluster takes evictions; `undefined`: as if it had carried them out. */
type Manner = { readonly code: number; readonly reason: string } | undefined;

class SlowWorld {
  readonly clock = new VirtualClock(START_MS);
  readonly cluster: EmbeddedCluster;
  readonly engine: Engine;
  /** When evictions were tried, and when pods were listed. */
  readonly evictedAtMs: number[] = [];
  readonly evicted = new Set<string>();
  readonly listedAtMs: number[] = [];
  #manner: { readonly of: Manner } | undefined;

  constructor() {
    const { clock } = this;
    this.cluster = new EmbeddedCluster({
      clock,
      housekeepingClock: clock.background,
      random: seededRandom(1),
      customResources: [openDefinition(ROLLOUT_KIND)],
    });
    const ports = { cluster: this.#client(), clock, log };
    const recorder = new EventRecorder({ ...ports, component: EVENT_SOURCE });
    this.engine = new Engine({ ...ports, recorder, retryClock: clock.background });
    this.engine.add(new RolloutController());
  }

  /** From now on evictions are taken like that. */
  takeEvictions(manner: Manner): void {
    this.#manner = { of: manner };
  }

  healEvictions(): void {
    this.#manner = undefined;
  }

  get rollout(): Rollout {
    return this.cluster.objects(ROLLOUTS)[0] as Rollout;
  }

  async advance(byMs: number): Promise<void> {
    const endMs = this.clock.now() + byMs;
    await this.#settle();
    for (;;) {
      const dueMs = this.clock.nextDueMs();
      if (dueMs === undefined || dueMs > endMs) break;
      this.clock.advanceTo(dueMs);
      await this.#settle();
    }
    this.clock.advanceTo(endMs);
  }

  async #settle(): Promise<void> {
    do {
      await turns();
      this.cluster.settle();
      await turns();
    } while (this.clock.runDue());
  }

  #client(): Cluster {
    const inner = this.cluster.client("sluice");
    const { clock } = this;
    const answered = () => new Promise<void>((resolve) => void clock.after(ANSWER_MS, resolve));
    return {
      get: (type, ref) => inner.get(type, ref),
      watch: (type, options, sink) => inner.watch(type, options, sink),
      update: (type, object, options) => inner.update(type, object, options),
      patch: (type, ref, patch, options) => inner.patch(type, ref, patch, options),
      delete: (type, ref, options) => inner.delete(type, ref, options),
      list: async (type, selection) => {
        if (type.plural !== PODS.plural) return await inner.list(type, selection);
        this.listedAtMs.push(clock.now());
        await answered();
        return await inner.list(type, selection);
      },
      create: async (type, object, options) => {
        if (options?.subresource !== "eviction") return await inner.create(type, object, options);
        this.evictedAtMs.push(clock.now());
        this.evicted.add(object.metadata.name);
        if (this.#manner === undefined) return await inner.create(type, object, options);
        const { of } = this.#manner;
        if (of === undefined) return object;
        throw new ApiError({ ...of, message: `evictions end in ${of.reason}` });
      },
    };
  }
}

/** The most in any minute. */
function mostPerMinute(atMs: readonly number[]): number {
  const counts = atMs.map((from) =>
    atMs.filter((ms) => ms >= from && ms < from + MINUTE_MS).length
  );
  return Math.max(0, ...counts);
}

const MANNERS: Readonly<Record<string, Manner>> = {
  "are a bad request": { code: 400, reason: "BadRequest" },
  "are forbidden": { code: 403, reason: "Forbidden" },
  "find nothing": { code: 404, reason: "NotFound" },
  "end in a conflict": { code: 409, reason: "Conflict" },
  "are forbidden by a budget": { code: 429, reason: "TooManyRequests" },
  "end in an internal error": { code: 500, reason: "InternalError" },
  "meet a busy server": { code: 503, reason: "ServiceUnavailable" },
  "are accepted and not carried out": undefined,
};

/** A Rollout at rest whose pods are to be restarted, with evictions taken like that. */
async function restartWith(manner: Manner, replicas = 4): Promise<SlowWorld> {
  const world = new SlowWorld();
  const user = new User(world.cluster);
  const { objects, files } = scenarioOf({
    strategy: canaryOf({ steps: [] }),
    spec: { replicas },
  }, []);
  await user.applyAll(objects);
  world.engine.start();
  await world.advance(10_000);
  assert.equal(world.rollout.status?.phase, "Healthy");
  world.takeEvictions(manner);
  await user.carryOut(parseCommand("restart web"), { nowMs: world.clock.now(), files });
  return world;
}

function assertFewEvictions({ evictedAtMs }: SlowWorld): void {
  assert.ok(evictedAtMs.length > 0);
  const evictions = mostPerMinute(evictedAtMs);
  assert.ok(evictions <= WRITES_MAX, `${evictions} evictions in a minute`);
}

function assertFewLists({ listedAtMs }: SlowWorld): void {
  const lists = mostPerMinute(listedAtMs);
  assert.ok(lists <= LISTS_MAX, `${lists} lists of pods in a minute`);
}

for (const [what, manner] of Object.entries(MANNERS)) {
  Deno.test(`a restart whose evictions ${what} asks the cluster ever more rarely`, async () => {
    const world = await restartWith(manner);
    await world.advance(10 * MINUTE_MS);
    assertFewEvictions(world);
    assertFewLists(world);
    world.healEvictions();
    await world.advance(5 * MINUTE_MS);
    const { status, spec } = world.rollout;
    assert.equal(status?.restartedAt, spec.restartAt, "it comes to its end once it may");
    world.engine.stop();
  });

  Deno.test(`evictions that ${what} are no more where the world is busy`, async () => {
    const world = await restartWith(manner);
    const client = world.cluster.client("somebody");
    for (let second = 0; second < 300; second++) {
      for (const { metadata } of world.cluster.objects(REPLICA_SETS)) {
        const body = { metadata: { annotations: { second: String(second) } } };
        await client.patch(REPLICA_SETS, metadata, { type: "merge", body });
      }
      await world.advance(1_000);
    }
    assertFewEvictions(world);
    world.engine.stop();
  });
}

for (const what of ["find nothing", "end in a conflict", "are forbidden by a budget"]) {
  Deno.test(`of 80 pods whose evictions ${what} few are tried at a time, and each has its turn`, async () => {
    const world = await restartWith(MANNERS[what], 80);
    await world.advance(10 * MINUTE_MS);
    assertFewEvictions(world);
    assert.equal(world.evicted.size, 20, "all that may be missing");
    world.healEvictions();
    await world.advance(10 * MINUTE_MS);
    const { status, spec } = world.rollout;
    assert.equal(status?.restartedAt, spec.restartAt);
    world.engine.stop();
  });
}
