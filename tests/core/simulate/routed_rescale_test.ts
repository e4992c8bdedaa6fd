/** A pass that only sizes an update by a new `spec.replicas` leads users to pods as well. */
import assert from "node:assert/strict";
import { plugins } from "../../../plugins/mod.ts";
import { play, service, shop } from "./shop.ts";

const STRATEGY = "canary: {stableService: stable, canaryService: canary, " +
  "dynamicStableScale: true, maxUnavailable: 0, " +
  "trafficRouting: {plugins: {argoproj-labs/gatewayAPI: {httpRoute: web, namespace: default}}}, " +
  "steps: [{setCanaryScale: {replicas: 1}}, {pause: {}}, {setWeight: 40}, {pause: {}}]}";
const ROUTE = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default}
spec: {rules: [{backendRefs: [{name: stable, port: 80}, {name: canary, port: 80}]}]}
`;

Deno.test("the only pod is the canary's: its Service is turned before it gets the weight", async () => {
  const manifests = shop(STRATEGY, { replicas: 4 }) + service("stable") + service("canary") + ROUTE;
  const image = "shop main=registry.example/shop";
  const { result, timeline } = await play(manifests, [
    `10s: set image ${image}:2`,
    "20s: scale shop 0",
    "30s: promote shop --full",
    `40s: set image ${image}:1`,
    "40s: pause shop",
    "60s: pause shop",
  ], { plugins });
  assert.deepEqual(result.violations, []);
  assert.deepEqual(timeline.at(-1)?.routes, { "HTTPRoute/web": { stable: 0, canary: 100 } });
});
