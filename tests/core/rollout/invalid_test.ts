/** An abort of a Rollout that is invalid. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { decide, type RolloutWorld } from "../../../core/rollout/mod.ts";
import { hashOf } from "../../../core/sets/mod.ts";
import { type Health, runUntilSettled } from "./cluster_model.ts";
import { writesIn } from "./verdict_text.ts";
import { deepFreeze, worldOf, type WorldShape } from "./world.ts";

const ABORTED = { abort: true, abortedAt: "2026-03-01T11:59:59Z" };
const MISSING = 'spec.strategy.canary.canaryService: Invalid value: "web-canary": ' +
  'service "web-canary" not found';

const sizes = ({ replicaSets }: RolloutWorld) =>
  Object.fromEntries(replicaSets.map((set) => [hashOf(set), set.spec.replicas]));

const selected = ({ services }: RolloutWorld, name: string) =>
  services.get(name)?.spec?.selector?.["rollouts-pod-template-hash"];

/** A canary in mid-update whose canary Service is gone. */
const updating = (shape: WorldShape = {}) =>
  worldOf({
    steps: [{ setWeight: 40 }, { pause: {} }],
    canary: { canaryService: "web-canary", stableService: "web-stable" },
    services: { "web-stable": { selects: "bbb" } },
    stable: { hash: "aaa", size: 3 },
    next: { hash: "bbb", size: 2 },
    invalid: MISSING,
    ...shape,
  });

/** Waits, with the abort's status, until nothing moves. */
function settled(world: RolloutWorld, health?: Health): RolloutWorld {
  return runUntilSettled(world, health === undefined ? {} : { health }).world;
}

Deno.test("an abort of an invalid Rollout brings pods and users back to stable", () => {
  const start = updating({ status: { abort: true } });
  assert.ok(decide(start).events.some(({ reason }) => reason === "RolloutAborted"));
  const { world } = runUntilSettled(start);
  assert.deepEqual(sizes(world), { aaa: 5, bbb: 0 });
  assert.equal(selected(world, "web-stable"), "aaa");
  const { status } = world.rollout;
  assert.equal(status?.phase, "Degraded");
  assert.equal(status?.message, `InvalidSpec: The Rollout "web" is invalid: ${MISSING}`);
  assert.equal(status?.abortedAt, "2026-03-01T12:00:00Z");
  const reasons = status?.conditions?.map(({ type, reason }) => `${type} ${reason}`) ?? [];
  assert.ok(reasons.includes("Progressing RolloutAborted"), reasons.join());
  assert.equal(reasons.filter((text) => text === "InvalidSpec InvalidSpec").length, 1);
});

Deno.test("an abort of an invalid blue-green brings users back, and its preview goes in its delay", () => {
  const world = settled(updating({
    blueGreen: { activeService: "web", previewService: "next" },
    services: { web: { selects: "bbb" } },
    stable: { hash: "aaa", size: 5 },
    next: { hash: "bbb", size: 5 },
    status: { abort: true },
  }));
  assert.equal(selected(world, "web"), "aaa");
  const deadline = world.nextSet?.metadata.annotations?.["scale-down-deadline"];
  assert.equal(deadline, "2026-03-01T12:00:30Z");
});

Deno.test("an abort takes back what the status is about, though the template is another now", () => {
  const invalid = "spec.template.spec.containers: Required value";
  const status = { ...ABORTED, currentPodHash: "bbb" };
  const world = settled(updating({ templateHash: "ccc", invalid, status }));
  assert.deepEqual(sizes(world), { aaa: 5, bbb: 0 });
  assert.equal(world.rollout.status?.currentPodHash, "bbb");
});

Deno.test("an invalid Rollout that is not aborted, or has nothing to abort, is left alone", () => {
  const rows: [string, RolloutWorld][] = [
    ["it is not aborted", updating()],
    [
      "the present template is stable",
      updating({
        stable: undefined as never,
        next: { hash: "aaa", size: 3 },
        status: { abort: true },
      }),
    ],
    ["the sizes are not known", updating({ replicas: -1, status: ABORTED })],
    [
      "there are two strategies",
      updating({
        status: ABORTED,
        spec: { strategy: { canary: {}, blueGreen: { activeService: "web" } } },
      }),
    ],
  ];
  for (const [name, world] of rows) assert.deepEqual(decide(world).effects, [], name);
});

Deno.test("an abort leaves a Service that is another Rollout's, or selects other pods", () => {
  const start = updating({ status: ABORTED });
  const service = start.services.get("web-stable");
  assert.ok(service);
  const foreign = {
    ...service,
    metadata: {
      ...service.metadata,
      annotations: { "argo-rollouts.argoproj.io/managed-by-rollouts": "other" },
    },
  };
  const wrong = { ...service, spec: { selector: { ...service.spec?.selector, app: "other" } } };
  for (const one of [foreign, wrong]) {
    const world = deepFreeze({ ...start, services: new Map([["web-stable", one]]) });
    const { effects } = decide(world);
    assert.ok(effects.length > 0);
    assert.ok(writesIn({ effects }).every(({ type }) => type.kind === "ReplicaSet"));
  }
});

Deno.test("whatever is wrong with the spec: an abort does not crash, and creates nothing", () => {
  const json = fc.oneof(
    fc.constantFrom(null, 5, -1, "x", true, [], {}, [5], [null], { a: 5 }, 1e400, "-5%"),
    fc.jsonValue(),
  );
  const fields = ["replicas", "selector", "template", "strategy", "paused", "minReadySeconds"];
  const inStrategy = ["steps", "maxSurge", "maxUnavailable", "stableService", "canaryService"];
  const spec = fc.oneof(
    fc.tuple(fc.constantFrom(...fields), json).map(([name, value]) => ({ [name]: value })),
    fc.tuple(fc.constantFrom(...inStrategy), json)
      .map(([name, value]) => ({ strategy: { canary: { [name]: value } } })),
    fc.tuple(fc.constantFrom("activeService", "abortScaleDownDelaySeconds"), json)
      .map(([name, value]) => ({
        strategy: { blueGreen: { activeService: "web", [name]: value } },
      })),
  );
  fc.assert(fc.property(spec, (wrong) => {
    const start = updating({ status: ABORTED });
    const rollout = { ...start.rollout, spec: { ...start.rollout.spec, ...wrong } } as Rollout;
    const { effects } = decide(deepFreeze({ ...start, rollout }));
    assert.ok(writesIn({ effects }).every(({ verb }) => verb === "patch"));
  }));
});
