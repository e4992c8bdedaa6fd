import assert from "node:assert/strict";
import { PODS, RESOURCE_QUOTAS } from "../../../../core/api/names/resources.ts";
import {
  EmbeddedCluster,
  seededRandom,
  VirtualClock,
} from "../../../../core/cluster/embedded/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { makeWorld, pod, type World } from "./world.ts";

interface Status {
  readonly phase: string;
  readonly podIP?: string;
  readonly conditions?: {
    type: string;
    status: string;
    reason?: string;
    message?: string;
    lastTransitionTime: string;
  }[];
  readonly containerStatuses?: {
    ready: boolean;
    restartCount: number;
    state: { waiting?: { reason: string; message?: string }; running?: unknown };
  }[];
}

function statusOf(world: World, name: string): Status {
  const found = world.cluster.objects(PODS).find(({ metadata }) => metadata.name === name);
  return (found as KubeObject)["status"] as Status;
}

/** `Running ready`, `Pending ImagePullBackOff`. */
function look(world: World, name: string): string {
  const { phase, conditions, containerStatuses } = statusOf(world, name);
  const ready = conditions?.find(({ type }) => type === "Ready")?.status === "True";
  const reason = containerStatuses?.[0]?.state.waiting?.reason;
  return [phase, ready ? "ready" : undefined, reason].filter((part) => part).join(" ");
}

Deno.test("a pod is placed at once, and Ready after the time that pods take", () => {
  const world = makeWorld({ podStartMs: 500 });
  world.client.create(PODS, pod("a"));
  assert.equal(look(world, "a"), "Pending");
  world.cluster.settle();
  assert.equal(look(world, "a"), "Pending ContainerCreating");
  assert.match(statusOf(world, "a").podIP ?? "", /^10\.244\.\d+\.\d+$/);
  world.elapse(499);
  assert.equal(look(world, "a"), "Pending ContainerCreating");
  world.elapse(1);
  assert.equal(look(world, "a"), "Running ready");
});

Deno.test("setPodStart() counts for pods that are placed from then on", () => {
  const world = makeWorld();
  world.client.create(PODS, pod("slow"));
  world.cluster.settle();
  world.cluster.setPodStart(100);
  world.client.create(PODS, pod("fast"));
  world.elapse(100);
  assert.equal(look(world, "fast"), "Running ready");
  assert.equal(look(world, "slow"), "Pending ContainerCreating");
  world.elapse(1100);
  assert.equal(look(world, "slow"), "Running ready");
});

Deno.test("pods that take no time are Ready when all is settled", () => {
  const world = makeWorld({ podStartMs: 0 });
  world.client.create(PODS, pod("a"));
  world.cluster.settle();
  assert.equal(look(world, "a"), "Running ready");
});

Deno.test("failImage() holds back pods that are starting and those to come, not ready ones", () => {
  const world = makeWorld();
  world.client.create(PODS, pod("ready"));
  world.elapse(2000);
  world.client.create(PODS, pod("starting"));
  world.elapse(800);
  world.cluster.failImage("main:1");
  world.client.create(PODS, pod("later"));
  world.client.create(PODS, pod("other", { image: "main:2" }));
  world.elapse(60_000);
  assert.equal(look(world, "ready"), "Running ready");
  assert.equal(look(world, "starting"), "Pending ImagePullBackOff");
  assert.equal(look(world, "later"), "Pending ImagePullBackOff");
  assert.equal(look(world, "other"), "Running ready");
});

Deno.test("an image that does not exist fails before the pod would be Ready", () => {
  const world = makeWorld();
  world.client.create(PODS, pod("a", { image: "does-not-exist:1" }));
  world.elapse(399);
  assert.equal(look(world, "a"), "Pending ContainerCreating");
  world.elapse(1);
  assert.equal(look(world, "a"), "Pending ImagePullBackOff");
  world.elapse(60_000);
  assert.equal(look(world, "a"), "Pending ImagePullBackOff");
});

Deno.test("exit-1-crashes: a command with `exit 1` is restarted in vain", () => {
  const world = makeWorld();
  world.client.create(PODS, pod("a", { args: ["-c", "exit 1"] }));
  world.elapse(60_000);
  assert.equal(look(world, "a"), "Running CrashLoopBackOff");
  assert.equal(statusOf(world, "a").containerStatuses?.[0]?.restartCount, 1);
});

Deno.test("crashImage() makes pods flap, with a longer wait after each crash, up to five minutes", () => {
  const world = makeWorld();
  world.client.create(PODS, pod("a"));
  world.elapse(1200);
  world.cluster.crashImage("main:1", 3000);
  const turns: string[] = [];
  let last = "";
  for (let seconds = 0; seconds < 1500; seconds += 0.5) {
    const now = look(world, "a");
    if (now !== last) turns.push(`${seconds} ${now}`);
    last = now;
    world.elapse(500);
  }
  const waits = [10, 20, 40, 80, 160, 300, 300, 300, 300];
  const expected: string[] = [];
  let atSeconds = 0;
  for (const wait of waits) {
    expected.push(`${atSeconds} Running ready`, `${atSeconds + 3} Running CrashLoopBackOff`);
    atSeconds += 3 + wait;
  }
  assert.deepEqual(turns, expected.filter((line) => Number.parseInt(line) < 1500));
  const [container] = statusOf(world, "a").containerStatuses ?? [];
  assert.equal(container?.restartCount, waits.length);
  assert.equal(
    container?.state.waiting?.message,
    "back-off 5m0s restarting failed container=main pod=a",
  );
});

Deno.test("crashImage() leaves others alone, and counts for pods that start later", () => {
  const world = makeWorld();
  world.cluster.crashImage("main:1", 1000);
  world.client.create(PODS, pod("a"));
  world.client.create(PODS, pod("b", { image: "main:2" }));
  world.elapse(2199);
  assert.equal(look(world, "a"), "Running ready");
  world.elapse(1);
  assert.equal(look(world, "a"), "Running CrashLoopBackOff");
  world.elapse(60_000);
  assert.equal(look(world, "b"), "Running ready");
});

Deno.test("a crash loop whose wait grows no more is nothing that anybody waits for", () => {
  const clock = new VirtualClock(0);
  const housekeepingClock = clock.background;
  const cluster = new EmbeddedCluster({ clock, housekeepingClock, random: seededRandom(1) });
  cluster.crashImage("main:1", 1000);
  cluster.client("test").create(PODS, pod("a"));
  for (let fired = 0; clock.hasForegroundTimers() || fired === 0; fired++) {
    cluster.settle();
    clock.advanceTo(clock.nextDueMs() ?? 0);
    clock.runDue();
    cluster.settle();
    assert.ok(fired < 50, "an end comes");
  }
  assert.equal(Math.floor(clock.now() / 60_000), 5, "after five minutes of growing waits");
  cluster.healImage("another:1");
  assert.ok(!clock.hasForegroundTimers(), "what heals others is none of its business");
});

Deno.test("a crash loop minds its own time: changes of the pod in between bring no further crash", async () => {
  const world = makeWorld();
  world.cluster.crashImage("main:1", 3000);
  await world.client.create(PODS, pod("a"));
  for (const step of ["a", "b", "c"]) {
    world.elapse(1000);
    const body = { metadata: { labels: { step } } };
    await world.client.patch(PODS, { namespace: "default", name: "a" }, { type: "merge", body });
  }
  world.elapse(3000);
  assert.equal(look(world, "a"), "Running CrashLoopBackOff");
  assert.equal(statusOf(world, "a").containerStatuses?.[0]?.restartCount, 1);
});

Deno.test("a crash loop ends with its pod", async () => {
  const world = makeWorld();
  world.cluster.crashImage("main:1", 3000);
  await world.client.create(PODS, pod("a"));
  world.elapse(5000);
  await world.client.delete(PODS, { namespace: "default", name: "a" });
  world.cluster.settle();
  assert.equal(world.clock.nextDueMs(), undefined);
});

Deno.test("healImage() ends a crash loop with the next start, and lets a pull succeed", () => {
  const world = makeWorld();
  world.cluster.crashImage("main:1", 1000);
  world.cluster.failImage("main:2");
  world.client.create(PODS, pod("a"));
  world.client.create(PODS, pod("b", { image: "main:2" }));
  world.elapse(3000);
  for (const image of ["main:1", "main:2"]) world.cluster.healImage(image);
  world.elapse(0);
  assert.equal(look(world, "a"), "Running CrashLoopBackOff");
  assert.equal(look(world, "b"), "Running ready");
  world.elapse(10_000);
  assert.equal(look(world, "a"), "Running ready");
  world.elapse(600_000);
  assert.equal(look(world, "a"), "Running ready");
  assert.equal(statusOf(world, "a").containerStatuses?.[0]?.restartCount, 1);
});

/** Why a pod has no place. */
function placeOf(world: World, name: string): string | undefined {
  const scheduled = statusOf(world, name).conditions?.find(({ type }) => type === "PodScheduled");
  return scheduled?.status === "False" ? `${scheduled.reason}: ${scheduled.message}` : undefined;
}

Deno.test("fillNodes() leaves no place for further pods until there is some again", () => {
  const world = makeWorld();
  world.client.create(PODS, pod("early"));
  world.elapse(0);
  world.cluster.fillNodes(true);
  world.client.create(PODS, pod("late"));
  world.elapse(60_000);
  assert.equal(look(world, "early"), "Running ready");
  assert.equal(look(world, "late"), "Pending");
  assert.equal(
    placeOf(world, "late"),
    "Unschedulable: 0/1 nodes are available: 1 Too many pods. no new claims to deallocate, " +
      "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
  );
  world.cluster.fillNodes(false);
  world.elapse(1200);
  assert.equal(look(world, "late"), "Running ready");
  assert.equal(placeOf(world, "late"), undefined);
});

Deno.test("strandImage() finds no node for pods with that image; those that have one stay", () => {
  const world = makeWorld();
  world.client.create(PODS, pod("early"));
  world.elapse(2000);
  world.cluster.strandImage("main:1");
  world.client.create(PODS, pod("late"));
  world.client.create(PODS, pod("other", { image: "main:2" }));
  world.elapse(60_000);
  const looks = ["early", "late", "other"].map((name) => look(world, name));
  assert.deepEqual(looks, ["Running ready", "Pending", "Running ready"]);
  assert.match(placeOf(world, "late") ?? "", /^Unschedulable: 0\/1 nodes are available: /);
  world.cluster.healImage("main:1");
  world.elapse(1200);
  assert.equal(look(world, "late"), "Running ready");
});

Deno.test("limitPods() gives each namespace a quota, changes it and takes it away", () => {
  const world = makeWorld();
  const quotas = () =>
    world.cluster.objects(RESOURCE_QUOTAS)
      .map(({ metadata, spec }) => `${metadata.namespace} ${JSON.stringify(spec)}`);
  world.cluster.limitPods(2);
  const two = '{"hard":{"pods":"2"}}';
  assert.deepEqual(quotas(), [`default ${two}`, `kube-system ${two}`]);
  world.cluster.limitPods(3);
  assert.deepEqual(
    quotas(),
    [two, two].map((quota, index) =>
      `${["default", "kube-system"][index]} ${quota.replace("2", "3")}`
    ),
  );
  world.cluster.limitPods(undefined);
  assert.deepEqual(quotas(), []);
});

Deno.test("the readiness probe's delay counts where it is longer than a start", () => {
  const world = makeWorld();
  world.client.create(PODS, pod("a", { readinessProbe: { initialDelaySeconds: 5 } }));
  world.elapse(4999);
  assert.equal(look(world, "a"), "Pending ContainerCreating");
  world.elapse(1);
  assert.equal(look(world, "a"), "Running ready");
});

Deno.test("conditions tell when they turned, in whole seconds", () => {
  const world = makeWorld();
  world.elapse(500);
  world.client.create(PODS, pod("a"));
  world.elapse(5000);
  const times = Object.fromEntries(
    statusOf(world, "a").conditions?.map((one) => [one.type, one.lastTransitionTime]) ?? [],
  );
  assert.equal(times["Initialized"], "2026-01-01T00:00:00Z");
  assert.equal(times["Ready"], "2026-01-01T00:00:01Z");
  assert.equal(times["ContainersReady"], times["Ready"]);
});

Deno.test("a deleted pod goes at once, and its start is forgotten", async () => {
  const world = makeWorld();
  await world.client.create(PODS, pod("a"));
  world.cluster.settle();
  const ref = { namespace: "default", name: "a" };
  assert.equal(await world.client.delete(PODS, ref), undefined);
  assert.deepEqual(world.cluster.objects(PODS), []);
  assert.equal(world.clock.nextDueMs(), undefined);
});

Deno.test("holdImage() lets pods run without getting ready, until the image is healed", () => {
  const world = makeWorld();
  world.client.create(PODS, pod("before"));
  world.elapse(2_000);
  const { image } = containerOf(pod("any"));
  world.cluster.holdImage(image);
  world.client.create(PODS, pod("held"));
  world.elapse(600_000);
  assert.equal(look(world, "before"), "Running ready");
  assert.equal(look(world, "held"), "Running");
  const { containerStatuses, conditions } = statusOf(world, "held");
  assert.deepEqual(containerStatuses?.map(({ ready }) => ready), [false]);
  assert.match(
    conditions?.find(({ type }) => type === "ContainersReady")?.message ?? "",
    /^containers with unready status: \[\w+\]$/,
  );
  world.cluster.healImage(image);
  world.cluster.settle();
  assert.equal(look(world, "held"), "Running ready");
});

function containerOf(object: unknown): { image: string } {
  const { spec } = object as { spec: { containers: { image: string }[] } };
  return spec.containers[0] as { image: string };
}
