/** A wrong type at any place of a manifest ends in a sentence, never in a fault of the program. */
import assert from "node:assert/strict";
import { collectManifests } from "../../../core/api/manifest/mod.ts";
import { ObjectRefused, simulate } from "../../../core/simulate/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { objectsOf } from "./shop.ts";

const LABELS = "app: other";
const POD = `
      initContainers: [{name: first, image: "i:1", command: [sh]}]
      containers:
      - name: main
        image: "i:1"
        command: [run]
        args: [fast]
        env: [{name: A, value: b}]
        ports: [{name: http, containerPort: 80, protocol: TCP}]
        resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1}}
        readinessProbe: {initialDelaySeconds: 1, httpGet: {path: /, port: http}}
        volumeMounts: [{name: data, mountPath: /data}]
      volumes: [{name: data, emptyDir: {}}]
      tolerations: [{key: a, operator: Exists}]
      readinessGates: [{conditionType: gate}]
      imagePullSecrets: [{name: a}]
      nodeSelector: {a: b}
      terminationGracePeriodSeconds: 1`;
const META = `
  name: other
  generateName: other-
  labels: {${LABELS}}
  annotations: {a: b}
  finalizers: [example.test/a]
  ownerReferences: [{apiVersion: example.test/v1, kind: Thing, name: a, uid: b, controller: true}]`;
const TEMPLATE = `
  template:
    metadata: {labels: {${LABELS}}, annotations: {a: b}, finalizers: []}
    spec:${POD}`;
const SELECTOR =
  `selector: {matchLabels: {${LABELS}}, matchExpressions: [{key: app, operator: In, ` +
  "values: [other]}]}";

/** A manifest of each kind that plays a part, with most of its fields. */
const SAMPLES: readonly string[] = [
  `kind: Rollout
apiVersion: argoproj.io/v1alpha1
metadata:${META}
spec:
  replicas: 1
  minReadySeconds: 1
  revisionHistoryLimit: 1
  strategy: {canary: {maxSurge: 1, steps: [{setWeight: 50}, {pause: {duration: 1s}}]}}
  ${SELECTOR}${TEMPLATE}`,
  `kind: ReplicaSet
apiVersion: apps/v1
metadata:${META}
spec:
  replicas: 1
  minReadySeconds: 1
  ${SELECTOR}${TEMPLATE}`,
  `kind: Deployment
apiVersion: apps/v1
metadata:${META}
spec:
  replicas: 1
  paused: false
  revisionHistoryLimit: 1
  progressDeadlineSeconds: 60
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  ${SELECTOR}${TEMPLATE}`,
  `kind: Pod
apiVersion: v1
metadata:${META}
spec:${POD}`,
  `kind: PodTemplate
apiVersion: v1
metadata:${META}${TEMPLATE.replaceAll("\n  ", "\n")}`,
  `kind: Service
apiVersion: v1
metadata:${META}
spec:
  type: ClusterIP
  clusterIP: None
  clusterIPs: [None]
  ipFamilies: [IPv4]
  sessionAffinity: None
  publishNotReadyAddresses: true
  selector: {app: shop}
  ports: [{name: http, port: 80, targetPort: http, protocol: TCP, nodePort: 30000}]`,
  `kind: PodDisruptionBudget
apiVersion: policy/v1
metadata:${META}
spec: {minAvailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow, ${SELECTOR}}`,
  `kind: ResourceQuota
apiVersion: v1
metadata:${META}
spec: {hard: {pods: "10"}, scopes: [Terminating]}`,
  `kind: ConfigMap
apiVersion: v1
metadata:${META}
data: {a: b}
binaryData: {b: YQ==}
immutable: true`,
  `kind: Namespace
apiVersion: v1
metadata:${META}
spec: {finalizers: [kubernetes]}`,
];

const WRONG: readonly unknown[] = [5, "text", true, null, [null], [5], { a: 5 }];

/** Every place of a value. */
function placesIn(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  const children = typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, child]) =>
      placesIn(child, [...at, Array.isArray(value) ? Number(key) : key])
    )
    : [];
  return [[...at], ...children];
}

function replacedAt(value: unknown, [first, ...rest]: (string | number)[], by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value)) {
    return value.map((each, index) => index === first ? replacedAt(each, rest, by) : each);
  }
  const fields = value as Record<string, unknown>;
  return { ...fields, [first]: replacedAt(fields[first], rest, by) };
}

/** What comes of an object in a simulation; a text for a fault of the program. */
async function faultOf(object: unknown): Promise<string | undefined> {
  const text = JSON.stringify(object);
  const { documents, problems } = collectManifests({ file: "other.json", text });
  if (problems.length > 0) return undefined;
  const others = documents.map(({ object }) => object);
  try {
    await simulate({
      objects: others,
      script: [],
      timed: [],
      files: new Map(),
      untilMs: 4000,
      seed: 1,
    });
    return undefined;
  } catch (error) {
    if (error instanceof ObjectRefused) {
      return error.message.includes("\n") ? `several lines: ${error.message}` : undefined;
    }
    return String(error);
  }
}

for (const sample of SAMPLES) {
  const [object] = objectsOf(sample) as [KubeObject];
  Deno.test(`a wrong type anywhere in a ${object.kind} ends in one sentence`, async () => {
    const faults: string[] = [];
    for (const place of placesIn(object).filter(([first]) => first !== undefined)) {
      for (const by of WRONG) {
        const fault = await faultOf(replacedAt(object, place, by));
        if (fault !== undefined) {
          faults.push(`${place.join(".")} = ${JSON.stringify(by)}: ${fault}`);
        }
      }
    }
    assert.deepEqual(faults, []);
  });
}
