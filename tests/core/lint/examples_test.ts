/** Fragments of published manifests, made whole: lint finds in them what readers found. */
import assert from "node:assert/strict";
import whole from "../../fixtures/seeds/90-section1-examples/manifest-2.yaml" with { type: "text" };
import misspelt from "../../fixtures/seeds/90-section1-examples/manifest-3.yaml" with {
  type: "text",
};
import overweight from "../../fixtures/seeds/90-section1-examples/manifest-7.yaml" with {
  type: "text",
};
import { findingText, judge, readSources } from "../../../core/lint/mod.ts";
import { plugins } from "../../../plugins/mod.ts";

const NEIGHBOURS = `
---
apiVersion: v1
kind: Service
metadata: {name: mock-server-stable}
spec: {selector: {app: mock-server}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: mock-server-canary}
spec: {selector: {app: mock-server}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: mock-server}
spec:
  hosts: [mock-server]
  http:
  - name: primary
    route:
    - {destination: {host: mock-server-stable}, weight: 100}
    - {destination: {host: mock-server-canary}, weight: 0}
`;

/** What lint finds in a Rollout with the strategy of a fragment, and with all that it needs. */
function findings(fragment: string): string[] {
  const head = whole.slice(0, whole.indexOf("  strategy:"));
  const strategy = fragment.slice(fragment.indexOf("  strategy:"));
  const text = `${head}${strategy.trimEnd()}\n${NEIGHBOURS}`;
  const reading = readSources([{ file: "web.yaml", text, isNamed: true }]);
  return judge(reading, plugins).map(findingText).map((line) => line.replace(/^[^ ]+ /, ""));
}

const NO_PROBE = "warning: spec.template.spec.containers: no container has a readinessProbe: " +
  "pods get traffic as soon as they run [no-readiness-probe]";
const CANARY = "spec.strategy.canary";

Deno.test("manifest 2 with its Services: nothing is wrong", () => {
  assert.deepEqual(findings(whole), []);
});

Deno.test("manifest 3: a Korean letter in the name of the stable Service", () => {
  assert.deepEqual(findings(misspelt), [
    NO_PROBE,
    `error: ${CANARY}.stableService: Invalid value: "mock-server-stabl시": service ` +
    '"mock-server-stabl시" not found [wrong-reference]',
    `error: ${CANARY}.trafficRouting.istio.virtualService.name: Invalid value: "mock-server": ` +
    "Istio VirtualService has invalid HTTP routes. Error: Stable Service 'mock-server-stabl시' " +
    "not found in route [wrong-reference]",
  ]);
});

Deno.test("manifest 7: an experiment whose weights are more than what is left, and no template", () => {
  const found = findings(overweight).filter((line) => !line.endsWith("[not-supported]"));
  const experiment = `${CANARY}.steps[2].experiment`;
  assert.deepEqual(found, [
    NO_PROBE,
    `warning: ${experiment}: its pods get 100 % of the traffic, also when they become ` +
    "unavailable [experiment-weight]",
    `warning: ${experiment}: its pods get 100 and the canary 10 of 100: nothing is left for the ` +
    "stable pods [weights-beyond-all]",
    `error: ${experiment}.analyses[0].templateName: Invalid value: "compare-success-rate": ` +
    "AnalysisTemplate 'compare-success-rate' not found [wrong-reference]",
  ]);
});
