import assert from "node:assert/strict";
import { asManifest, sortObjects } from "../../../core/simulate/live_objects.ts";
import { troublesIn } from "../../../core/simulate/live_troubles.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { objectsOf } from "./shop.ts";

const SPECS: Readonly<Record<string, string>> = {
  Pod: "containers: []",
  ReplicaSet: "selector: {matchLabels: {app: a}}, template: {spec: {containers: []}}",
  Rollout: "selector: {matchLabels: {app: a}}, template: {spec: {containers: []}}",
};
const of = (apiVersion: string, kind: string, owner?: string) => (name: string, more = "") =>
  `---\n{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}, namespace: shop, ` +
  `uid: u-${name}, resourceVersion: "5"${owner === undefined ? "" : `, ${owner}`}${more}}, ` +
  `spec: {${SPECS[kind] ?? ""}}}\n`;
const ownedBy = (kind: string, name: string) =>
  `ownerReferences: [{apiVersion: ${kind === "Rollout" ? "argoproj.io/v1alpha1" : "apps/v1"}, ` +
  `kind: ${kind}, name: ${name}, uid: other, controller: true}]`;
const rollout = of("argoproj.io/v1alpha1", "Rollout");
const set = of("apps/v1", "ReplicaSet", ownedBy("Rollout", "web"));
const pod = of("v1", "Pod", ownedBy("ReplicaSet", "web-1"));
const ofJob = of("v1", "Pod", ownedBy("Job", "web-1"));
const service = of("v1", "Service");
const MANIFEST = "---\n{apiVersion: v1, kind: Service, metadata: {name: plain}, spec: {}}\n";

Deno.test("sortObjects() tells what goes on from what starts anew", () => {
  const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);
  const anew = 'Rollout "web" comes without its ReplicaSets, and starts anew; ' +
    "to go on from where it is, read kubectl get ro,rs,svc,pods -o yaml";
  const rows: [string, string, string[], string[], string[]][] = [
    ["manifests", MANIFEST, [], ["plain"], []],
    [
      "owners before what they own",
      pod("web-1-a") + set("web-1") + service("svc") + rollout("web") + MANIFEST,
      ["svc", "web", "web-1", "web-1-a"],
      ["plain"],
      [],
    ],
    ["a Rollout alone", rollout("web") + service("svc"), ["svc"], ["web"], [anew]],
    [
      "pods without their set",
      rollout("web") + set("web-2") + pod("a") + pod("b") + ofJob("c"),
      ["web", "web-2", "c"],
      [],
      ['2 Pods are left out: their ReplicaSet "web-1" is not among the objects'],
    ],
    [
      "sets without their Rollout",
      rollout("other") + set("web-1") + pod("a"),
      [],
      ["other"],
      [
        'ReplicaSet "web-1" is left out: its Rollout "web" is not among the objects',
        'Pod "a" is left out: its ReplicaSet "web-1" is not among the objects',
        anew.replace('"web"', '"other"'),
      ],
    ],
    [
      "what ends, or is made anew",
      rollout("web") + set("web-1") + pod("a", ', deletionTimestamp: "2026-01-01T00:00:00Z"') +
      of("v1", "Event")("e") + of("discovery.k8s.io/v1", "EndpointSlice")("s"),
      ["web", "web-1"],
      [],
      [],
    ],
    [
      "the same twice: the last one counts",
      rollout("web") + set("web-1") + set("web-1", ", generation: 7"),
      ["web", "web-1"],
      [],
      [],
    ],
  ];
  for (const [name, text, live, manifests, notes] of rows) {
    const sorted = sortObjects(objectsOf(text));
    assert.deepEqual(names(sorted.live), live, name);
    assert.deepEqual(names(sorted.manifests), manifests, name);
    assert.deepEqual(sorted.notes.map(({ text }) => text), notes, name);
  }
});

Deno.test("asManifest() takes off what only a server writes", () => {
  const [read] = objectsOf(`
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  uid: "1"
  resourceVersion: "2"
  generation: 3
  creationTimestamp: "2026-01-01T00:00:00Z"
  labels: {app: web}
  annotations: {a: b}
  managedFields: [{manager: kubectl}]
  ownerReferences: [{apiVersion: v1, kind: A, name: a, uid: u}]
spec:
  type: NodePort
  clusterIP: 10.0.0.1
  clusterIPs: [10.0.0.1]
  selector: {app: web}
  ports: [{port: 80, nodePort: 30000}]
status: {loadBalancer: {}}
`);
  assert.deepEqual(asManifest(read as KubeObject), {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "shop", labels: { app: "web" }, annotations: { a: "b" } },
    spec: { type: "NodePort", selector: { app: "web" }, ports: [{ port: 80 }] },
  });
  const [headless] = objectsOf(
    "{apiVersion: v1, kind: Service, metadata: {name: a, uid: u}, spec: {clusterIP: None}}",
  );
  assert.deepEqual(asManifest(headless as KubeObject)["spec"], { clusterIP: "None" });
});

Deno.test("troublesIn() reads out of pods what goes on", () => {
  const running = (since: string) =>
    `{name: main, ready: false, state: {running: {startedAt: "${since}"}}}`;
  const waiting = (reason: string) =>
    `{name: main, ready: false, state: {waiting: {reason: ${reason}}}}`;
  const rows: [string, string, string[]][] = [
    ["starting", running("2029-12-31T23:59:30Z"), []],
    ["unready for long", running("2029-12-31T23:58:59Z"), ["unready shop:1"]],
    ["being created", waiting("ContainerCreating"), []],
    ["no such image", waiting("ErrImagePull"), ["fail-image shop:1"]],
    ["no such image, for long", waiting("ImagePullBackOff"), ["fail-image shop:1"]],
    ["a crash of unknown length", waiting("CrashLoopBackOff"), ["crash shop:1"]],
    [
      "a crash",
      "{name: main, ready: false, state: {waiting: {reason: CrashLoopBackOff}}, lastState: " +
      '{terminated: {startedAt: "2029-12-31T23:00:00Z", finishedAt: "2029-12-31T23:00:07Z"}}}',
      ["crash shop:1 --after 7s"],
    ],
  ];
  const podOf = (status: string, spec = "") =>
    objectsOf(
      "{apiVersion: v1, kind: Pod, metadata: {name: a}, " +
        `spec: {containers: [{name: main, image: "shop:1"}]${spec}}, status: ${status}}`,
    );
  for (const [name, container, commands] of rows) {
    assert.deepEqual(troublesIn(podOf(`{containerStatuses: [${container}]}`)), commands, name);
  }
  const init = podOf(
    `{initContainerStatuses: [{name: prepare, state: {waiting: {reason: ErrImagePull}}}]}`,
    ', initContainers: [{name: prepare, image: "init:1"}]',
  );
  assert.deepEqual(troublesIn(init), ["fail-image init:1"]);
  const placed = (message: string) =>
    podOf(
      `{conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, ` +
        `message: "${message}"}]}`,
    );
  assert.deepEqual(troublesIn(placed("0/3 nodes are available: 3 Insufficient cpu")), [
    "nodes full",
  ]);
  assert.deepEqual(troublesIn(placed("0/3 nodes are available: 3 had untolerated taint")), [
    "unschedulable shop:1",
  ]);
  const gates = ", readinessGates: [{conditionType: lb/a}, {conditionType: lb/b}]";
  assert.deepEqual(
    troublesIn(podOf('{conditions: [{type: lb/a, status: "True"}]}', gates)),
    ["gate lb/a open"],
  );
});
