/** Pods with init containers, sidecars and probes: when they get ready, and what keeps them. */
import assert from "node:assert/strict";
import { PODS } from "../../../../core/api/names/resources.ts";
import { podSummary } from "../../../../core/view/pod_status.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../../../sdk/wire/json.ts";
import { makeWorld, type World } from "./world.ts";

interface Container {
  readonly [field: string]: unknown;
}

interface PodSpec {
  readonly init?: readonly Container[];
  readonly main?: readonly Container[];
  readonly gates?: readonly string[];
}

const MAIN = { name: "main", image: "main:1" };
const INIT = { name: "init", image: "init:1" };
const SIDECAR = { name: "proxy", image: "proxy:1", restartPolicy: "Always" };

function podOf({ init = [], main = [{}], gates = [] }: PodSpec, name = "a"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      initContainers: init.map((one) => ({ ...INIT, ...one })),
      containers: main.map((one, index) => ({ ...MAIN, name: `main-${index}`, ...one })),
      readinessGates: gates.map((conditionType) => ({ conditionType })),
    },
  };
}

function stored(world: World, name = "a"): KubeObject {
  const pod = world.cluster.object(PODS, { namespace: "default", name });
  assert.ok(pod !== undefined);
  return pod;
}

function conditionOf(world: World, type: string, name = "a"): unknown {
  return listOf(fieldsOf(stored(world, name)["status"])["conditions"]).map(fieldsOf)
    .find((one) => one["type"] === type)?.["status"];
}

/** `Init:0/1 False`: what kubectl shows, and whether the pod is Ready. */
function look(world: World, name = "a"): string {
  return `${podSummary(stored(world, name)).status} ${conditionOf(world, "Ready", name)}`;
}

const DELAYS: [about: string, pod: PodSpec, seconds: number][] = [
  ["no probe", {}, 1.2],
  ["the slowest of its containers counts", {
    main: [{}, { readinessProbe: { initialDelaySeconds: 7 } }],
  }, 7],
  ["several successes are wanted", {
    main: [{ readinessProbe: { initialDelaySeconds: 3, successThreshold: 3, periodSeconds: 2 } }],
  }, 7],
  ["a startup probe that is asked at once", { main: [{ startupProbe: {} }] }, 1.2],
  ["a startup probe is asked again after its period, which is 10 s", {
    main: [{ startupProbe: { initialDelaySeconds: 12 } }],
  }, 20],
  ["a startup probe is asked every periodSeconds", {
    main: [{ startupProbe: { initialDelaySeconds: 12, periodSeconds: 5 } }],
  }, 15],
  ["the readiness probe waits for the startup probe", {
    main: [{
      startupProbe: { initialDelaySeconds: 30, periodSeconds: 10 },
      readinessProbe: { initialDelaySeconds: 5 },
    }],
  }, 30],
  ["the readiness probe's own delay counts from the start as well", {
    main: [{
      startupProbe: { initialDelaySeconds: 10, periodSeconds: 10 },
      readinessProbe: { initialDelaySeconds: 25 },
    }],
  }, 25],
  ["a liveness probe is no reason to wait", {
    main: [{ livenessProbe: { initialDelaySeconds: 90 } }],
  }, 1.2],
  ["an init container takes no time", { init: [{}] }, 1.2],
  ["a sidecar has to be ready too", {
    init: [{ ...SIDECAR, readinessProbe: { initialDelaySeconds: 8 } }],
  }, 8],
  ["what comes after a sidecar starts when it has started", {
    init: [
      { ...SIDECAR, startupProbe: { initialDelaySeconds: 5, periodSeconds: 5 } },
      { ...SIDECAR, name: "logs", startupProbe: { initialDelaySeconds: 3, periodSeconds: 1 } },
    ],
    main: [{ readinessProbe: { initialDelaySeconds: 4 } }],
  }, 12],
];

for (const [about, spec, seconds] of DELAYS) {
  Deno.test(`a pod is Ready after ${seconds} s: ${about}`, async () => {
    const world = makeWorld();
    await world.client.create(PODS, podOf(spec));
    world.elapse(seconds * 1000 - 1);
    assert.equal(conditionOf(world, "Ready"), "False");
    world.elapse(1);
    assert.equal(look(world), "Running True");
  });
}

Deno.test("init containers are through before the others run", async () => {
  const world = makeWorld();
  await world.client.create(PODS, podOf({ init: [{}, { name: "second" }] }));
  world.elapse(0);
  assert.equal(look(world), "Init:0/2 False");
  assert.equal(conditionOf(world, "Initialized"), "False");
  world.elapse(1200);
  assert.equal(look(world), "Running True");
  assert.equal(conditionOf(world, "Initialized"), "True");
});

const BLOCKED: [about: string, init: readonly Container[], look: string][] = [
  ["its image does not exist", [{ image: "does-not-exist:1" }], "Init:ImagePullBackOff False"],
  ["its command fails", [{ command: ["sh", "-c", "exit 1"] }], "Init:CrashLoopBackOff False"],
  ["the second one fails", [
    {},
    { name: "second", args: ["exit 1"] },
    { name: "third" },
  ], "Init:CrashLoopBackOff False"],
  ["a sidecar cannot be pulled", [
    { ...SIDECAR, image: "does-not-exist:1" },
  ], "Init:ImagePullBackOff False"],
  ["a sidecar fails and is to be probed first", [
    { ...SIDECAR, args: ["exit 1"], startupProbe: {} },
  ], "Init:CrashLoopBackOff False"],
];

for (const [about, init, expected] of BLOCKED) {
  Deno.test(`an init container that fails keeps its pod from getting ready: ${about}`, async () => {
    const world = makeWorld();
    await world.client.create(PODS, podOf({ init }));
    world.elapse(60_000);
    assert.equal(look(world), expected);
    assert.equal(fieldsOf(stored(world)["status"])["phase"], "Pending");
    assert.equal(conditionOf(world, "Initialized"), "False");
    assert.equal(world.clock.nextDueMs(), undefined, "nothing more happens by itself");
  });
}

Deno.test("a sidecar that fails lets the others run, and the pod is not Ready", async () => {
  const world = makeWorld();
  await world.client.create(PODS, podOf({ init: [{ ...SIDECAR, args: ["exit 1"] }] }));
  world.elapse(60_000);
  assert.equal(fieldsOf(stored(world)["status"])["phase"], "Running");
  assert.equal(conditionOf(world, "Initialized"), "True");
  assert.equal(conditionOf(world, "Ready"), "False");
});

for (const fault of ["failImage", "crashImage"] as const) {
  Deno.test(`${fault}() counts for init containers, until healImage()`, async () => {
    const world = makeWorld();
    world.cluster[fault]("init:1", 1000);
    await world.client.create(PODS, podOf({ init: [{}] }));
    world.elapse(60_000);
    const reason = fault === "failImage" ? "ImagePullBackOff" : "CrashLoopBackOff";
    assert.equal(look(world), `Init:${reason} False`);
    world.cluster.healImage("init:1");
    world.elapse(0);
    assert.equal(look(world), "Running True");
  });
}

Deno.test("crashImage() makes a pod flap with its sidecar", async () => {
  const world = makeWorld();
  world.cluster.crashImage("proxy:1", 3000);
  await world.client.create(PODS, podOf({ init: [SIDECAR] }));
  world.elapse(1200);
  assert.equal(look(world), "Running True");
  world.elapse(3000);
  assert.equal(conditionOf(world, "Ready"), "False");
  const [proxy] = listOf(fieldsOf(stored(world)["status"])["initContainerStatuses"]).map(fieldsOf);
  assert.equal(proxy?.["restartCount"], 1);
  world.elapse(10_000);
  assert.equal(look(world), "Running True");
});

Deno.test("strandImage() and what init containers ask for count where a place is looked for", async () => {
  const world = makeWorld();
  world.cluster.strandImage("init:1");
  const asking = (cpu: string) => ({ image: "other:1", resources: { requests: { cpu } } });
  await world.client.create(PODS, podOf({ init: [{}] }, "stranded"));
  await world.client.create(PODS, podOf({ init: [asking("11k")] }, "large"));
  await world.client.create(
    PODS,
    podOf({ init: [{ ...SIDECAR, ...asking("6k") }], main: [asking("6k")] }, "together"),
  );
  await world.client.create(
    PODS,
    podOf({ init: [asking("6k")], main: [asking("6k")] }, "in-turn"),
  );
  world.elapse(5000);
  const placed = ["stranded", "large", "together", "in-turn"]
    .map((name) => `${name} ${conditionOf(world, "PodScheduled", name)}`);
  assert.deepEqual(placed, ["stranded False", "large False", "together False", "in-turn True"]);
});

Deno.test("setGate() opens a readiness gate of present pods and of those to come, and shuts it", async () => {
  const world = makeWorld();
  const gate = "example.com/registered";
  await world.client.create(PODS, podOf({ gates: [gate] }));
  await world.client.create(PODS, podOf({ gates: [gate, "example.com/other"] }, "two"));
  world.elapse(5000);
  assert.equal(look(world), "Running False");
  world.cluster.setGate(gate, true);
  world.elapse(0);
  assert.deepEqual([look(world), look(world, "two")], ["Running True", "Running False"]);
  await world.client.create(PODS, podOf({ gates: [gate] }, "later"));
  world.elapse(1200);
  assert.equal(look(world, "later"), "Running True");
  world.cluster.setGate(gate, false);
  world.elapse(0);
  assert.deepEqual([look(world), look(world, "later")], ["Running False", "Running False"]);
  assert.equal(conditionOf(world, gate), "False");
});
