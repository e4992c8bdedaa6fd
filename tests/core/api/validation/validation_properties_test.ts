import assert from "node:assert/strict";
import fc from "fast-check";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { plugins } from "../../../../plugins/mod.ts";
import { NOTHING, readerOf } from "./reader.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import type { FieldError } from "../../../../sdk/wire/field_error.ts";
import { validateAnalysisTemplate } from "../../../../core/api/validation/validate_analysis_template.ts";
import { validateExperiment } from "../../../../core/api/validation/validate_experiment.ts";
import {
  referencesOf,
  validateReferences,
} from "../../../../core/api/validation/validate_references.ts";
import { validateRollout } from "../../../../core/api/validation/validate_rollout.ts";

const anything = fc.jsonValue({ maxDepth: 2 });
const orAnything = (shape: fc.Arbitrary<unknown>) => fc.oneof(anything, shape, shape);
const some = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  orAnything(fc.record(fields, { requiredKeys: [] }));
const lists = (each: fc.Arbitrary<unknown>) => orAnything(fc.array(each, { maxLength: 3 }));
const name = orAnything(fc.constantFrom("a", "b", ""));

const argument = some({ name, value: anything, valueFrom: anything });
const metric = some({
  name,
  interval: orAnything(fc.constantFrom("1m", "1", "{{args.a}}")),
  count: anything,
  failureLimit: anything,
  successCondition: orAnything(fc.constantFrom("{{args.a}}", "{{")),
  provider: anything,
});
const rules = lists(some({ metricName: name, limit: anything }));
const templates = lists(some({ templateName: name, clusterScope: anything }));
const analysis = some({ templates, args: lists(argument), dryRun: rules });
const match = some({ headerName: name, headerValue: anything, method: anything, path: anything });
const route = some({ name, match: lists(match) });
const step = some({
  setWeight: anything,
  pause: anything,
  analysis,
  experiment: some({ templates: lists(anything), analyses: lists(analysis) }),
  setHeaderRoute: route,
  setMirrorRoute: route,
});
const virtualService = some({ name, routes: lists(name), tlsRoutes: lists(anything) });
const trafficRouting = some({
  istio: some({
    virtualService,
    virtualServices: lists(virtualService),
    destinationRule: some({ name, canarySubsetName: name }),
  }),
  nginx: some({ stableIngress: name, stableIngresses: lists(name) }),
  alb: some({ ingress: name, ingresses: lists(name), rootService: name }),
  ambassador: some({ mappings: lists(name) }),
  appMesh: some({ virtualService: some({ name }) }),
  plugins: anything,
  managedRoutes: lists(some({ name })),
  maxTrafficWeight: anything,
});
const rolloutSpec = some({
  replicas: anything,
  selector: some({ matchLabels: anything, matchExpressions: lists(anything) }),
  template: some({ metadata: anything, spec: some({ containers: lists(anything) }) }),
  workloadRef: some({ apiVersion: name, kind: name, name }),
  strategy: some({
    canary: some({
      canaryService: name,
      stableService: name,
      steps: lists(step),
      analysis,
      antiAffinity: anything,
      pingPong: some({ pingService: name }),
      trafficRouting,
    }),
    blueGreen: some({ activeService: name, prePromotionAnalysis: analysis }),
  }),
});
const backend = some({ service: some({ name }) });
const destinations = lists(some({ destination: some({ host: name, subset: name }) }));
const foundSpec = some({
  metrics: lists(metric),
  args: lists(argument),
  dryRun: rules,
  templates,
  selector: anything,
  template: anything,
  weight: anything,
  rules: lists(some({ http: some({ paths: lists(some({ backend })) }) })),
  http: lists(some({ name, route: destinations, match: lists(anything) })),
  tls: lists(some({ match: lists(anything), route: destinations })),
  tcp: lists(some({ match: lists(anything), route: destinations })),
  provider: some({ virtualRouter: some({ virtualRouterRef: some({ name }) }) }),
  routes: lists(some({ name, httpRoute: anything, grpcRoute: anything })),
});
const found = fc.record({ metadata: some({ name, annotations: anything }), spec: foundSpec });

/** What messages may call a place: a path in the object, or one in an object it refers to. */
const PATH = /^(spec|spec\..+)$/;

function check(errors: readonly FieldError[], object: unknown): void {
  for (const { path, location, text, detail } of errors) {
    assert.match(path, PATH);
    assert.ok(text.startsWith(`${path}: `), text);
    assert.ok(text.endsWith(detail), text);
    assert.equal(location[0], "spec");
    // What is missing may have missing fields; an item of a list is there.
    let value = object;
    for (const part of location) {
      const isThere = Object.hasOwn(Object(value), part);
      const where = `${location.join(".")} of ${JSON.stringify(object)}`;
      assert.ok(isThere || typeof part === "string", where);
      value = Object(value)[part];
    }
  }
}

Deno.test("whatever stands where a field should, validation tells, and of a place that is there", () => {
  fc.assert(fc.property(rolloutSpec, fc.array(found), (spec, objects) => {
    const rollout = { metadata: { name: "web", namespace: "d" }, spec } as unknown as Rollout;
    check(validateRollout(rollout, plugins), rollout);
    let index = 0;
    const find = () => objects[index++ % (objects.length + 1)] as unknown as KubeObject;
    check(validateReferences(rollout, plugins, readerOf(find)), rollout);
    for (const reference of referencesOf(rollout, plugins, NOTHING)) {
      assert.match(reference.path, PATH);
    }
  }));
});

Deno.test("whatever a template or an experiment holds, validation tells of a place that is there", () => {
  fc.assert(fc.property(found, some({ templates: lists(anything) }), (object, spec) => {
    check(validateAnalysisTemplate(object as unknown as KubeObject), object);
    const experiment = { metadata: { name: "e" }, spec } as unknown as KubeObject;
    check(validateExperiment(experiment), experiment);
  }));
});
