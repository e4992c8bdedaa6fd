import assert from "node:assert/strict";
import { PODS } from "../../../../core/api/resources.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { makeWorld, pod, type World } from "./world.ts";

interface Status {
  readonly phase: string;
  readonly podIP?: string;
  readonly conditions?: { type: string; status: string; lastTransitionTime: string }[];
  readonly containerStatuses?: {
    ready: boolean;
    restartCount: number;
    state: { waiting?: { reason: string }; running?: unknown };
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
