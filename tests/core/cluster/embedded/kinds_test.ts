import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  EVENTS,
  PODS,
  REPLICA_SETS,
  SERVICES,
} from "../../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { configMap, makeWorld, pod, replicaSet, service } from "./world.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";

async function storedSpec(type: ResourceType, object: KubeObject): Promise<Fields> {
  const { client } = makeWorld();
  return (await client.create(type, object))["spec"] as Fields;
}

async function storedTemplate(container: Fields, spec: Fields = {}): Promise<Fields> {
  const wanted = replicaSet("a", 0);
  const { template, ...rest } = wanted["spec"] as { template: Fields };
  const containers = [{ name: "main", image: "main:1", ...container }];
  const changed = { ...template, spec: { containers, ...spec } };
  const stored = await storedSpec(REPLICA_SETS, {
    ...wanted,
    spec: { ...rest, template: changed },
  });
  return (stored["template"] as { spec: Fields }).spec;
}

async function storedContainer(container: Fields): Promise<Fields> {
  const { containers } = await storedTemplate(container);
  return (containers as Fields[])[0]!;
}

// What the rows expect was seen on a real API server.
Deno.test("volumes of a template are stored with their modes and versions", async () => {
  const items = [{ path: "l", fieldRef: { fieldPath: "metadata.labels" } }];
  const { volumes } = await storedTemplate({}, {
    volumes: [
      { name: "d", downwardAPI: { items } },
      { name: "h", hostPath: { path: "/x" } },
      { name: "p", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
      { name: "none" },
    ],
  });
  const fieldRef = { apiVersion: "v1", fieldPath: "metadata.labels" };
  assert.deepEqual(volumes, [
    { name: "d", downwardAPI: { items: [{ path: "l", fieldRef }], defaultMode: 420 } },
    { name: "h", hostPath: { path: "/x", type: "" } },
    {
      name: "p",
      projected: {
        sources: [{ serviceAccountToken: { expirationSeconds: 3600, path: "t" } }],
        defaultMode: 420,
      },
    },
    { name: "none", emptyDir: {} },
  ]);
});

Deno.test("empty values of a container are not stored, but an empty variable is a variable", async () => {
  const stored = await storedContainer({
    env: [{ name: "A", value: "" }],
    command: [],
    workingDir: "",
    tty: false,
    resources: { limits: { cpu: 1, memory: "1024Mi" }, requests: {} },
  });
  assert.deepEqual(stored, {
    name: "main",
    image: "main:1",
    env: [{ name: "A" }],
    resources: { limits: { cpu: "1", memory: "1Gi" } },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: "IfNotPresent",
  });
});

Deno.test("an image is pulled always without a tag, and when its tag is the latest", async () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const rows = {
    "host:5000/main": "Always",
    "main:latest": "Always",
    [`main:latest@${digest}`]: "Always",
    "host:5000/main:1": "IfNotPresent",
    [`main@${digest}`]: "IfNotPresent",
  };
  for (const [image, policy] of Object.entries(rows)) {
    assert.equal((await storedContainer({ image }))["imagePullPolicy"], policy, image);
  }
});

Deno.test("a template's labels may be empty text, its annotations none at all", async () => {
  const wanted = replicaSet("a", 0);
  const labels = { app: "a", set: "a", empty: "" };
  const template = {
    ...(wanted["spec"] as { template: Fields }).template,
    metadata: { creationTimestamp: null, labels, annotations: {} },
  };
  const spec = { ...wanted["spec"] as Fields, template };
  const stored = await storedSpec(REPLICA_SETS, { ...wanted, spec });
  assert.deepEqual((stored["template"] as Fields)["metadata"], { labels });
});

Deno.test("a pod requests what it is limited to, and is classed by that", async () => {
  const { client } = makeWorld();
  const rows: [Fields, string][] = [
    [{}, "BestEffort"],
    [{ resources: { limits: { cpu: "1" } } }, "Burstable"],
    [{ resources: { limits: { cpu: "1", memory: "1Gi" } } }, "Guaranteed"],
    [
      { resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } } },
      "Burstable",
    ],
  ];
  for (const [index, [container, quality]] of rows.entries()) {
    const made = await client.create(PODS, pod(`pod-${index}`, container));
    assert.equal((made["status"] as Fields)["qosClass"], quality);
  }
  const limited = await storedSpec(PODS, pod("a", { resources: { limits: { cpu: "1" } } }));
  const [first] = limited["containers"] as Fields[];
  assert.deepEqual(first?.["resources"], { limits: { cpu: "1" }, requests: { cpu: "1" } });
});

Deno.test("a Service keeps its address, whatever an update leaves out", async () => {
  const { client } = makeWorld();
  const made = await client.create(SERVICES, service("a"));
  const { clusterIP } = made["spec"] as Fields;
  const after = await client.update(SERVICES, service("a", { selector: { app: "b" } }));
  assert.equal((after["spec"] as Fields)["clusterIP"], clusterIP);
  assert.equal(after.metadata.generation, undefined);
  const move = { type: "merge", body: { spec: { clusterIP: "10.0.0.77" } } } as const;
  await assert.rejects(client.patch(SERVICES, made.metadata, move), {
    code: 422,
    message: 'Service "a" is invalid: spec.clusterIPs[0]: Invalid value: ["10.0.0.77"]: may not ' +
      "change once set",
  });
});

Deno.test("Services of other types get what belongs to these", async () => {
  const node = await storedSpec(SERVICES, service("a", { type: "NodePort" }));
  assert.equal(node["externalTrafficPolicy"], "Cluster");
  const [port] = node["ports"] as { nodePort: number }[];
  assert.ok(port!.nodePort >= 30000 && port!.nodePort <= 32767);
  const balanced = await storedSpec(SERVICES, service("a", { type: "LoadBalancer" }));
  assert.equal(balanced["allocateLoadBalancerNodePorts"], true);
  const name = { type: "ExternalName", externalName: "foo.com", ports: null, selector: null };
  assert.deepEqual(await storedSpec(SERVICES, service("a", name)), {
    type: "ExternalName",
    externalName: "foo.com",
    sessionAffinity: "None",
  });
});

Deno.test("null in a map of texts is the empty text", async () => {
  const { client } = makeWorld();
  const labels = { a: null } as unknown as Record<string, string>;
  const made = await client.create(CONFIG_MAPS, {
    ...configMap("a", { labels }),
    data: { a: null },
  });
  assert.deepEqual(made.metadata.labels, { a: "" });
  assert.deepEqual(made["data"], { a: "" });
});

Deno.test("a Service of another type gives up what belonged to the old one", async () => {
  const { client } = makeWorld();
  const made = await client.create(SERVICES, service("a", { type: "NodePort" }));
  const body = { spec: { type: "ClusterIP" } };
  const { spec } = await client.patch(SERVICES, made.metadata, { type: "merge", body });
  const { externalTrafficPolicy, ports } = spec as Fields;
  assert.equal(externalTrafficPolicy, undefined);
  assert.deepEqual(ports, [{ port: 80, protocol: "TCP", targetPort: 80 }]);
});

Deno.test("what the server has set cannot be patched", async () => {
  const { client } = makeWorld();
  const { metadata } = await client.create(REPLICA_SETS, replicaSet("a", 0));
  const refused = (change: Fields, code: number, message: string | RegExp) =>
    assert.rejects(
      client.patch(REPLICA_SETS, metadata, { type: "merge", body: { metadata: change } }),
      { code, message },
    );
  await refused({ uid: "x" }, 422, /metadata\.uid: Invalid value: "x": field is immutable/);
  const time = "2020-01-01T00:00:00Z";
  await refused({ deletionTimestamp: time }, 422, /deletionTimestamp: .* field is immutable/);
  await refused({ name: "b" }, 400, /^the name of the object \(b\) does not match/);
  await refused({ namespace: "b" }, 400, /^the namespace of the provided object does not match/);
  await refused(
    { labels: { a: 1 } },
    422,
    /^ "" is invalid: patch: Invalid value: .*: json: cannot/,
  );
});

Deno.test("several problems are told in one answer", async () => {
  const { client } = makeWorld();
  await assert.rejects(client.create(SERVICES, service("a", { ports: [{ port: 0 }] })), {
    code: 422,
    message:
      'Service "a" is invalid: [spec.ports[0].port: Invalid value: 0: must be between 1 and ' +
      "65535, inclusive, spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, " +
      "inclusive]",
  });
});

Deno.test("events are selected by what they are about", async () => {
  const { client } = makeWorld();
  for (const name of ["a", "b"]) {
    await client.create(EVENTS, {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.1`, namespace: "default" },
      involvedObject: { kind: "Rollout", name, namespace: "default", uid: name },
      reason: `Reason${name}`,
      type: "Normal",
    });
  }
  const fieldSelector = "involvedObject.name=a,involvedObject.kind=Rollout,reason=Reasona";
  const { items } = await client.list(EVENTS, { namespace: "default", fieldSelector });
  assert.deepEqual(items.map(({ metadata }) => metadata.name), ["a.1"]);
  await assert.rejects(client.list(EVENTS, { fieldSelector: "message=a" }), {
    code: 400,
    message: "field label not supported: message",
  });
});
