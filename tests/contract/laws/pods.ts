/** Laws of pods: how they start, and how they fail to. */
import assert from "node:assert/strict";
import { PODS } from "../../../core/api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { at, gone } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { pod, type PodOptions } from "../manifests.ts";
import type { Subject } from "../subject.ts";
import { conditionOf, conditionSeconds, isReady } from "../workload.ts";

/** Makes a pod "a" and answers it once it is so. */
async function podThat(
  subject: Subject,
  options: PodOptions,
  isSo: (read: KubeObject) => boolean,
): Promise<KubeObject> {
  const home = await subject.namespace();
  await subject.cluster.create(PODS, pod(home, "a", options));
  return await untilPod(subject, home, isSo);
}

function untilPod(
  { cluster, eventually }: Subject,
  namespace: string,
  isSo: (read: KubeObject) => boolean,
): Promise<KubeObject> {
  return eventually("such a pod", async () => {
    const read = await cluster.get(PODS, { namespace, name: "a" });
    return isSo(read) ? read : undefined;
  });
}

function containerOf(read: KubeObject): unknown {
  return at(read, "status", "containerStatuses", 0);
}

function waitsFor(reason: string): (read: KubeObject) => boolean {
  return (read) => at(containerOf(read), "state", "waiting", "reason") === reason;
}

/** Whole seconds between the creation of a pod and its becoming Ready. */
function secondsToReady(read: KubeObject): number {
  const createdMs = Date.parse(read.metadata.creationTimestamp ?? "");
  return conditionSeconds(read, "Ready") - createdMs / 1000;
}

export const laws = lawsOf("pods", {
  "a pod is placed, gets its addresses, runs and is Ready": async (subject) => {
    const read = await podThat(subject, {}, isReady);
    assert.equal(at(read, "status", "phase"), "Running");
    assert.ok(at(read, "spec", "nodeName"));
    assert.match(String(at(read, "status", "podIP")), /^\d+\.\d+\.\d+\.\d+$/);
    assert.deepEqual(at(read, "status", "podIPs"), [{ ip: at(read, "status", "podIP") }]);
    assert.match(String(at(read, "status", "hostIP")), /^\d+\.\d+\.\d+\.\d+$/);
    assert.ok(at(read, "status", "startTime"));
    for (const type of ["PodScheduled", "Initialized", "ContainersReady", "Ready"]) {
      assert.equal(conditionOf(read, type), "True", type);
    }
    const container = containerOf(read);
    const { name, image, ready, started, restartCount } = container as Record<string, unknown>;
    assert.deepEqual({ name, image, ready, started, restartCount }, {
      name: "main",
      image: "registry.test/main:1.0",
      ready: true,
      started: true,
      restartCount: 0,
    });
    assert.ok(at(container, "state", "running", "startedAt"));
  },

  "it takes a moment until a pod is Ready, which a watch can see": async (subject) => {
    const { cluster, namespace, watch, eventually } = subject;
    const home = await namespace();
    const { resourceVersion } = await cluster.list(PODS, { namespace: home });
    const watched = watch(PODS, { namespace: home, resourceVersion });
    await cluster.create(PODS, pod(home, "a"));
    const read = await eventually(
      "a ready pod",
      () => Promise.resolve(watched.events.map(({ object }) => object).find(isReady)),
    );
    assert.ok([1, 2].includes(secondsToReady(read)), `${secondsToReady(read)} s`);
    const [first] = watched.events;
    assert.equal(first && at(first.object, "status", "phase"), "Pending");
    assert.ok(watched.events.length > 1);
  },

  "each pod has an address of its own": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    for (const name of ["a", "b", "c"]) await cluster.create(PODS, pod(home, name));
    const addresses = await subject.eventually("addresses", async () => {
      const { items } = await cluster.list(PODS, { namespace: home });
      const found = items.map((item) => at(item, "status", "podIP")).filter(Boolean);
      return found.length === 3 ? found : undefined;
    });
    assert.equal(new Set(addresses).size, 3);
  },

  "initialDelaySeconds of the readiness probe delays Ready": async (subject) => {
    const readinessProbe = { initialDelaySeconds: 4, httpGet: { port: 80 } };
    const read = await podThat(subject, { container: { readinessProbe } }, isReady);
    assert.ok(secondsToReady(read) >= 4, `${secondsToReady(read)} s`);
  },

  "an image that cannot be pulled keeps a pod from running": async (subject) => {
    const container = { image: "registry.test/does-not-exist:1" };
    const bad = await podThat(subject, { container }, waitsFor("ImagePullBackOff"));
    await subject.elapse(2500);
    const home = bad.metadata.namespace ?? "";
    const read = await subject.cluster.get(PODS, { namespace: home, name: "a" });
    assert.equal(at(read, "status", "phase"), "Pending");
    assert.equal(isReady(read), false);
    assert.equal(at(containerOf(read), "ready"), false);
    assert.equal(at(containerOf(read), "restartCount"), 0);
    assert.ok(waitsFor("ImagePullBackOff")(read));
  },

  "another image lets it run after all": async (subject) => {
    const container = { image: "registry.test/does-not-exist:1" };
    const bad = await podThat(subject, { container }, waitsFor("ImagePullBackOff"));
    const home = bad.metadata.namespace ?? "";
    const image = [{ op: "replace", path: "/spec/containers/0/image", value: "registry.test/a:2" }];
    await subject.cluster.patch(PODS, { namespace: home, name: "a" }, {
      type: "json",
      body: image,
    });
    await untilPod(subject, home, isReady);
  },

  "a command that fails keeps a pod from being Ready": async (subject) => {
    const container = { command: ["sh", "-c", "echo no; exit 1"] };
    const bad = await podThat(subject, { container }, waitsFor("CrashLoopBackOff"));
    await subject.elapse(2000);
    const home = bad.metadata.namespace ?? "";
    const read = await subject.cluster.get(PODS, { namespace: home, name: "a" });
    assert.equal(at(read, "status", "phase"), "Running");
    assert.equal(isReady(read), false);
    assert.equal(at(containerOf(read), "ready"), false);
    assert.equal(at(containerOf(read), "restartCount"), 1);
    assert.equal(at(containerOf(read), "lastState", "terminated", "exitCode"), 1);
  },

  "a pod that asks for more than any node has stays Pending, and says why": async (subject) => {
    const resources = { requests: { cpu: "20k", memory: "200Ti" } };
    const isTold = (read: KubeObject) => conditionOf(read, "PodScheduled") === "False";
    const read = await podThat(subject, { container: { resources } }, isTold);
    assert.equal(at(read, "status", "phase"), "Pending");
    assert.equal(at(read, "spec", "nodeName"), undefined);
    assert.equal(at(read, "status", "containerStatuses"), undefined);
    const [condition, ...others] = at(read, "status", "conditions") as Record<string, string>[];
    assert.deepEqual(others, []);
    assert.equal(condition?.["reason"], "Unschedulable");
    assert.match(
      condition?.["message"] ?? "",
      /^0\/(\d) nodes are available: \1 Insufficient cpu, \1 Insufficient memory\. .* preemption: 0\/\1 nodes are available: \1 Preemption is not helpful for scheduling\.$/,
    );
  },

  "readiness gates hold Ready back until their conditions are True": async (subject) => {
    const conditionType = "example.test/gate";
    const spec = { readinessGates: [{ conditionType }] };
    const shut = await podThat(subject, { spec }, (read) => {
      return conditionOf(read, "ContainersReady") === "True";
    });
    assert.equal(conditionOf(shut, "Ready"), "False");
    assert.equal(at(shut, "status", "phase"), "Running");
    const home = shut.metadata.namespace ?? "";
    const set = (status: string) => {
      const body = { status: { conditions: [{ type: conditionType, status }] } };
      const ref = { namespace: home, name: "a" };
      const patch = { type: "strategic", body } as const;
      return subject.cluster.patch(PODS, ref, patch, { subresource: "status" });
    };
    await set("False");
    await subject.elapse(1000);
    const still = await subject.cluster.get(PODS, { namespace: home, name: "a" });
    assert.equal(isReady(still), false);
    await set("True");
    await untilPod(subject, home, isReady);
    await set("False");
    await untilPod(subject, home, (read) => !isReady(read));
  },

  "a pod with a shut readiness gate is never seen Ready": async (subject) => {
    const { cluster, namespace, watch } = subject;
    const home = await namespace();
    const { resourceVersion } = await cluster.list(PODS, { namespace: home });
    const watched = watch(PODS, { namespace: home, resourceVersion });
    const spec = { readinessGates: [{ conditionType: "example.test/gate" }] };
    await cluster.create(PODS, pod(home, "a", { spec }));
    await untilPod(subject, home, (read) => conditionOf(read, "ContainersReady") === "True");
    await cluster.create(PODS, pod(home, "marker"));
    await subject.eventually(
      "the marker",
      () => Promise.resolve(watched.storyUntil("ADDED marker")),
    );
    assert.deepEqual(watched.events.filter(({ object }) => isReady(object)), []);
  },

  "a deleted pod goes soon": async (subject) => {
    const read = await podThat(subject, {}, isReady);
    const ref = { namespace: read.metadata.namespace ?? "", name: "a" };
    await subject.cluster.delete(PODS, ref);
    await gone(subject, PODS, ref, 10_000);
  },
});
