import assert from "node:assert/strict";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import {
  referencedServices,
  validateServices,
} from "../../../../core/api/validation/validate_services.ts";

const ROLLOUT: Rollout = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "web" },
  spec: {
    template: { metadata: { labels: { app: "web" } } },
    strategy: { canary: { canaryService: "web-canary", stableService: "web-stable" } },
  },
};

function service(
  name: string,
  selector: Record<string, string> | undefined,
  manager?: string,
): [string, KubeObject] {
  const annotations = manager === undefined
    ? {}
    : { "argo-rollouts.argoproj.io/managed-by-rollouts": manager };
  const spec = selector === undefined ? {} : { selector };
  return [name, { apiVersion: "v1", kind: "Service", metadata: { name, annotations }, spec }];
}

function texts(...services: [string, KubeObject][]): string[] {
  return validateServices(ROLLOUT, new Map(services)).map(({ text }) => text);
}

Deno.test("a missing Service is told, the stable one first", () => {
  assert.deepEqual(texts(), [
    'spec.strategy.canary.stableService: Invalid value: "web-stable": service "web-stable" not found',
    'spec.strategy.canary.canaryService: Invalid value: "web-canary": service "web-canary" not found',
  ]);
});

Deno.test("a Service that selects the Rollout's pods is well, whatever revision it selects", () => {
  const hash = { app: "web", "rollouts-pod-template-hash": "5bd695c454" };
  assert.deepEqual(texts(service("web-stable", hash), service("web-canary", { app: "web" })), []);
  assert.deepEqual(texts(service("web-stable", undefined), service("web-canary", {})), []);
});

Deno.test("a Service that selects other pods, or is another Rollout's, is told", () => {
  assert.deepEqual(
    texts(service("web-stable", { app: "other" }), service("web-canary", { app: "web" }, "api")),
    [
      'spec.strategy.canary.stableService: Invalid value: "web-stable": ' +
      'Service "web-stable" has unmatch label "app" in rollout',
      'spec.strategy.canary.canaryService: Invalid value: "web-canary": ' +
      'Service "web-canary" is managed by another Rollout',
    ],
  );
  assert.deepEqual(
    texts(service("web-stable", { app: "web" }, "web"), service("web-canary", {}, "web")),
    [],
  );
});

Deno.test("a Rollout without Services refers to none", () => {
  assert.deepEqual(referencedServices({ ...ROLLOUT, spec: { strategy: { canary: {} } } }), []);
});
