/** Laws of Service endpoints. */
import assert from "node:assert/strict";
import { ENDPOINT_SLICES, PODS, SERVICES } from "../../../core/api/names/resources.ts";
import { at } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { labelsOf, pod, service } from "../manifests.ts";
import type { Subject } from "../subject.ts";
import { type Endpoint, endpointsOf, isReady, slicesOf } from "../workload.ts";

/** Waits until a Service leads exactly there. */
function leads(
  subject: Subject,
  namespace: string,
  expected: readonly Endpoint[],
): Promise<readonly Endpoint[]> {
  const wanted = JSON.stringify(expected);
  return subject.eventually(`endpoints ${wanted}`, async () => {
    const found = await endpointsOf(subject, namespace, "a");
    return JSON.stringify(found) === wanted ? found : undefined;
  });
}

function readyPod(subject: Subject, namespace: string, name: string) {
  return subject.eventually(`ready pod "${name}"`, async () => {
    const read = await subject.cluster.get(PODS, { namespace, name });
    return isReady(read) ? read : undefined;
  });
}

export const laws = lawsOf("Service endpoints", {
  "one slice leads to the ready pods that the Service selects": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const made = await cluster.create(SERVICES, service(home, "a"));
    await cluster.create(PODS, pod(home, "a"));
    await cluster.create(PODS, pod(home, "b"));
    await leads(subject, home, [{ pod: "a", ready: true }]);
    const ready = await readyPod(subject, home, "a");
    const [slice, ...more] = await slicesOf(subject, home, "a");
    assert.ok(slice);
    assert.deepEqual(more, []);
    assert.match(slice.metadata.name, /^a-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    const { uid } = made.metadata;
    assert.deepEqual(slice.metadata.ownerReferences, [{
      apiVersion: "v1",
      kind: "Service",
      name: "a",
      uid,
      controller: true,
      blockOwnerDeletion: true,
    }]);
    assert.equal(slice["addressType"], "IPv4");
    assert.deepEqual(slice["endpoints"], [{
      addresses: [at(ready, "status", "podIP")],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: at(ready, "spec", "nodeName"),
      targetRef: { kind: "Pod", name: "a", namespace: home, uid: ready.metadata.uid },
    }]);
    assert.deepEqual(slice["ports"], [{ name: "", port: 80, protocol: "TCP" }]);
  },

  "a pod that is not ready is there, marked so": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(SERVICES, service(home, "a"));
    const image = "does-not-exist:1";
    await cluster.create(PODS, pod(home, "bad", { labels: labelsOf("a"), container: { image } }));
    await cluster.create(PODS, pod(home, "good", { labels: labelsOf("a") }));
    await leads(subject, home, [{ pod: "bad", ready: false }, { pod: "good", ready: true }]);
  },

  "a pod that stops being ready is marked so": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(SERVICES, service(home, "a"));
    await cluster.create(PODS, pod(home, "a"));
    await leads(subject, home, [{ pod: "a", ready: true }]);
    const conditions = [{ type: "Ready", status: "False" }];
    const patch = { type: "strategic", body: { status: { conditions } } } as const;
    await cluster.patch(PODS, { namespace: home, name: "a" }, patch, { subresource: "status" });
    await leads(subject, home, [{ pod: "a", ready: false }]);
  },

  "another selector leads elsewhere": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(SERVICES, service(home, "a"));
    for (const colour of ["green", "red"]) {
      await cluster.create(PODS, pod(home, colour, { labels: { app: "a", colour } }));
    }
    await leads(subject, home, [{ pod: "green", ready: true }, { pod: "red", ready: true }]);
    const select = (colour: string) =>
      cluster.patch(SERVICES, { namespace: home, name: "a" }, {
        type: "merge",
        body: { spec: { selector: { colour } } },
      });
    await select("red");
    await leads(subject, home, [{ pod: "red", ready: true }]);
    await select("green");
    await leads(subject, home, [{ pod: "green", ready: true }]);
    await select("blue");
    await leads(subject, home, []);
  },

  "a pod that has ended is left out": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(SERVICES, service(home, "a"));
    await cluster.create(PODS, pod(home, "a"));
    await leads(subject, home, [{ pod: "a", ready: true }]);
    // As kubelets do: both at once (the phase alone does not wake the real controller).
    const conditions = [{ type: "Ready", status: "False", reason: "PodFailed" }];
    const patch = { type: "strategic", body: { status: { phase: "Failed", conditions } } } as const;
    const ref = { namespace: home, name: "a" };
    await cluster.patch(PODS, ref, patch, { subresource: "status" });
    await leads(subject, home, []);
  },

  "a slice that somebody deletes comes back": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(SERVICES, service(home, "a"));
    await cluster.create(PODS, pod(home, "a"));
    await leads(subject, home, [{ pod: "a", ready: true }]);
    const [slice] = await slicesOf(subject, home, "a");
    const name = slice?.metadata.name ?? "";
    await cluster.delete(ENDPOINT_SLICES, { namespace: home, name });
    await leads(subject, home, [{ pod: "a", ready: true }]);
    const [next] = await slicesOf(subject, home, "a");
    assert.notEqual(next?.metadata.uid, slice?.metadata.uid);
  },

  "a pod that goes, goes from there too": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(SERVICES, service(home, "a"));
    await cluster.create(PODS, pod(home, "a"));
    await leads(subject, home, [{ pod: "a", ready: true }]);
    await cluster.delete(PODS, { namespace: home, name: "a" });
    await leads(subject, home, []);
  },

  "a named target port is looked up in the pods": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const ports = [{ name: "http", port: 80, targetPort: "web" }];
    await cluster.create(SERVICES, service(home, "a", { ports }));
    const container = { ports: [{ name: "web", containerPort: 8080 }] };
    await cluster.create(PODS, pod(home, "a", { container }));
    await leads(subject, home, [{ pod: "a", ready: true }]);
    const [slice] = await slicesOf(subject, home, "a");
    assert.deepEqual(slice?.["ports"], [{ name: "http", port: 8080, protocol: "TCP" }]);
  },

  "a Service without selector has none; a deleted one none any more": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(SERVICES, service(home, "none", { selector: null }));
    await cluster.create(SERVICES, service(home, "a"));
    const count = async (name: string) => (await slicesOf(subject, home, name)).length;
    await subject.eventually("a slice", async () => await count("a") === 1 || undefined);
    assert.equal(await count("none"), 0);
    await cluster.delete(SERVICES, { namespace: home, name: "a" });
    await subject.eventually("no slice", async () => await count("a") === 0 || undefined);
  },
});
