/** Situations of Rollouts that routers steer, and analyses and experiments judge. */
import type { Explained } from "./stuck_situations.ts";

export const UPDATE = "10s: set image web web=web:2";
const ABORT = /sluice abort web -n shop: go back to the stable revision$/m;
const RETRY = /^To do: +sluice retry rollout web -n shop: try the update again$/m;

export function services(...names: string[]): string {
  return names.map((name) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\n` +
    "spec: {selector: {app: web}, ports: [{port: 80}]}\n---\n"
  ).join("");
}

export function routed(routing: string, steps: string): string {
  return `canary: {stableService: stable, canaryService: canary, trafficRouting: ${routing}, ` +
    `steps: ${steps}}`;
}

export const ISTIO = "{istio: {virtualService: {name: web}}}";
export const VIRTUAL_SERVICE = `apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
  - route:
    - {destination: {host: stable}, weight: 100}
    - {destination: {host: canary}, weight: 0}
`;

export const TEMPLATE = `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate, namespace: shop}
spec: {metrics: [{name: rate, interval: 30s, count: 10, provider: {web: {url: "http://rate"}}}]}
`;

export function found(status: string): string {
  return `rate: {rate: [{at: 0s, status: ${status}}]}`;
}

export const ANALYSIS = "{templates: [{templateName: rate}]}";

function experiment(fields = "duration: 5m"): string {
  return `canary: {steps: [{experiment: {${fields}, templates: [` +
    "{name: baseline, specRef: stable}, {name: candidate, specRef: canary}]}}, {pause: {}}]}";
}

const MEASURED = "duration: 5m, analyses: [{name: compare, templateName: rate}]";

export const JUDGED: readonly Explained[] = [
  {
    name: "a VirtualService that is missing",
    strategy: routed(ISTIO, "[{setWeight: 20}, {pause: {}}]"),
    objects: services("stable", "canary"),
    untilSeconds: 30,
    says: [/^On: +Rollout web: .*virtualService.*not found/im, /^To do: +/m],
  },
  {
    name: "a VirtualService without a route to the canary",
    strategy: routed(ISTIO, "[{setWeight: 20}, {pause: {}}]"),
    objects: services("stable", "canary") +
      VIRTUAL_SERVICE.replace(/^ +- \{destination: \{host: canary.*\n/m, ""),
    untilSeconds: 30,
    says: [/^On: +Rollout web: .*canary/m, /^To do: +correct what it names, and apply it/m],
  },
  {
    name: "an Ingress that is missing",
    strategy: routed("{nginx: {stableIngress: web}}", "[{setWeight: 20}, {pause: {}}]"),
    objects: services("stable", "canary"),
    untilSeconds: 30,
    says: [/^On: +Rollout web: .*ingress.*not found/im, /^To do: +/m],
  },
  {
    name: "a weight that waits for pods of the canary",
    strategy: routed(ISTIO, "[{setWeight: 20}, {pause: {}}]"),
    objects: services("stable", "canary") + VIRTUAL_SERVICE,
    script: ["10s: fail-image web:2", UPDATE],
    untilSeconds: 40,
    says: [
      /^Step: +0\/2, setWeight: 20$/m,
      /^On: +ReplicaSet web-\w+ \(revision 2\): 1 of 1 pod is not ready: ImagePullBackOff/m,
      /^To do: +check the name of the image/m,
      ABORT,
    ],
  },
  {
    name: "an analysis in the background, during a pause",
    strategy: `canary: {analysis: ${ANALYSIS}, steps: [{setWeight: 25}, {pause: {duration: 1h}}]}`,
    objects: TEMPLATE,
    data: found("Successful"),
    script: [UPDATE],
    untilSeconds: 60,
    says: [
      /^Step: +1\/2, pause: \{duration: 1h\}$/m,
      /^On: +AnalysisRun web-\w+-2: Running \(rate Running\)$/m,
      /^ +Rollout web: spec\.strategy\.canary\.steps\[1\]$/m,
      /^To do: +wait: it goes on by itself at /m,
    ],
  },
  {
    name: "an analysis without a result",
    strategy: `canary: {steps: [{setWeight: 25}, {analysis: ${ANALYSIS}}]}`,
    objects: TEMPLATE,
    data: found("Inconclusive"),
    script: [UPDATE],
    untilSeconds: 90,
    says: [
      /^Step: +1\/2, analysis: rate$/m,
      /^On: +AnalysisRun web-\w+-2-1: Inconclusive/m,
      /^To do: +sluice promote web -n shop: leave this step behind, and go on$/m,
      ABORT,
    ],
  },
  {
    name: "an analysis that failed",
    strategy: `canary: {steps: [{setWeight: 25}, {analysis: ${ANALYSIS}}]}`,
    objects: TEMPLATE,
    data: found("Failed"),
    script: [UPDATE],
    untilSeconds: 120,
    says: [
      /^Status: +✖ Degraded \(RolloutAborted: .*assessed Failed/m,
      /^Waits for: +the update was aborted/m,
      RETRY,
    ],
  },
  {
    name: "an analysis of a template that is not there",
    strategy: `canary: {steps: [{setWeight: 25}, {analysis: ${ANALYSIS}}]}`,
    untilSeconds: 30,
    says: [
      /^Waits for: +The Rollout "web" is invalid: .*AnalysisTemplate 'rate' not found/m,
      /^To do: +make the AnalysisTemplate, or correct its name in the Rollout$/m,
    ],
  },
  {
    name: "an analysis before the promotion of a blue-green",
    strategy: `blueGreen: {activeService: active, prePromotionAnalysis: ${ANALYSIS}}`,
    objects: services("active") + TEMPLATE,
    data: found("Successful"),
    script: [UPDATE],
    untilSeconds: 60,
    says: [
      /^On: +AnalysisRun web-\w+-2-pre: Running \(rate Running\)$/m,
      /^To do: +sluice promote web --full -n shop: go on without its result$/m,
    ],
  },
  {
    name: "a DestinationRule that is missing",
    strategy: routed(
      "{istio: {virtualService: {name: web}, destinationRule: {name: web, " +
        "stableSubsetName: stable, canarySubsetName: canary}}}",
      "[{setWeight: 20}, {pause: {}}]",
    ),
    objects: services("stable", "canary") +
      VIRTUAL_SERVICE.replace(/host: (stable|canary)/g, "host: web, subset: $1"),
    untilSeconds: 30,
    says: [/^On: +.*destinationrule.*web.*not found/im, /^To do: +make the DestinationRule/m],
  },
  {
    name: "a route of the Gateway API that is missing",
    strategy: routed(
      "{plugins: {argoproj-labs/gatewayAPI: {httpRoute: web, namespace: shop}}}",
      "[{setWeight: 20}, {pause: {}}]",
    ),
    objects: services("stable", "canary"),
    untilSeconds: 30,
    says: [
      /^Waits for: +the next try: the last one failed$/m,
      /^On: +Rollout web: httproutes\S+ "web" not found$/m,
      /^To do: +make the HTTPRoute, or correct its name in the Rollout$/m,
    ],
  },
  {
    name: "an analysis whose source answers with errors",
    strategy: `canary: {steps: [{setWeight: 25}, {analysis: ${ANALYSIS}}]}`,
    objects: TEMPLATE,
    data: found("503"),
    script: [UPDATE],
    untilSeconds: 30,
    says: [
      /^On: +AnalysisRun web-\w+-2-1: Running \(rate Running: received non 2xx .*: 503\)$/m,
      ABORT,
    ],
  },
  {
    name: "an analysis in the background that came to nothing",
    strategy: `canary: {analysis: ${ANALYSIS}, steps: [{setWeight: 25}, {pause: {duration: 1h}}]}`,
    objects: TEMPLATE,
    data: found("Inconclusive"),
    script: [UPDATE],
    untilSeconds: 120,
    says: [
      /^Status: +॥ Paused/m,
      /^On: +AnalysisRun web-\w+-2: Inconclusive/m,
      /promote web -n shop: measure anew, and go on meanwhile$/m,
      ABORT,
    ],
  },
  {
    name: "an analysis after the promotion of a blue-green",
    strategy: `blueGreen: {activeService: active, postPromotionAnalysis: ${ANALYSIS}}`,
    objects: services("active") + TEMPLATE,
    data: found("Successful"),
    script: [UPDATE],
    untilSeconds: 60,
    says: [/^On: +AnalysisRun web-\w+-2-post: Running \(rate Running\)$/m, ABORT],
  },
  {
    name: "an experiment of a template that is not there",
    strategy: experiment(MEASURED),
    script: [UPDATE],
    untilSeconds: 60,
    says: [
      /^Status: +✖ Degraded \(RolloutAborted: .*"rate" not found\)$/m,
      /^To do: +make the AnalysisTemplate, or correct its name in the Rollout$/m,
    ],
  },
  {
    name: "an experiment that runs",
    strategy: experiment(MEASURED),
    objects: TEMPLATE,
    data: found("Successful"),
    script: [UPDATE],
    untilSeconds: 60,
    says: [
      /^Step: +0\/2, experiment: baseline, candidate for 5m, measured by compare$/m,
      /^On: +Experiment web-\w+-2-0: Running \(until 2030-01-01T00:05:1\dZ\)$/m,
      /^Since: +2030-01-01T00:00:1\dZ/m,
      /^To do: +sluice promote web -n shop: go on without its result$/m,
      ABORT,
    ],
  },
  {
    name: "an experiment that lacks pods",
    strategy: experiment(),
    script: ["10s: fail-image web:2", UPDATE],
    untilSeconds: 40,
    says: [
      /^On: +Experiment web-\w+-2-0: Pending$/m,
      /^ +ReplicaSet web-\w+-2-0-candidate \(template candidate\): 1 of 1 pod is not ready: Im/m,
      /^To do: +check the name of the image/m,
      ABORT,
    ],
  },
  {
    name: "an experiment whose pods crash",
    spec: "  minReadySeconds: 10",
    strategy: experiment(),
    script: ["10s: crash web:2 --after 5s", UPDATE],
    untilSeconds: 40,
    says: [
      /^ +ReplicaSet \S+ \(template candidate\): .*CrashLoopBackOff/m,
      /^To do: +kubectl logs web-\w+-2-0-candidate-\w+ -n shop --previous$/m,
    ],
  },
  {
    name: "an experiment without a result",
    strategy: experiment(MEASURED),
    objects: TEMPLATE,
    data: found("Inconclusive"),
    script: [UPDATE],
    untilSeconds: 120,
    says: [
      /^On: +Experiment web-\w+-2-0: Inconclusive/m,
      /^To do: +sluice promote web -n shop: begin the experiment anew$/m,
      ABORT,
    ],
  },
  {
    name: "an experiment that failed",
    strategy: experiment(MEASURED),
    objects: TEMPLATE,
    data: found("Failed"),
    script: [UPDATE],
    untilSeconds: 120,
    says: [/^Status: +✖ Degraded \(RolloutAborted: .*Failed/m, RETRY],
  },
];
