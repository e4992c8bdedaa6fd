/**
 * Kinds that exist only here, through engine, simulation and checker: a router of gates, probes
 * whose CRD has no status subresource and that inquire, and those who answer them, or do not.
 */
import assert from "node:assert/strict";
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import {
  type Answerer,
  type CacheReader,
  type Controller,
  type Decision,
  type Inquiry,
  type Key,
  keyOfObject,
  refOfKey,
  type Registry,
  type Sight,
} from "../../../core/engine/mod.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import { EventLoop } from "../../../core/simulate/event_loop.ts";
import { parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import { createWorld, settleInstant } from "../../../core/simulate/simulated_world.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";

const GATES: ResourceType = {
  ...ROLLOUTS,
  group: "toys.example",
  version: "v1",
  plural: "gates",
  kind: "Gate",
};
const PROBES: ResourceType = { ...GATES, plural: "probes", kind: "Probe" };

function definitionOf(type: ResourceType, hasStatusSubresource: boolean): KubeObject {
  const { scale: _, ...kind } = ROLLOUT_KIND;
  const singular = type.kind.toLowerCase();
  const shortName = singular.slice(0, 2);
  return openDefinition({ ...kind, type, singular, shortName, columns: [], hasStatusSubresource });
}

function toy(type: ResourceType, name: string, spec: Readonly<Record<string, unknown>>) {
  const metadata = { name, namespace: "default" };
  return { apiVersion: `${type.group}/${type.version}`, kind: type.kind, metadata, spec };
}

/** A toy as a pass sees it. */
interface ToyWorld {
  readonly object: KubeObject;
  readonly sight: Sight;
}

function toyController(
  primary: ResourceType,
  rest: Omit<
    Controller<ToyWorld>,
    "name" | "primary" | "sources" | "observe" | "decideAfterFailure"
  >,
): Controller<ToyWorld> {
  return {
    name: primary.plural,
    primary,
    sources: [{ type: primary, wakes: (object) => [keyOfObject(object)] }],
    observe(key: Key, sight: Sight) {
      const object = objectOf(primary, key, sight.caches);
      return object === undefined ? undefined : { object, sight };
    },
    decideAfterFailure: () => ({ events: [] }),
    ...rest,
  };
}

function objectOf(type: ResourceType, key: Key, caches: CacheReader): KubeObject | undefined {
  const { namespace, name } = refOfKey(key);
  return caches.of(type).get(namespace, name);
}

function fields(object: KubeObject, part: "spec" | "status"): Readonly<Record<string, unknown>> {
  return (object[part] ?? {}) as Readonly<Record<string, unknown>>;
}

/** Says in each pass how far the gate is to be open, and leaves the rest to its router. */
const gateController = toyController(GATES, {
  decide({ object }): Decision {
    const { wanted, open = 0 } = fields(object, "spec");
    return {
      effects: [{ kind: "route", router: "gate", intent: { wanted }, seen: { object, open } }],
      status: { open },
      events: [],
      why: `the gate is open at ${open}`,
    };
  },
});

/** Opens a gate a quarter at a time. */
const gateRouter: Registry = {
  planners: new Map([["gate", {
    deadlineMs: 1_000,
    plan(intent, seen) {
      const { wanted } = intent as { wanted: number };
      const { object, open } = seen as { object: KubeObject; open: number };
      if (open === wanted) return Promise.resolve([]);
      const { name, resourceVersion = "" } = object.metadata;
      const next = Math.min(open + 25, wanted);
      return Promise.resolve([{
        verb: "patch",
        type: GATES,
        ref: { namespace: "default", name },
        patch: { type: "merge", body: { spec: { open: next } } },
        decidedOn: resourceVersion,
      }]);
    },
  }]]),
};

const MEASUREMENT: Inquiry = {
  id: "measurement",
  question: { kind: "measure", what: "errors" },
  deadlineMs: 30_000,
  maxAgeMs: Infinity,
};

/** Measures once, and says what came of it. */
const probeController = toyController(PROBES, {
  statusIn: "object",
  inquiries: (key, caches) => {
    const probe = objectOf(PROBES, key, caches);
    const isDone = probe === undefined || fields(probe, "status")["phase"] === "Done";
    return isDone ? [] : [MEASUREMENT];
  },
  decide({ object, sight }): Decision {
    const answer = sight.answers.get(MEASUREMENT.id);
    const status = answer === undefined
      ? fields(object, "status")
      : answer.state === "answered"
      ? { phase: "Done", value: answer.value }
      : answer.state === "failed"
      ? { phase: "Error", message: answer.reason }
      : { phase: "Running" };
    return { effects: [], status, events: [], why: "it is measured" };
  },
});

function answeredBy(answerer: Answerer): Registry {
  return { answerers: new Map([["measure", answerer]]) };
}

/** A clock of the machine whose turns the test takes. */
function machineClock(onTurn: (turn: number) => void): Clock {
  let turn = 0;
  return {
    now: () => turn,
    monotonic: () => turn,
    after(_delayMs, callback) {
      turn++;
      onTurn(turn);
      queueMicrotask(callback);
      return () => {};
    },
  };
}

/** A world with one probe, at rest; and how its status went. */
async function probed(registry: Registry, eventLoop?: EventLoop) {
  const world = createWorld(1, {
    registry,
    eventLoop,
    controllers: [{ controller: probeController }],
    definitions: [definitionOf(PROBES, false)],
  });
  const { clock, cluster, engine } = world;
  await cluster.client("user").create(PROBES, toy(PROBES, "errors", { of: "web" }));
  engine.start();
  const status = () => fields(cluster.objects(PROBES)[0] as KubeObject, "status");
  const until = async (ms: number) => {
    const endMs = clock.now() + ms;
    for (;;) {
      await settleInstant(world);
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      clock.advanceTo(nextMs);
    }
    clock.advanceTo(endMs);
  };
  return { clock, status, until };
}

const ROLLOUT: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "web" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "web:1" }] },
    },
    strategy: { canary: { steps: [{ setWeight: 50 }, { pause: { duration: "10s" } }] } },
  },
};

Deno.test("a toy router goes through engine, simulation and checker beside a Rollout", async () => {
  const judged: unknown[] = [];
  const outcome = await simulate({
    objects: [ROLLOUT, toy(GATES, "front", { wanted: 60 })],
    script: [],
    timed: [parseTimedCommand("10s: set image web web=web:2")],
    files: new Map(),
    untilMs: 600_000,
    seed: 1,
  }, {
    registry: gateRouter,
    definitions: [definitionOf(GATES, true)],
    controllers: [{
      controller: gateController,
      check(_world, writes) {
        for (const write of writes) {
          if (write.verb === "patch") judged.push(write.patch.body);
        }
        return writes.length === 0
          ? []
          : [{ rule: "S6", rollout: "default/front", message: "a gate moved" }];
      },
    }],
  });
  assert.deepEqual(judged, [25, 50, 60].map((open) => ({ spec: { open } })));
  assert.equal(outcome.result.violations.length, 3, "the checker's word is in the outcome");
  assert.equal(outcome.timeline.at(-1)?.phase, "Healthy", "the Rollout went its way");
});

Deno.test("a toy kind without status subresource says what was measured", async () => {
  const { status, until } = await probed(answeredBy({ answer: () => Promise.resolve(0.02) }));
  await until(0);
  assert.deepEqual(status(), { phase: "Done", value: 0.02 });
});

Deno.test("an answerer that waits for the clock answers in virtual time", async () => {
  let ring: (() => void) | undefined;
  const { clock, status, until } = await probed(answeredBy({
    waitsForClock: true,
    answer: () =>
      new Promise((resolve) => {
        ring = () => clock.after(20_000, () => resolve(0.5));
      }),
  }));
  await until(0);
  ring?.();
  await until(19_999);
  assert.deepEqual(status(), { phase: "Running" });
  await until(1);
  assert.deepEqual(status(), { phase: "Done", value: 0.5 });
});

Deno.test("an answerer that never answers is given up in virtual time, one that fails tried again", async () => {
  let tries = 0;
  const { status, until } = await probed(answeredBy({
    waitsForClock: true,
    answer() {
      tries++;
      if (tries === 1) return new Promise(() => {});
      if (tries === 2) return Promise.reject(new Error("the meter is broken"));
      return Promise.resolve(1);
    },
  }));
  await until(29_999);
  assert.deepEqual(status(), { phase: "Running" });
  await until(1);
  assert.deepEqual(status(), { phase: "Error", message: "no answer within 30000 ms" });
  await until(1_000);
  assert.deepEqual(status(), { phase: "Error", message: "the meter is broken" });
  await until(2_000);
  assert.deepEqual(status(), { phase: "Done", value: 1 });
});

Deno.test("an answer from outside comes at the same instant of virtual time", async () => {
  let answer: ((value: unknown) => void) | undefined;
  const loop = new EventLoop(machineClock((turn) => {
    if (turn === 50) answer?.("from a worker");
  }));
  const answerer: Answerer = { answer: () => new Promise((resolve) => (answer = resolve)) };
  const { clock, status, until } = await probed(answeredBy(answerer), loop);
  const startMs = clock.now();
  await until(0);
  assert.deepEqual(status(), { phase: "Done", value: "from a worker" });
  assert.equal(clock.now(), startMs);
});

Deno.test("what never comes from outside is waited for once, and then left to its deadline", async () => {
  let turns = 0;
  const loop = new EventLoop(machineClock(() => turns++), 100);
  const { status, until } = await probed(
    answeredBy({ answer: () => new Promise(() => {}) }),
    loop,
  );
  await until(29_999);
  assert.deepEqual(status(), { phase: "Running" });
  assert.equal(turns, 100);
  await until(1);
  assert.deepEqual(status(), { phase: "Error", message: "no answer within 30000 ms" });
});

Deno.test("without an event loop, what never comes from outside is a fault that is told", async () => {
  const { until } = await probed(answeredBy({ answer: () => new Promise(() => {}) }));
  await assert.rejects(until(0), /waits for what never comes/);
});
