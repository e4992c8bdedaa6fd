/** Canaries with traffic routers, told as what people see: weights, Services, messages. */
import assert from "node:assert/strict";
import { type Outcome, parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { objectsOf, service } from "./shop.ts";

const UNTIL_MS = 600_000;

function rollout(routing: string, { steps, fields = "" }: { steps: string; fields?: string }) {
  return `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: shop}}
  strategy:
    canary:
      stableService: shop-stable
      canaryService: shop-canary
      trafficRouting: ${routing}
      steps: ${steps}
      ${fields}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: "registry.example/shop:1"}]}
${service("shop-stable")}
${service("shop-canary")}`;
}

const ISTIO = "{istio: {virtualService: {name: shop}}}";
const HALF = "[{setWeight: 50}, {pause: {}}]";

function virtualService(stable = 100): string {
  return `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http:
  - route:
    - {destination: {host: shop-stable}, weight: ${stable}}
    - {destination: {host: shop-canary}, weight: ${100 - stable}}
`;
}

const INGRESS = `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  rules:
  - host: shop.example
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: shop-stable, port: {number: 80}}}
`;

async function play(
  manifests: string,
  commands: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const outcome = await simulate({
    objects: objectsOf(manifests),
    script: [],
    timed: commands.map(parseTimedCommand),
    files: new Map(Object.entries(files).map(([name, text]) => [name, objectsOf(text)])),
    untilMs: UNTIL_MS,
    seed: 1,
  }, { plugins });
  assert.deepEqual(outcome.result.violations, []);
  return outcome;
}

/** The canary's weight in each route whenever it changed, with its time. */
function weightsOf({ timeline }: Outcome, route = "VirtualService/shop"): string[] {
  const rows = timeline.flatMap(({ atSeconds, routes }) => {
    const weights = routes?.[route];
    return weights === undefined ? [] : [[atSeconds, weights["shop-canary"] ?? 0] as const];
  });
  return rows.filter(([, weight], index) => weight !== rows[index - 1]?.[1])
    .map(([at, weight]) => `${at}s ${weight}`);
}

const UPDATE = "1m: set image shop main=registry.example/shop:2";

Deno.test("a canary with a VirtualService: weights follow its pods, and end at stable", async () => {
  const outcome = await play(rollout(ISTIO, { steps: HALF }) + virtualService(), [
    UPDATE,
    "2m: promote shop",
  ]);
  assert.deepEqual(weightsOf(outcome), ["0s 0", "61.2s 50", "121.2s 100", "121.2s 0"]);
  const last = outcome.timeline.at(-1);
  assert.equal(last?.phase, "Healthy");
  assert.deepEqual(last?.others.map(({ replicas }) => replicas), [0]);
  assert.deepEqual(last?.stable?.revision, 2);
  const old = outcome.timeline.filter(({ others }) => (others[0]?.replicas ?? 0) > 0);
  assert.ok((old.at(-1)?.atSeconds ?? 0) - 121.2 <= 31, "the old revision goes after its delay");
});

Deno.test("an abort: all traffic at once, then the Service, then, after the delay, the pods", async () => {
  const outcome = await play(rollout(ISTIO, { steps: HALF }) + virtualService(), [
    UPDATE,
    "90s: abort shop",
  ]);
  assert.deepEqual(weightsOf(outcome), ["0s 0", "61.2s 50", "90s 0"]);
  const after = outcome.timeline.filter(({ atSeconds }) => atSeconds >= 90);
  const hash = after[0]?.stable?.hash;
  const moved = after.findIndex(({ services }) =>
    services["shop-canary"]?.selector["rollouts-pod-template-hash"] === hash
  );
  const emptied = after.findIndex(({ canary }) => canary?.replicas === 0);
  assert.ok(moved >= 0 && moved < emptied, `${moved} ${emptied}`);
  assert.ok((after[emptied]?.atSeconds ?? 0) >= 120);
  assert.equal(after.at(-1)?.phase, "Degraded");
});

Deno.test("a VirtualService that is applied again is mended at once, and once", async () => {
  const text = virtualService();
  const outcome = await play(
    rollout(ISTIO, { steps: HALF }) + text,
    [UPDATE, "90s: apply a.yaml"],
    {
      "a.yaml": text,
    },
  );
  assert.deepEqual(weightsOf(outcome), ["0s 0", "61.2s 50", "90s 0", "90s 50"]);
  assert.equal(outcome.writes.byResource["virtualservices"], 2);
});

Deno.test("a missing VirtualService: the Rollout says so and waits, and goes on when it is there", async () => {
  const outcome = await play(rollout(ISTIO, { steps: HALF }), ["1m: apply a.yaml"], {
    "a.yaml": virtualService(),
  });
  const [first] = outcome.timeline;
  assert.equal(first?.phase, "Degraded");
  assert.match(
    first?.message ?? "",
    /virtualService\.name: Invalid value: "shop": virtualservices\.networking\.istio\.io "shop" not found$/,
  );
  assert.equal(outcome.timeline.at(-1)?.phase, "Healthy");
});

Deno.test("an overtaken revision gives its traffic back to stable before it goes", async () => {
  const outcome = await play(rollout(ISTIO, { steps: HALF }) + virtualService(), [
    UPDATE,
    "90s: set image shop main=registry.example/shop:3",
  ]);
  assert.deepEqual(weightsOf(outcome), ["0s 0", "61.2s 50", "90s 0", "91.2s 50"]);
  for (const { services, stable, canary, others } of outcome.timeline) {
    const hash = services["shop-canary"]?.selector["rollouts-pod-template-hash"];
    const selected = [stable, canary, ...others].find((set) => set?.hash === hash);
    if (hash !== undefined) assert.ok((selected?.available ?? 0) > 0, hash);
  }
});

Deno.test("a canary that crashes gets no traffic until it is back", async () => {
  const outcome = await play(rollout(ISTIO, { steps: HALF }) + virtualService(), [
    UPDATE,
    "90s: crash registry.example/shop:2",
    "100s: heal registry.example/shop:2",
  ]);
  const weights = weightsOf(outcome);
  assert.deepEqual(weights.slice(0, 3), ["0s 0", "61.2s 50", "93s 0"]);
  assert.equal(weights.length, 4);
  assert.match(weights[3] ?? "", / 50$/);
});

Deno.test("a header route stands from its step until the step that takes it away", async () => {
  const steps = `
      - setCanaryScale: {replicas: 1}
      - setHeaderRoute: {name: tests, match: [{headerName: x-test, headerValue: {exact: "yes"}}]}
      - pause: {}
      - setHeaderRoute: {name: tests}
      - pause: {}`;
  const routing = "{istio: {virtualService: {name: shop}}, managedRoutes: [{name: tests}]}";
  const outcome = await play(rollout(routing, { steps }) + virtualService(), [
    UPDATE,
    "2m: promote shop",
  ]);
  const messages = outcome.events.map(({ reason, message }) => `${reason}: ${message}`)
    .filter((text) => text.startsWith("Updated VirtualService"));
  assert.deepEqual(messages, [
    "Updated VirtualService: VirtualService `shop` set headerRoute 'tests'",
    "Updated VirtualService: VirtualService `shop` removed all managed routes.",
  ]);
  assert.equal(outcome.timeline.at(-1)?.step, 4);
});

Deno.test("two routers at once are told the same", async () => {
  const routing = "{istio: {virtualService: {name: shop}}, nginx: {stableIngress: shop}}";
  const outcome = await play(rollout(routing, { steps: HALF }) + virtualService() + INGRESS, [
    UPDATE,
    "2m: promote shop",
  ]);
  for (const route of ["VirtualService/shop", "Ingress/shop"]) {
    assert.deepEqual(
      weightsOf(outcome, route).map((text) => text.split(" ")[1]),
      ["0", "50", "100", "0"],
      route,
    );
  }
});

Deno.test("a canary Ingress of somebody else is not touched, and named", async () => {
  const other = `${INGRESS.replace("name: shop}", "name: shop-shop-canary}")}`;
  const outcome = await play(
    rollout("{nginx: {stableIngress: shop}}", { steps: HALF }) + INGRESS + other,
    [UPDATE],
  );
  const warnings = outcome.events.filter(({ reason }) => reason === "TrafficRoutingError");
  assert.match(warnings[0]?.message ?? "", /`shop-shop-canary` controlled by different object/);
  assert.equal(outcome.writes.byResource["ingresses"], undefined);
});

Deno.test("spec.paused lets no weight rise, and a canary without pods still gets none", async () => {
  const outcome = await play(rollout(ISTIO, { steps: HALF }) + virtualService(), [
    UPDATE,
    "61s: pause shop",
    "2m: promote shop",
    "3m: pause shop",
    "200s: crash registry.example/shop:2",
  ]);
  const weights = weightsOf(outcome);
  assert.deepEqual(weights.slice(0, 3), ["0s 0", "120s 50", "203s 0"]);
});

Deno.test("a canary that crashes again and again loses its weight each time in the same instant", async () => {
  const { timeline, events } = await play(rollout(ISTIO, { steps: HALF }) + virtualService(), [
    UPDATE,
    "70s: crash registry.example/shop:2",
    "71s: delete-pod shop/newest",
  ]);
  const last = new Map(timeline.map((entry) => [entry.atSeconds, entry]));
  const emptied = [...last.values()].filter(({ canary }) => canary?.available === 0);
  assert.ok(emptied.length > 5, `${emptied.length} times`);
  for (const { atSeconds, routes } of emptied) {
    assert.equal(routes?.["VirtualService/shop"]?.["shop-canary"], 0, `${atSeconds}s`);
  }
  assert.deepEqual(events.filter(({ reason }) => reason === "TrafficRoutingError"), []);
});

Deno.test("Quirk(delay-of-no-pods): an aborted canary without pods has its delay, until a retry", async () => {
  const outcome = await play(
    rollout(ISTIO, { steps: "[{setWeight: 0}, {pause: {}}]" }) + virtualService(),
    [
      UPDATE,
      "90s: abort shop",
      "5m: retry rollout shop",
    ],
  );
  const canary = outcome.objects.find(({ kind, metadata }) =>
    kind === "ReplicaSet" && metadata.annotations?.["rollout.argoproj.io/revision"] === "2"
  );
  assert.ok(canary !== undefined);
  assert.equal(canary.metadata.annotations?.["scale-down-deadline"], undefined);
  const delays = outcome.timeline.map(({ why }) => /delay of revision 2[^;]*/.exec(why)?.[0]);
  assert.deepEqual(delays.filter((text) => text !== undefined), [
    "delay of revision 2, which has no pods, ends at 2030-01-01T00:02:00Z",
  ]);
});
