import assert from "node:assert/strict";
import { plugins } from "../../../../plugins/mod.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import { validateRollout } from "../../../../core/api/validation/validate_rollout.ts";
import rows from "../../../fixtures/vectors/rollout-validation.json" with { type: "json" };

type Open = Record<string, unknown>;

function canary(strategy: Open): Rollout {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web" },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "nginx:1" }] },
      },
      strategy: { canary: strategy },
    },
  };
}

Deno.test("a Rollout's errors are Argo's, word for word and in its order", () => {
  const vectors = rows as unknown as { rollout: Rollout; errors: string[] }[];
  assert.ok(vectors.length >= 400);
  assert.ok(vectors.some(({ errors }) => errors.length === 0));
  for (const { rollout, errors } of vectors) {
    const texts = validateRollout(rollout, plugins).map(({ text }) => text);
    assert.deepEqual(texts, errors, JSON.stringify(rollout.spec));
  }
});

Deno.test("Quirk(strategy-path): a message leaves canary out, its location does not", () => {
  const [error] = validateRollout(canary({ steps: [{ setWeight: 150 }] }), plugins);
  assert.ok(error !== undefined);
  assert.equal(error.type, "Invalid");
  assert.equal(error.value, 150);
  assert.equal(error.path, "spec.strategy.steps[0].setWeight");
  assert.deepEqual(error.location, ["spec", "strategy", "canary", "steps", 0, "setWeight"]);
  assert.equal(error.detail, "SetWeight needs to be between 0 and 100");
  assert.equal(
    error.text,
    "spec.strategy.steps[0].setWeight: Invalid value: 150: SetWeight needs to be between 0 and 100",
  );
});

Deno.test("Quirk(template-label-path): a message leaves metadata out, its location does not", () => {
  const rollout = canary({});
  Object.assign(rollout.spec.template?.metadata?.labels ?? {}, { tier: "a b" });
  const [error] = validateRollout(rollout, plugins);
  assert.equal(error?.path, "spec.template.labels");
  assert.deepEqual(error?.location, ["spec", "template", "metadata", "labels"]);
});

Deno.test("Quirk(empty-step-value): the message about an empty step lists as true what is missing", () => {
  const [error] = validateRollout(canary({ steps: [{}] }), plugins);
  assert.match(String(error?.value), /^step\.Experiment: true step\.Pause: true /);
});

Deno.test("the largest weight is the router's, where it has one", () => {
  const trafficRouting = { plugins: { "example/router": {} }, maxTrafficWeight: 1000 };
  assert.deepEqual(
    validateRollout(canary({ trafficRouting, steps: [{ setWeight: 900 }] }), plugins),
    [],
  );
  const [error] = validateRollout(
    canary({ trafficRouting, steps: [{ setWeight: 1001 }] }),
    plugins,
  );
  assert.equal(error?.detail, "SetWeight needs to be between 0 and 1000");
});

Deno.test("steps that need a router are well with one", () => {
  const strategy = {
    canaryService: "web-canary",
    stableService: "web-stable",
    trafficRouting: { istio: {}, managedRoutes: [{ name: "a" }] },
    dynamicStableScale: true,
    steps: [{ setCanaryScale: { weight: 5 } }, { setHeaderRoute: { name: "a" } }],
  };
  assert.deepEqual(validateRollout(canary(strategy), plugins), []);
  const [error] = validateRollout(canary({ ...strategy, scaleDownDelaySeconds: 5 }), plugins);
  assert.equal(
    error?.detail,
    "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds",
  );
});

Deno.test("Quirk(mirror-match-twice): a mirror's method is judged twice, its headers never", () => {
  const bad = { exact: "a", regex: "b" };
  const errorsOf = (match: Open) =>
    validateRollout(
      canary({
        trafficRouting: { plugins: { "example/router": {} }, managedRoutes: [{ name: "m" }] },
        steps: [{ setMirrorRoute: { name: "m", match: [match] } }],
      }),
      plugins,
    ).map(({ path }) => path);
  const place = "spec.strategy.steps[0].setMirrorRoute.match[0]";
  assert.deepEqual(errorsOf({ path: bad }), [place]);
  assert.deepEqual(errorsOf({ method: bad }), [place, place]);
  assert.deepEqual(errorsOf({ headers: { a: bad } }), []);
});

Deno.test("an amount that is none is told, with the form that amounts have", () => {
  const rollout = canary({});
  const [container] = rollout.spec.template?.spec?.containers ?? [];
  Object.assign(container ?? {}, { resources: { requests: { cpu: "much" } } });
  const [error] = validateRollout(rollout, plugins);
  assert.equal(error?.path, "spec.template.spec.containers[0].resources.requests[cpu]");
  assert.match(error?.text ?? "", /Invalid value: "much": quantities must match/);
});

Deno.test("annotations of more than 256 KiB are too long", () => {
  const rollout = canary({});
  Object.assign(rollout.spec.template?.metadata ?? {}, { annotations: { a: "x".repeat(262143) } });
  assert.deepEqual(validateRollout(rollout, plugins), []);
  Object.assign(rollout.spec.template?.metadata ?? {}, { annotations: { a: "x".repeat(262144) } });
  const [error] = validateRollout(rollout, plugins);
  assert.equal(
    error?.text,
    "spec.template.annotations: Too long: may not be more than 262144 bytes",
  );
});

Deno.test("Quirk(ping-pong-path): that no router can do ping-pong is told under ALB's field", () => {
  const rollout = canary({
    stableService: "a",
    canaryService: "b",
    pingPong: { pingService: "a", pongService: "b" },
    trafficRouting: { nginx: { stableIngress: "web" } },
  });
  const [error] = validateRollout(rollout, plugins);
  assert.equal(error?.path, "spec.strategy.trafficRouting.alb");
  assert.match(error.detail, /^Ping-pong feature works with the ALB, Istio,/);
});
