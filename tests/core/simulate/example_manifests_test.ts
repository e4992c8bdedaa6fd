/** A published manifest behind an Ingress and behind an HTTPRoute: from start to end, and back. */
import assert from "node:assert/strict";
import manifest from "../../fixtures/seeds/90-section1-examples/manifest-2.yaml" with {
  type: "text",
};
import { type Outcome, parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { objectsOf, service } from "./shop.ts";

const NAME = "mock-server";
const SERVICES = ["stable", "canary"]
  .map((side) => service(`${NAME}-${side}`, `app: ${NAME}`)).join("");

const ROUTERS = {
  "an Ingress": {
    routing: "nginx: {stableIngress: mock-server}",
    route: "Ingress/mock-server",
    object: `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: mock-server}
spec:
  ingressClassName: nginx
  rules:
  - host: mock-server.example
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: mock-server-stable, port: {number: 80}}}
`,
  },
  "an HTTPRoute": {
    routing: "plugins: {argoproj-labs/gatewayAPI: {httpRoute: mock-server}}",
    route: "HTTPRoute/mock-server",
    object: `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: mock-server}
spec:
  parentRefs: [{name: gateway}]
  rules:
  - backendRefs:
    - {name: mock-server-stable, port: 80, weight: 100}
    - {name: mock-server-canary, port: 80, weight: 0}
`,
  },
};

/** When both manual approvals are given; pauses of 30 s, 1 m and 2 m lie between. */
const APPROVALS = ["3m: promote mock-server", "10m: promote mock-server"];
const UPDATE = "10s: set image mock-server mock-server=ghcr.io/ssup2/mock-go-server:2.0.0";

for (const [what, { routing, route, object }] of Object.entries(ROUTERS)) {
  const routed = manifest.replace(
    "      steps:",
    `      trafficRouting: {${routing}}\n      steps:`,
  );

  const play = async (...commands: string[]): Promise<Outcome> => {
    const outcome = await simulate({
      objects: objectsOf(routed + SERVICES + object),
      script: [],
      timed: [UPDATE, ...commands].map(parseTimedCommand),
      files: new Map(),
      untilMs: 1_800_000,
      seed: 1,
    }, { plugins });
    assert.deepEqual(outcome.result.violations, []);
    return outcome;
  };

  /** The canary's weight and pods, of stable and canary, at each change of the weight. */
  const weights = ({ timeline }: Outcome): string[] => {
    const rows = timeline.map(({ routes, stable, canary }) => {
      const weight = routes?.[route]?.["mock-server-canary"] ?? 0;
      return { weight, text: `${weight}: ${stable?.available ?? 0} and ${canary?.available ?? 0}` };
    });
    return rows.filter(({ weight }, index) => weight !== rows[index - 1]?.weight)
      .map(({ text }) => text);
  };

  Deno.test(`the manifest behind ${what}, from the first weight to the end`, async () => {
    const outcome = await play(...APPROVALS);
    assert.deepEqual(weights(outcome), [
      "0: 0 and 0",
      "10: 5 and 1",
      "20: 5 and 1",
      "50: 5 and 3",
      "80: 5 and 4",
      "100: 5 and 5",
      "0: 5 and 0",
    ]);
    const last = outcome.timeline.at(-1);
    assert.deepEqual([last?.phase, last?.stable?.revision], ["Healthy", 2]);
  });

  Deno.test(`the manifest behind ${what}, aborted at 50: all goes back to stable`, async () => {
    const outcome = await play("150s: abort mock-server");
    assert.deepEqual(weights(outcome).slice(-2), ["50: 5 and 3", "0: 5 and 3"]);
    const last = outcome.timeline.at(-1);
    assert.deepEqual([last?.phase, last?.canary?.available], ["Degraded", 0]);
  });

  Deno.test(`the manifest behind ${what}, undone in mid-update: stable again, at once`, async () => {
    const outcome = await play("150s: undo mock-server");
    assert.deepEqual(weights(outcome).at(-2), "50: 5 and 3");
    assert.match(weights(outcome).at(-1) ?? "", /^0: 5 /);
    const last = outcome.timeline.at(-1);
    assert.deepEqual([last?.phase, last?.stable?.revision], ["Healthy", 3]);
  });

  Deno.test(`the manifest behind ${what}, undone after the end: back by the same steps`, async () => {
    const outcome = await play(
      ...APPROVALS,
      "15m: undo mock-server",
      "18m: promote mock-server",
      "25m: promote mock-server",
    );
    assert.deepEqual(weights(outcome).map((text) => text.split(":")[0]).slice(7), [
      "10",
      "20",
      "50",
      "80",
      "100",
      "0",
    ]);
    const last = outcome.timeline.at(-1);
    assert.deepEqual([last?.phase, last?.stable?.revision], ["Healthy", 3]);
  });
}
