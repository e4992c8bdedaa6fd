/** Canary Ingresses of NGINX when the Rollout names other Ingresses, or other annotations. */
import assert from "node:assert/strict";
import { plugins } from "../../../plugins/mod.ts";
import { play, service, shop } from "./shop.ts";

const ingress = (name: string) => `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}}
spec:
  ingressClassName: nginx
  rules:
  - host: ${name}.example
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: stable, port: {number: 80}}}
`;
const OTHERS = service("stable") + service("canary") + ingress("web") + ingress("other");
const PREFIX = "nginx.ingress.kubernetes.io";

function at(version: number, nginx: string): string {
  const strategy = `canary: {stableService: stable, canaryService: canary, ` +
    `steps: [{setWeight: 50}, {pause: {}}], trafficRouting: {nginx: ${nginx}}}`;
  return shop(strategy).replace("shop:1", `shop:${version}`);
}

/** The canary Ingresses and their annotations, after `nginx` changed at weight 50. */
async function afterChange(
  before: string,
  after: string,
  commands: readonly string[] = [],
): Promise<Record<string, unknown>> {
  const update = ["10s: set image shop main=registry.example/shop:2", "1m: apply after"];
  const outcome = await play(at(1, before) + OTHERS, [...update, ...commands], {
    plugins,
    files: { after: at(2, after), later: at(2, "{stableIngress: other}") },
    untilMs: 300_000,
  });
  assert.deepEqual(outcome.result.violations, []);
  assert.deepEqual(outcome.events.filter(({ type }) => type === "Warning"), []);
  const canaries = outcome.objects
    .filter(({ kind, metadata }) => kind === "Ingress" && metadata.name.endsWith("-canary"));
  return Object.fromEntries(
    canaries.map(({ metadata }) => [metadata.name, metadata.annotations]),
  );
}

const weight = (value: number, prefix = PREFIX) => ({
  [`${prefix}/canary`]: "true",
  [`${prefix}/canary-weight`]: String(value),
});

Deno.test("an Ingress that is named no more loses its canary Ingress, and its share", async () => {
  assert.deepEqual(
    await afterChange("{stableIngress: web}", "{stableIngress: other}"),
    { "shop-other-canary": weight(50) },
  );
  assert.deepEqual(
    await afterChange("{stableIngresses: [web, other]}", "{stableIngresses: [web]}"),
    { "shop-web-canary": weight(50) },
  );
});

Deno.test("an Ingress that is named no more when nothing is under way loses it, too", async () => {
  assert.deepEqual(
    await afterChange("{stableIngress: web}", "{stableIngress: web}", [
      "2m: promote shop",
      "3m: apply later",
    ]),
    { "shop-other-canary": weight(0) },
  );
});

Deno.test("annotations of a canary go with what asked for them, those of others stay", async () => {
  const header = "{stableIngress: web, additionalIngressAnnotations: {canary-by-header: X-New}}";
  assert.deepEqual(
    await afterChange(header, "{stableIngress: web}"),
    { "shop-web-canary": weight(50) },
  );
  const other = "{stableIngress: web, annotationPrefix: custom.example}";
  assert.deepEqual(
    await afterChange(other, "{stableIngress: web}"),
    { "shop-web-canary": weight(50) },
  );
});
