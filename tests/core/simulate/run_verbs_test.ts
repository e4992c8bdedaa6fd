/** What commands about Experiments and AnalysisRuns do to the simulated world. */
import assert from "node:assert/strict";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { linesWith, play, service, shop } from "./shop.ts";
import { told, toldMetrics } from "./told_metrics.ts";
import type { Outcome } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";

/** An Experiment `trial` of one pod; `fields` in YAML's block style, two blanks deep. */
function trial(fields = "", { namespace = "default" } = {}): string {
  return `
---
apiVersion: argoproj.io/v1alpha1
kind: Experiment
metadata: {name: trial, namespace: ${namespace}}
spec:
  templates:
  - name: only
    selector: {matchLabels: {app: trial}}
    template:
      metadata: {labels: {app: trial}}
      spec: {containers: [{name: main, image: "registry.example/shop:1"}]}
${fields}`;
}

function phasesOf({ experiments = [] }: Outcome, namespace = "default"): string[] {
  const phases = experiments.filter((entry) => entry.namespace === namespace)
    .map(({ atSeconds, phase }) => `${atSeconds} ${phase}`);
  return phases.filter((line, index) => line.split(" ")[1] !== phases[index - 1]?.split(" ")[1]);
}

function ofKind({ objects }: Outcome, kind: string): KubeObject[] {
  return objects.filter((object) => object.kind === kind);
}

Deno.test("terminate experiment ends it, and its pods go", async () => {
  const outcome = await play(trial(), ["1m: terminate experiment trial"]);
  assert.deepEqual(phasesOf(outcome), ["0 Pending", "1.2 Running", "60 Successful"]);
  assert.deepEqual(ofKind(outcome, "Pod"), []);
});

Deno.test("retry experiment starts it again", async () => {
  const outcome = await play(trial("  duration: 10s"), [
    "2m: kubectl argo rollouts retry experiment trial",
  ]);
  assert.deepEqual(phasesOf(outcome), [
    ...["0 Pending", "1.2 Running", "12 Successful"],
    ...["120 Pending", "121.2 Running", "132 Successful"],
  ]);
});

Deno.test("an experiment of one of several namespaces is named with it, or by -n", async () => {
  const both = trial() + trial("", { namespace: "shop" });
  const ended = ["0 Pending", "1.2 Running", "60 Successful"];
  for (const command of ["terminate exp shop/trial", "terminate exp trial -n shop"]) {
    const outcome = await play(both, [`1m: ${command}`], { untilMs: 120_000 });
    assert.deepEqual(phasesOf(outcome, "shop"), ended, command);
    assert.deepEqual(phasesOf(outcome), ended.slice(0, 2), command);
  }
  await assert.rejects(play(both, ["1m: terminate exp trial"]), {
    message:
      'at 60s "terminate exp trial" was refused: there is an experiment "trial" in each of ' +
      'the namespaces default, shop: write "default/trial"',
  });
});

Deno.test("terminate analysisrun ends a run with what it has measured", async () => {
  const manifests = told("rate", { count: 0 });
  const outcome = await play(manifests, [
    "10s: create analysisrun --from rate --name once",
    "35s: terminate analysisrun once",
  ], { plugins: toldMetrics({ rate: [1] }) });
  const [run] = ofKind(outcome, "AnalysisRun");
  const { phase, metricResults } = fieldsOf(run?.["status"]);
  assert.deepEqual([run?.metadata.name, phase], ["once", "Successful"]);
  assert.equal(fieldsOf(listOf(metricResults)[0])["successful"], 3);
});

Deno.test("create analysisrun gives a template its arguments, also one of the cluster", async () => {
  const local = told("rate", { count: 1, args: "{name: set}" });
  const { asked, ...rest } = toldMetrics({ rate: [1] });
  const all = local + local.replace("AnalysisTemplate", "ClusterAnalysisTemplate") +
    "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
  const outcome = await play(all, [
    "0s: create analysisrun --from rate -a set=here",
    "1m: create analysisrun --from rate --global -a set=there -n shop --instance-id blue",
  ], { plugins: rest });
  assert.deepEqual(asked, ['rate {"of":"here"}', 'rate {"of":"there"}']);
  assert.deepEqual(
    ofKind(outcome, "AnalysisRun").map(({ metadata }) => [
      metadata.namespace,
      metadata.name.slice(0, 5),
      metadata.labels?.["argo-rollouts.argoproj.io/controller-instance-id"],
    ]),
    [["default", "rate-", undefined], ["shop", "rate-", "blue"]],
  );
});

const REFUSED: [command: string, message: RegExp][] = [
  ["terminate experiment nobody", /refused: experiment "nobody" not found in namespace "default"$/],
  ["terminate analysisrun nobody", /refused: analysisRun "nobody" not found /],
  ["retry experiment nobody", /refused: experiment "nobody" not found in namespace "default"$/],
  ["create analysisrun --from nobody", /refused: analysisTemplate "nobody" not found /],
  [
    "create analysisrun --from nobody --global",
    /refused: clusterAnalysisTemplate "nobody" not found$/,
  ],
];
for (const [command, message] of REFUSED) {
  Deno.test(`"${command}" is refused`, async () => {
    await assert.rejects(play(trial(), [`5s: ${command}`]), { name: "ScriptError", message });
  });
}

const ROUTE = `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http:
  - route:
    - {destination: {host: stable}, weight: 100}
    - {destination: {host: canary}, weight: 0}
`;
const ROUTED = shop(
  "canary: {stableService: stable, canaryService: canary, steps: [{setWeight: 50}, {pause: {}}], " +
    "trafficRouting: {istio: {virtualService: {name: shop}}}}",
) + service("stable") + service("canary") + ROUTE;

for (
  const kind of ["virtualservice", "VirtualService", "vs", "virtualservices.networking.istio.io"]
) {
  Deno.test(`"delete ${kind}/shop" deletes a routed object, and the Rollout misses it`, async () => {
    const outcome = await play(ROUTED, [`10s: delete ${kind}/shop`], { plugins });
    assert.match(outcome.result.message, /VirtualService.* "?shop"? not found/i);
    assert.ok(linesWith(outcome, `$ delete ${kind}/shop`).length > 0);
  });
}

Deno.test("a kind that plays no part is refused before anything runs", async () => {
  for (const kind of ["job", "toString", "virtualservice"]) {
    await assert.rejects(play(shop(), [`10s: delete ${kind}/web`]), {
      name: "ScriptError",
      message: `"delete ${kind}/web": kind "${kind}" is not simulated`,
    });
  }
  await assert.rejects(play(ROUTED, ["10s: delete job/web"], { plugins }), { name: "ScriptError" });
});
