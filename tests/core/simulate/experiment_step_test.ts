import assert from "node:assert/strict";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { type Outcome, renderTimeline } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { BAD, linesWith, play, service, shop } from "./shop.ts";

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

/** A Rollout behind Istio whose first step is an experiment of 30 s with pods of both revisions. */
function world({ fields = "" } = {}): string {
  const template = (name: string) =>
    `{name: ${name}, specRef: ${name}, weight: 20, service: {name: trial-${name}}}`;
  const experiment = `experiment: {duration: 30s, templates: [${template("stable")}, ` +
    `${template("canary")}]}`;
  const strategy = `canary: {stableService: stable, canaryService: canary, ` +
    `steps: [{${experiment}}, {setWeight: 50}, {pause: {}}], ` +
    "trafficRouting: {istio: {virtualService: {name: shop}}}}";
  const text = shop(strategy, { fields }).replace(
    'image: "registry.example/shop:1"',
    'image: "registry.example/shop:1", ports: [{containerPort: 80}]',
  );
  return text + service("stable") + service("canary") + ROUTE;
}

const UPDATE = "10s: set image shop main=registry.example/shop:2";

function ofKind({ objects }: Outcome, kind: string): string[] {
  return objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
}

/** The same pods without a port. */
const withoutPort = (text: string) => text.replace(", ports: [{containerPort: 80}]", "");

/** The weights as they changed. */
function weightsOf({ timeline }: Outcome): string[] {
  const all = timeline.map(({ atSeconds, routes }) =>
    `${atSeconds} ${JSON.stringify(Object.values(routes ?? {})[0] ?? {})}`
  );
  return all.filter((line, index) =>
    index === 0 || line.split(" ")[1] !== all[index - 1]?.split(" ")[1]
  );
}

Deno.test("a Service of an experiment that served to its end is not told as deleted", async () => {
  const outcome = await play(world(), [UPDATE], { plugins });
  assert.deepEqual(linesWith(outcome, "was deleted"), []);
  assert.deepEqual(outcome.users.services.map(({ service }) => service), ["canary", "stable"]);
  const hurt = await play(world(), [UPDATE, "20s: crash registry.example/shop:2"], { plugins });
  assert.equal(linesWith(hurt, "Service trial-canary had no ready pod").length, 1);
});

Deno.test("an experiment of a step has its share while it runs, and its pods are counted", async () => {
  const outcome = await play(world(), [UPDATE], { plugins });
  assert.deepEqual(outcome.result.violations, []);
  assert.deepEqual(weightsOf(outcome).slice(1), [
    '11.2 {"stable":60,"canary":0,"trial-canary":20,"trial-stable":20}',
    '42 {"stable":100,"canary":0}',
    '43.2 {"stable":50,"canary":50}',
  ]);
  assert.equal(Math.max(...outcome.timeline.map(({ pods }) => pods)), 5);
  assert.deepEqual(ofKind(outcome, "Service"), ["canary", "stable"]);
  assert.deepEqual(ofKind(outcome, "Pod").filter((name) => /-2-0-/.test(name)), []);
});

Deno.test("an abort takes the share back at once, and ends the experiment", async () => {
  const outcome = await play(world(), [UPDATE, "20s: abort shop"], { plugins });
  assert.deepEqual(weightsOf(outcome).slice(1), [
    '11.2 {"stable":60,"canary":0,"trial-canary":20,"trial-stable":20}',
    '20 {"stable":100,"canary":0}',
  ]);
  const [experiment] = outcome.objects.filter(({ kind }) => kind === "Experiment");
  assert.equal(fieldsOf(experiment?.["status"])["phase"], "Successful");
  assert.deepEqual(ofKind(outcome, "Service"), ["canary", "stable"]);
  assert.equal(ofKind(outcome, "Pod").length, 2);
});

Deno.test("an experiment without its pods fails in time; the update is taken back", async () => {
  const fields = "progressDeadlineSeconds: 60";
  const commands = [`0s: fail-image ${BAD}`, `10s: set image shop main=${BAD}`];
  const outcome = await play(world({ fields }), commands, { plugins });
  assert.equal(weightsOf(outcome).length, 1);
  assert.match(outcome.result.message, /exceeded its progressDeadlineSeconds \(60\)/);
  assert.equal(outcome.result.phase, "Degraded");
  assert.equal(ofKind(outcome, "Pod").length, 2);
});

Deno.test("an experiment that a user deletes is begun anew, and leaves nothing", async () => {
  const find = await play(world(), [UPDATE], { plugins, untilMs: 15_000 });
  const [name = ""] = ofKind(find, "Experiment");
  const commands = [UPDATE, `20s: delete experiment ${name}`];
  const outcome = await play(world(), commands, { plugins });
  assert.deepEqual(ofKind(outcome, "Experiment"), [name]);
  assert.deepEqual(ofKind(outcome, "Service"), ["canary", "stable"]);
  assert.deepEqual(outcome.result.violations, []);
  assert.equal(outcome.result.phase, "Paused");
});

Deno.test("a Rollout that is deleted takes its experiment with it", async () => {
  const outcome = await play(world(), [UPDATE, "20s: delete rollout shop"], { plugins });
  for (const kind of ["Rollout", "Experiment", "ReplicaSet", "Pod"]) {
    assert.deepEqual(ofKind(outcome, kind), [], kind);
  }
  assert.deepEqual(ofKind(outcome, "Service"), ["canary", "stable"]);
});

Deno.test("stable's Service never reaches the pods of an experiment", async () => {
  const outcome = await play(world(), [UPDATE], { plugins, untilMs: 25_000 });
  const slices = outcome.objects.filter(({ kind }) => kind === "EndpointSlice");
  const counts = Object.fromEntries(slices.map((slice) => [
    slice.metadata.labels?.["kubernetes.io/service-name"],
    listOf(slice["endpoints"]).length,
  ]));
  assert.deepEqual(counts, { canary: 2, stable: 2, "trial-canary": 1, "trial-stable": 1 });
});

Deno.test("a command stands after what experiments did before it", async () => {
  const trial = "{experiment: {duration: 30s, templates: [{name: canary, specRef: canary}]}}";
  const outcome = await play(shop(`canary: {steps: [${trial}]}`), [UPDATE, "20s: abort shop"]);
  const text = renderTimeline(outcome);
  const lines = text.split("\n").map((line) => line.trim());
  const running = lines.findIndex((line) => /^11\.2s Σ .* Running/.test(line));
  const abort = lines.indexOf("20s $ abort shop");
  assert.ok(running > 0 && running < abort, text);
});

Deno.test("a template with a weight whose pods have no port gets no Service, and it is told", async () => {
  const outcome = await play(withoutPort(world()), [UPDATE], { plugins });
  assert.ok(weightsOf(outcome).every((line) => !line.includes("trial-")));
  assert.deepEqual(ofKind(outcome, "Service"), ["canary", "stable"]);
  const running = await play(withoutPort(world()), [UPDATE], { plugins, untilMs: 20_000 });
  const experiment = running.objects.find(({ kind }) => kind === "Experiment");
  const statuses = listOf(fieldsOf(experiment?.["status"])["templateStatuses"]).map(fieldsOf);
  assert.deepEqual(statuses.map(({ message }) => message), [
    "Template 'stable' gets no Service: none of its containers has a port",
    "Template 'canary' gets no Service: none of its containers has a port",
  ]);
});

Deno.test("weights of more than all traffic: what does not fit gets nothing, and it is told", async () => {
  const outcome = await play(world().replaceAll("weight: 20", "weight: 60"), [UPDATE], { plugins });
  assert.deepEqual(outcome.result.violations, []);
  assert.deepEqual(weightsOf(outcome)[1], '11.2 {"stable":40,"canary":0,"trial-stable":60}');
  const told = "template canary gets no traffic: weight 60 is more than the 40 left";
  assert.ok(linesWith(outcome, told).length > 0);
});
