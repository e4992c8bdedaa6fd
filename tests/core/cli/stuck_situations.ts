/** Ways in which a Rollout can be stuck, and what has to be said about each. */
import type { Situation } from "./explain_world.ts";

/** A situation, and lines that must be there. */
export interface Explained extends Situation {
  readonly name: string;
  readonly says: readonly RegExp[];
}

export const BROKEN = ["10s: fail-image web:2", "10s: set image web web=web:2"];
const SERVICES = (...names: string[]) =>
  names.map((name) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\n` +
    "spec: {selector: {app: web}, ports: [{port: 80}]}\n"
  ).join("---\n");
const WAITS_FOR_CANARY = /^Waits for: +waiting for the canary: 0 of 1 pods available$/m;
const ABORT = /sluice abort web -n shop: go back to the stable revision$/m;

const TEMPLATE = `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate, namespace: shop}
spec: {metrics: [{name: rate, interval: 30s, count: 10, provider: {web: {url: "http://rate"}}}]}
`;
export const ANALYSED = {
  strategy: "canary: {steps: [{setWeight: 25}, {analysis: {templates: [{templateName: rate}]}}]}",
  objects: TEMPLATE,
  script: ["10s: set image web web=web:2"],
  untilSeconds: 60,
};

const NO_RIGHT = 'services "web-b" is forbidden: User "system:serviceaccount:argo:argo" cannot ' +
  'patch resource "services" in API group "" in the namespace "shop"';

export const STUCK: readonly Explained[] = [
  {
    name: "a right that the controller does not have",
    script: ["10s: set image web web=web:2"],
    untilSeconds: 60,
    change(object) {
      if (object["kind"] !== "Rollout") return;
      const message = `Reconciliation failed with error: ${NO_RIGHT}`;
      Object.assign(object["status"] as object, { phase: "Progressing", message });
    },
    says: [
      /^Waits for: +the next try: the last one failed$/m,
      /^On: +Rollout web: services "web-b" is forbidden: /m,
      /^To do: +let the controller patch resource "services" in API group "" \(sluice manifests /m,
      ABORT,
    ],
  },
  {
    name: "a namespace that is being deleted",
    untilSeconds: 60,
    alsoRead: "apiVersion: v1\nkind: Namespace\n" +
      'metadata: {name: shop, deletionTimestamp: "2030-01-01T00:00:01Z"}\n',
    says: [
      /^Waits for: +its namespace is being deleted: nothing new can be made there$/m,
      /^On: +Namespace shop: is being deleted$/m,
    ],
  },
  {
    name: "an analysis that is still running",
    ...ANALYSED,
    alsoRead: TEMPLATE,
    says: [
      /^On: +AnalysisRun web-\w+-2-1: Running/m,
      /^Since: +2030-01-01T00:00:1\dZ/m,
      /^To do: +sluice promote web -n shop: go on without its result$/m,
      ABORT,
    ],
  },
  {
    name: "an image that cannot be pulled",
    script: BROKEN,
    untilSeconds: 40,
    says: [
      WAITS_FOR_CANARY,
      /^On: +ReplicaSet web-\w+ \(revision 2\): 1 of 1 pod is not ready: ImagePullBackOff \(/m,
      /^Since: +2030-01-01T00:00:10Z/m,
      /^Deadline: +2030-01-01T00:01:11Z \(in 61s\): then it is Degraded$/m,
      /^To do: +check the name of the image/m,
      ABORT,
    ],
  },
  {
    name: "an image that cannot be pulled, after the deadline",
    script: BROKEN,
    untilSeconds: 100,
    says: [/^Status: +✖ Degraded \(ProgressDeadlineExceeded/m, WAITS_FOR_CANARY, ABORT],
  },
  {
    name: "an update that will be aborted at its deadline",
    spec: "  progressDeadlineAbort: true",
    script: BROKEN,
    untilSeconds: 40,
    says: [/^Deadline: .*: then the update is aborted$/m],
  },
  {
    name: "a crash loop",
    spec: "  minReadySeconds: 10",
    script: ["10s: crash web:2 --after 5s", "10s: set image web web=web:2"],
    untilSeconds: 40,
    says: [
      WAITS_FOR_CANARY,
      /^On: .*CrashLoopBackOff/m,
      /^To do: +kubectl logs web-\w+-\w+ -n shop --previous$/m,
    ],
  },
  {
    name: "pods that fit nowhere",
    script: ["10s: unschedulable web:2", "10s: set image web web=web:2"],
    untilSeconds: 40,
    says: [WAITS_FOR_CANARY, /^On: .*Unschedulable/m, /^To do: +make room on the nodes/m],
  },
  {
    name: "nodes that are full",
    strategy: "canary: {maxUnavailable: 0, steps: [{setWeight: 25}, {pause: {}}]}",
    script: ["10s: nodes full", "10s: set image web web=web:2"],
    untilSeconds: 40,
    says: [WAITS_FOR_CANARY, /^On: .*Unschedulable/m, /^To do: +make room on the nodes/m],
  },
  {
    name: "a quota that refuses pods",
    strategy: "canary: {maxSurge: 2, maxUnavailable: 0, steps: [{setWeight: 25}, {pause: {}}]}",
    objects: "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: few, namespace: shop}\n" +
      "spec: {hard: {pods: 4}}\n",
    script: ["10s: set image web web=web:2"],
    untilSeconds: 40,
    says: [/^On: .*cannot be created: .*exceeded quota: few/m, /^To do: +raise the quota/m],
  },
  {
    name: "a Service that is missing",
    strategy: "canary: {stableService: stable, canaryService: canary, steps: [{setWeight: 25}]}",
    untilSeconds: 40,
    says: [
      /^On: +Rollout web: spec.strategy.canary.stableService: .*service "stable" not found$/m,
      /^To do: +make the Service, or correct its name in the Rollout$/m,
    ],
  },
  {
    name: "a spec that is invalid",
    strategy: "canary: {maxSurge: 0, maxUnavailable: 0}",
    untilSeconds: 40,
    says: [
      /^Waits for: +The Rollout "web" is invalid: spec.strategy.maxSurge/m,
      /^Since: +2030-01-01T00:00:00Z/m,
      /^To do: +correct what it names, and apply it again/m,
    ],
  },
  {
    name: "paused by spec during an update",
    script: ["10s: set image web web=web:2", "20s: promote web", "20s: pause web"],
    untilSeconds: 60,
    says: [
      /^Waits for: +paused by spec.paused until it is unset$/m,
      /^Since: +2030-01-01T00:00:20Z/m,
      /^To do: +sluice promote web -n shop: go on$/m,
    ],
  },
  {
    name: "a pause without an end",
    script: ["10s: set image web web=web:2"],
    untilSeconds: 60,
    says: [
      /^Step: +1\/4, pause: \{\}$/m,
      /^Waits for: +paused: waiting for promotion$/m,
      /^On: +Rollout web: spec.strategy.canary.steps\[1\]$/m,
      /^To do: +sluice promote web -n shop: go on$/m,
      ABORT,
    ],
  },
  {
    name: "a pause that ends by itself",
    strategy: "canary: {steps: [{setWeight: 25}, {pause: {duration: 1h}}]}",
    script: ["10s: set image web web=web:2"],
    untilSeconds: 60,
    says: [
      /^Waits for: +paused until 2030-01-01T01:00:12Z$/m,
      /^Wakes: +2030-01-01T01:00:12Z \(in 60m\)/m,
      /^To do: +wait: it goes on by itself at 2030-01-01T01:00:12Z$/m,
      /sluice promote web -n shop: go on now$/m,
    ],
  },
  {
    name: "a blue-green before its cutover",
    strategy: "blueGreen: {activeService: active, autoPromotionEnabled: false}",
    objects: SERVICES("active"),
    script: ["10s: set image web web=web:2"],
    untilSeconds: 60,
    says: [/^Status: .*BlueGreenPause/m, /^Waits for: +paused: waiting for promotion$/m, ABORT],
  },
  {
    name: "an update that was aborted",
    script: ["10s: set image web web=web:2", "20s: abort web"],
    untilSeconds: 60,
    says: [
      /^Waits for: +the update was aborted: waiting for retry or another template$/m,
      /^Since: +2030-01-01T00:00:20Z/m,
      /^To do: +sluice retry rollout web -n shop: try the update again$/m,
    ],
  },
  {
    name: "a Rollout that is being deleted",
    untilSeconds: 10,
    change: ({ kind, metadata }) => {
      if (kind !== "Rollout") return;
      Object.assign(metadata as object, {
        deletionTimestamp: "2030-01-01T00:00:05Z",
        finalizers: ["example.com/hold"],
      });
    },
    says: [/^Waits for: +it is being deleted/m, /^On: +Rollout web: finalizer example.com\/hold$/m],
  },
  {
    name: "pods that are Ready, but not for long enough",
    spec: "  minReadySeconds: 30",
    script: ["40s: set image web web=web:2"],
    untilSeconds: 50,
    says: [WAITS_FOR_CANARY, /^On: .*0 of 1 pods are available$/m, /^To do: +wait: they are /m],
  },
  {
    name: "a readiness gate that nobody opens",
    template: "readinessGates: [{conditionType: example.com/ready}]",
    untilSeconds: 40,
    says: [/^On: .*ReadinessGatesNotReady/m, /^To do: +see why nobody opens the readiness gate/m],
  },
  {
    name: "a Deployment that is missing",
    workload: "missing",
    untilSeconds: 40,
    says: [/^On: .*Deployment.*not found/im, /^To do: +make the Deployment, or correct its name/m],
  },
  {
    name: "the next pods of a blue-green that do not start",
    strategy: "blueGreen: {activeService: active, previewService: preview}",
    objects: SERVICES("active", "preview"),
    script: BROKEN,
    untilSeconds: 40,
    says: [/^On: +ReplicaSet web-\w+ \(revision 2\): .*ImagePullBackOff/m, ABORT],
  },
  {
    name: "a blue-green that goes on by itself",
    strategy: "blueGreen: {activeService: active, autoPromotionSeconds: 600}",
    objects: SERVICES("active"),
    script: ["10s: set image web web=web:2"],
    untilSeconds: 60,
    says: [/^Wakes: +2030-01-01T00:10:1\dZ/m, /^To do: +wait: it goes on by itself at /m],
  },
  {
    name: "a change that no controller has seen",
    untilSeconds: 10,
    change: (object) => {
      if (object["kind"] !== "Rollout") return;
      Object.assign(object["metadata"] as object, { generation: 7 });
      Object.assign(object["spec"] as object, { replicas: 5 });
    },
    says: [
      /^On: +Rollout web: no controller has seen generation 7 yet$/m,
      /^Would do: +patch ReplicaSet web-\w+: .*"replicas":5/m,
      /^To do: +if this stays so, no controller is at work/m,
    ],
  },
  {
    name: "nothing at all",
    untilSeconds: 60,
    says: [/^Waits for: +nothing: it is as wanted$/m, /^Wakes: +when one of its objects changes$/m],
  },
];
