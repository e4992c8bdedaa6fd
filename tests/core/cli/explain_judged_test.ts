/** What is explained of Rollouts that routers steer, and analyses and experiments judge. */
import assert from "node:assert/strict";
import { dumpOf, explained, type Situation } from "./explain_world.ts";
import { run } from "./fake_terminal.ts";

/** A situation, and lines that must be there. */
interface Explained extends Situation {
  readonly name: string;
  readonly says: readonly RegExp[];
}

const UPDATE = "10s: set image web web=web:2";
const ABORT = /sluice abort web -n shop: go back to the stable revision$/m;
const RETRY = /^To do: +sluice retry rollout web -n shop: try the update again$/m;

function services(...names: string[]): string {
  return names.map((name) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\n` +
    "spec: {selector: {app: web}, ports: [{port: 80}]}\n---\n"
  ).join("");
}

function routed(routing: string, steps: string): string {
  return `canary: {stableService: stable, canaryService: canary, trafficRouting: ${routing}, ` +
    `steps: ${steps}}`;
}

const ISTIO = "{istio: {virtualService: {name: web}}}";
const VIRTUAL_SERVICE = `apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
  - route:
    - {destination: {host: stable}, weight: 100}
    - {destination: {host: canary}, weight: 0}
`;

const TEMPLATE = `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate, namespace: shop}
spec: {metrics: [{name: rate, interval: 30s, count: 10, provider: {web: {url: "http://rate"}}}]}
`;

function found(status: string): string {
  return `rate: {rate: [{at: 0s, status: ${status}}]}`;
}

const ANALYSIS = "{templates: [{templateName: rate}]}";

function experiment(fields = "duration: 5m"): string {
  return `canary: {steps: [{experiment: {${fields}, templates: [` +
    "{name: baseline, specRef: stable}, {name: candidate, specRef: canary}]}}, {pause: {}}]}";
}

const MEASURED = "duration: 5m, analyses: [{name: compare, templateName: rate}]";

const SITUATIONS: readonly Explained[] = [
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
      /^To do: +correct what it names, and apply it again/m,
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
    name: "an experiment that runs",
    strategy: experiment(MEASURED),
    objects: TEMPLATE,
    data: found("Successful"),
    script: [UPDATE],
    untilSeconds: 60,
    says: [
      /^Step: +0\/2, experiment: baseline, candidate for 5m, measured by compare$/m,
      /^On: +Experiment web-\w+-2-0: Running$/m,
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

for (const { name, says, ...situation } of SITUATIONS) {
  Deno.test(`explain tells the cause and the way out of ${name}`, async () => {
    const text = await explained(situation);
    for (const line of says) assert.match(text, line);
  });
}

for (const kind of ["AnalysisTemplate", "VirtualService", "Service"]) {
  Deno.test(`explain of files without the ${kind} says that they lack it, not that it is wrong`, async () => {
    const list = JSON.parse(
      await dumpOf({
        strategy: routed(ISTIO, `[{setWeight: 20}, {analysis: ${ANALYSIS}}]`),
        objects: services("stable", "canary") + VIRTUAL_SERVICE + "---\n" + TEMPLATE,
        data: found("Successful"),
        script: [UPDATE],
        untilSeconds: 60,
      }),
    ) as { items: { kind: string }[] };
    const items = list.items.filter((item) => item.kind !== kind);
    const files = { dump: JSON.stringify({ ...list, items }) };
    const { code, out } = await run(["explain", "-f", "dump"], { files });
    assert.equal(code, 0);
    assert.match(out, /^Waits for: +it cannot be told: the files lack what the Rollout names$/m);
    assert.match(out, /^On: +Rollout web: spec\..* not found$/m);
    assert.match(out, /^To do: +read that as well: kubectl get /m);
    assert.doesNotMatch(out, /invalid/i);
  });
}
