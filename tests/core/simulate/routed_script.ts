/** Scripts made at random about a canary with a traffic router, and what must be true of the end. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Outcome,
  parseTimedCommand,
  type Scenario,
  ScriptError,
  simulate,
} from "../../../core/simulate/mod.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { plugins } from "../../../plugins/mod.ts";
import { assertSound, commands, extras, scenarioOf, script } from "./random_script.ts";

const ROUTES = {
  istio: [virtualService("http")],
  nginx: [ingress()],
  gatewayApi: [httpRoute()],
  subsets: [virtualService("subsets"), destinationRule()],
};

/** The kinds of the objects that are routed. */
export const ROUTED_KINDS = Object.values(ROUTES).flat().map(({ kind }) => kind);

const ROUTERS: Record<keyof typeof ROUTES, Fields> = {
  istio: { istio: { virtualService: { name: "web" } } },
  nginx: { nginx: { stableIngress: "web" } },
  gatewayApi: { plugins: { "argoproj-labs/gatewayAPI": { httpRoute: "web" } } },
  subsets: {
    istio: {
      virtualService: { name: "web" },
      destinationRule: { name: "web", canarySubsetName: "canary", stableSubsetName: "stable" },
    },
  },
};

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 100 }).map((setWeight) => ({ setWeight })) },
    { weight: 3, arbitrary: fc.constantFrom({ pause: {} }, { pause: { duration: 10 } }) },
    fc.constantFrom(
      { setCanaryScale: { replicas: 1 } },
      { setCanaryScale: { replicas: 3 } },
      { setCanaryScale: { weight: 50 } },
      { setCanaryScale: { matchTrafficWeight: true } },
    ),
  ),
  { maxLength: 6, size: "max" },
);

const headerSteps = [
  { setCanaryScale: { replicas: 1 } },
  {
    setHeaderRoute: {
      name: "header",
      match: [{ headerName: "x-user", headerValue: { exact: "tester" } }],
    },
  },
  { pause: {} },
  { setWeight: 40 },
  { setHeaderRoute: { name: "header" } },
  { pause: { duration: 10 } },
];

const options = fc.record({
  dynamicStableScale: fc.constantFrom(undefined, undefined, true),
  scaleDownDelaySeconds: fc.constantFrom(undefined, undefined, 0, 5),
  abortScaleDownDelaySeconds: fc.constantFrom(undefined, undefined, 0, 5),
  minPodsPerReplicaSet: fc.constantFrom(undefined, undefined, 2),
  replicaProgressThreshold: fc.constantFrom(
    undefined,
    undefined,
    undefined,
    { type: "Percent", value: 50 },
  ),
  maxUnavailable: fc.constantFrom(undefined, 0, 1),
});

/** A scenario with one of the routers. */
export const routedScenario: fc.Arbitrary<Scenario> = fc.tuple(
  fc.constantFrom<keyof typeof ROUTES>("istio", "nginx", "gatewayApi", "subsets"),
  fc.oneof({ weight: 6, arbitrary: steps }, fc.constant(headerSteps)),
  options,
  extras,
  script(commands),
).map(([router, steps, options, spec, entries]) => {
  const hasHeaders = steps === headerSteps && router !== "nginx";
  const { dynamicStableScale, scaleDownDelaySeconds, ...rest } = options;
  const strategy = {
    canary: JSON.parse(JSON.stringify({
      ...(router === "subsets" ? {} : { stableService: "stable", canaryService: "canary" }),
      trafficRouting: {
        ...ROUTERS[router],
        ...(hasHeaders ? { managedRoutes: [{ name: "header" }] } : {}),
      },
      steps: steps === headerSteps && !hasHeaders ? [{ setWeight: 20 }, { pause: {} }] : steps,
      ...(dynamicStableScale ? { dynamicStableScale } : { scaleDownDelaySeconds }),
      ...rest,
    })),
  };
  const scenario = scenarioOf({ strategy, spec }, entries);
  return { ...scenario, objects: [...ROUTES[router], ...scenario.objects] };
});

/** The same with two Services that take turns, with the router that can do that. */
export const pingPongScenario: fc.Arbitrary<Scenario> = routedScenario
  .filter(({ objects: [first, second] }) =>
    first?.kind === "VirtualService" && second?.kind !== "DestinationRule"
  )
  .map(takingTurns);

/** The same by the Gateway API. */
export const gatewayPingPongScenario: fc.Arbitrary<Scenario> = routedScenario
  .filter(({ objects: [first] }) => first?.kind === "HTTPRoute")
  .map(takingTurns);

function takingTurns(scenario: Scenario): Scenario {
  return withStrategy(scenario, ({ stableService, canaryService, ...rest }) => ({
    ...rest,
    pingPong: { pingService: stableService, pongService: canaryService },
  }));
}

/** The same with routing that comes and goes. */
export const changingScenario: fc.Arbitrary<Scenario> = fc.tuple(
  fc.oneof(routedScenario, pingPongScenario),
  fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 4 }),
  fc.boolean(),
).map(([routed, moments, isFirstRouted]) => {
  const plain = withStrategy(routed, withoutRouting);
  const [first, second] = isFirstRouted ? [routed, plain] : [plain, routed];
  const files = new Map([
    ["first", first.objects.slice(-1)],
    ["second", second.objects.slice(-1)],
  ]);
  const timed = [...moments].sort((one, other) => one - other).map((seconds, index) =>
    parseTimedCommand(`${seconds}s: apply ${index % 2 === 0 ? "second" : "first"}`)
  );
  return { ...first, files, timed };
});

/** The same while somebody, such as a GitOps tool, applies the routed objects as they were. */
export const driftingScenario: fc.Arbitrary<Scenario> = fc.tuple(
  fc.oneof({ weight: 3, arbitrary: routedScenario }, pingPongScenario),
  fc.array(fc.integer({ min: 2, max: 300 }), { minLength: 1, maxLength: 8 }),
).map(([scenario, moments]) => {
  const routed = scenario.objects.filter(({ kind }) => ROUTED_KINDS.includes(kind));
  const timed = [...new Set(moments)].sort((one, other) => one - other)
    .map((seconds) => parseTimedCommand(`${seconds}s: apply routes`));
  return { ...scenario, files: new Map([...scenario.files, ["routes", routed]]), timed };
});

/** The scenario with another canary in its Rollout, which is its last object. */
function withStrategy(scenario: Scenario, change: (canary: Fields) => Fields): Scenario {
  const rollout = scenario.objects.at(-1) as Rollout;
  const canary = change(fieldsOf(rollout.spec.strategy?.canary));
  const changed = { ...rollout, spec: { ...rollout.spec, strategy: { canary } } };
  return { ...scenario, objects: [...scenario.objects.slice(0, -1), changed as KubeObject] };
}

/** The canary without what only routers can do. */
function withoutRouting(canary: Fields): Fields {
  const {
    trafficRouting: _,
    pingPong: __,
    dynamicStableScale: ___,
    minPodsPerReplicaSet: ____,
    scaleDownDelaySeconds: _____,
    ...rest
  } = canary;
  const steps = listOf(canary["steps"]).filter((step) =>
    ["setWeight", "pause"].some((kind) => fieldsOf(step)[kind] !== undefined)
  );
  return { ...rest, steps };
}

/** What a script came to; undefined when one of its commands was refused, which is no fault. */
export async function playRouted(scenario: Scenario): Promise<Outcome | undefined> {
  try {
    return await simulate(scenario, { plugins });
  } catch (error) {
    if (error instanceof ScriptError) return undefined;
    throw error;
  }
}

/** No rule was broken; a finished Rollout has its pods in one set, and all traffic there. */
export function assertRoutedSound(outcome: Outcome): void {
  assertSound(outcome);
  const { status = {}, spec } = outcome.rollouts[0] as Rollout;
  const last = outcome.timeline.at(-1);
  if (spec.strategy?.canary?.trafficRouting === undefined) return;
  const takesTurns = spec.strategy.canary["pingPong"] !== undefined;
  const isPong = takesTurns && status.canary?.["stablePingPong"] !== "ping";
  const [stable, canary] = isPong ? ["canary", "stable"] : ["stable", "canary"];
  // Without pods no Service moves: who asks gets no answer in any case.
  const hasPods = (spec.replicas ?? 1) > 0;
  if (hasPods && status.phase === "Healthy" && status.stableRS === status.currentPodHash) {
    assert.ok(last?.routes !== undefined);
    for (const [name, weights] of Object.entries(last.routes)) {
      assert.equal(weights[stable] ?? 0, 100, `${name}: ${JSON.stringify(weights)}`);
      assert.equal(weights[canary] ?? 0, 0, `${name}: ${JSON.stringify(weights)}`);
    }
    assert.equal(last.stable?.available, spec.replicas);
    assert.deepEqual(last.others.filter(({ replicas }) => replicas > 0), []);
  }
  if (status.abort === true) {
    for (const [name, weights] of Object.entries(last?.routes ?? {})) {
      const isServed = (last?.stable?.available ?? 0) > 0;
      assert.ok(!isServed || (weights[canary] ?? 0) === 0, `${name}: ${JSON.stringify(weights)}`);
    }
  }
}

function virtualService(targets: "http" | "subsets"): KubeObject {
  const destination = (name: string) =>
    targets === "http" ? { host: name } : { host: "web", subset: name };
  return {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "VirtualService",
    metadata: { name: "web" },
    spec: {
      hosts: ["web"],
      http: [{
        route: [
          { destination: destination("stable"), weight: 100 },
          { destination: destination("canary"), weight: 0 },
        ],
      }],
    },
  };
}

function destinationRule(): KubeObject {
  const subsets = ["stable", "canary"].map((name) => ({ name, labels: { app: "web" } }));
  return {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "DestinationRule",
    metadata: { name: "web" },
    spec: { host: "web", subsets },
  };
}

function ingress(): KubeObject {
  const backend = { service: { name: "stable", port: { number: 80 } } };
  const path = { path: "/", pathType: "Prefix", backend };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "web" },
    spec: { rules: [{ host: "web.example", http: { paths: [path] } }] },
  };
}

function httpRoute(): KubeObject {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "web" },
    spec: {
      parentRefs: [{ name: "gateway" }],
      rules: [{
        backendRefs: [{ name: "stable", port: 80, weight: 100 }, {
          name: "canary",
          port: 80,
          weight: 0,
        }],
      }],
    },
  };
}
