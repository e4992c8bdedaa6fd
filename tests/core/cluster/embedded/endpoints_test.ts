import assert from "node:assert/strict";
import { ENDPOINT_SLICES, PODS, SERVICES } from "../../../../core/api/names/resources.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { makeWorld, pod, service, type World } from "./world.ts";

interface Slice extends KubeObject {
  readonly endpoints: { addresses: string[]; conditions: unknown }[] | null;
  readonly ports: { name: string; port: number }[] | null;
}

function slicesOf({ cluster }: World): Slice[] {
  return cluster.objects(ENDPOINT_SLICES) as Slice[];
}

Deno.test("a Service has one EndpointSlice, empty while there are no pods", async () => {
  const world = makeWorld();
  await world.client.create(SERVICES, service("a"));
  world.cluster.settle();
  const [slice, ...more] = slicesOf(world);
  assert.deepEqual(more, []);
  assert.equal(slice?.metadata.labels?.["kubernetes.io/service-name"], "a");
  assert.equal(slice?.endpoints, null);
  assert.equal(slice?.ports, null);
});

Deno.test("endpoints follow the readiness of pods", async () => {
  const world = makeWorld();
  await world.client.create(SERVICES, service("a"));
  await world.client.create(PODS, pod("a"));
  world.elapse(1000);
  const conditions = { ready: false, serving: false, terminating: false };
  assert.deepEqual(slicesOf(world)[0]?.endpoints?.[0]?.conditions, conditions);
  world.elapse(1000);
  assert.deepEqual(slicesOf(world)[0]?.endpoints?.[0]?.conditions, {
    ready: true,
    serving: true,
    terminating: false,
  });
});

Deno.test("a Service that publishes unready addresses calls them ready", async () => {
  const world = makeWorld();
  await world.client.create(SERVICES, service("a", { publishNotReadyAddresses: true }));
  await world.client.create(PODS, pod("a", { image: "does-not-exist" }));
  world.elapse(5000);
  assert.deepEqual(slicesOf(world)[0]?.endpoints?.[0]?.conditions, {
    ready: true,
    serving: false,
    terminating: false,
  });
});

Deno.test("ports are resolved: numbers as they are, names in the pods, unknown names not", async () => {
  const world = makeWorld();
  const ports = [
    { name: "plain", port: 80 },
    { name: "number", port: 81, targetPort: 9000 },
    { name: "named", port: 82, targetPort: "web" },
    { name: "lost", port: 83, targetPort: "none" },
  ];
  await world.client.create(SERVICES, service("a", { ports }));
  await world.client.create(PODS, pod("a", { ports: [{ name: "web", containerPort: 8080 }] }));
  world.elapse(5000);
  assert.deepEqual(slicesOf(world)[0]?.ports?.map(({ name, port }) => `${name} ${port}`), [
    "plain 80",
    "number 9000",
    "named 8080",
  ]);
});

Deno.test("a slice that somebody deletes comes back", async () => {
  const world = makeWorld();
  await world.client.create(SERVICES, service("a"));
  world.cluster.settle();
  await world.client.delete(ENDPOINT_SLICES, slicesOf(world)[0]!.metadata);
  world.cluster.settle();
  assert.equal(slicesOf(world).length, 1);
});

Deno.test("a change of a pod that no endpoint shows writes no slice", async () => {
  const world = makeWorld();
  await world.client.create(SERVICES, service("a"));
  const { metadata } = await world.client.create(PODS, pod("a"));
  world.elapse(5000);
  const version = slicesOf(world)[0]?.metadata.resourceVersion;
  const body = { metadata: { annotations: { note: "1" } } };
  await world.client.patch(PODS, metadata, { type: "merge", body });
  world.elapse(5000);
  assert.equal(slicesOf(world)[0]?.metadata.resourceVersion, version);
});
