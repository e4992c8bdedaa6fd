import assert from "node:assert/strict";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { plugins } from "../../../../plugins/mod.ts";
import { NOTHING, readerOf } from "./reader.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import {
  type FindObject,
  referencesOf,
  validateReferences,
} from "../../../../core/api/validation/validate_references.ts";
import { validateRollout } from "../../../../core/api/validation/validate_rollout.ts";
import rows from "../../../fixtures/vectors/references-validation.json" with { type: "json" };

/** What validation of the library says about objects that are all there. */
interface LibraryRow {
  readonly rollout: Rollout;
  readonly references: readonly KubeObject[];
  readonly errors: readonly string[];
}

/** What the status of a running controller said, `valid` for nothing. */
interface ObservedRow {
  readonly rollout: Rollout;
  readonly references: readonly KubeObject[];
  readonly observed: string;
}

const ROWS = rows as unknown as (LibraryRow | ObservedRow)[];

/** Finds among the objects of a row; one without a namespace is in the Rollout's. */
function finderOf(
  { rollout, references }: { rollout: Rollout; references: readonly KubeObject[] },
): FindObject {
  const own = rollout.metadata.namespace;
  return ({ type, namespace, name }) =>
    references.find((object) => {
      const [group] = object.apiVersion.includes("/") ? object.apiVersion.split("/") : [""];
      return group === type.group && object.kind === type.kind && object.metadata.name === name &&
        (object.metadata.namespace ?? own) === (namespace ?? own);
    });
}

Deno.test("errors of referenced objects are Argo's, word for word and in its order", () => {
  const library = ROWS.filter((row) => "errors" in row);
  assert.ok(library.length >= 400);
  assert.ok(library.some(({ errors }) => errors.length === 0));
  for (const row of library) {
    const texts = validateReferences(row.rollout, plugins, readerOf(finderOf(row))).map((
      { text },
    ) => text);
    assert.deepEqual(texts, row.errors, JSON.stringify(row));
  }
});

Deno.test("the first error is the one that Argo's controller puts into the status", () => {
  const observed = ROWS.filter((row) => "observed" in row);
  assert.ok(observed.length >= 80);
  for (const row of observed) {
    const references = validateReferences(row.rollout, plugins, readerOf(finderOf(row)));
    // What stands behind workloadRef is looked up before anything is judged.
    const first = [
      ...references.filter(({ path }) => path === "spec.workloadRef").map(({ detail }) => detail),
      ...[...validateRollout(row.rollout, plugins), ...references].map(({ text }) => text),
    ][0];
    assert.equal(first ?? "valid", row.observed, JSON.stringify(row));
  }
});

function canary(fields: Record<string, unknown>, spec: Record<string, unknown> = {}): Rollout {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      template: { metadata: { labels: { app: "web" } } },
      strategy: { canary: fields },
      ...spec,
    },
  };
}

Deno.test("a Rollout's references stand in the order in which they are looked at, with places", () => {
  const rollout = canary({
    stableService: "s",
    canaryService: "c",
    analysis: { templates: [{ templateName: "all", clusterScope: true }] },
    steps: [
      { analysis: { templates: [{ templateName: "one" }] } },
      { experiment: { analyses: [{ name: "x", templateName: "two" }] } },
    ],
    trafficRouting: {
      appMesh: { virtualService: { name: "mesh" } },
      ambassador: { mappings: ["m"] },
      istio: {
        virtualServices: [{ name: "v.other" }, { name: "w" }],
        destinationRule: { name: "d" },
      },
      nginx: { stableIngress: "i" },
    },
  }, { workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" } });
  const told = referencesOf(rollout, plugins, NOTHING).map((
    { type, namespace, name, location, isValidated },
  ) =>
    `${isValidated ? "" : "("}${type.kind}.${type.group} ${namespace ?? ""}/${name} ` +
    location.slice(2).join(".")
  );
  assert.deepEqual(told, [
    "Deployment.apps /d ",
    "Service. /s canary.stableService",
    "Service. /c canary.canaryService",
    "AnalysisTemplate.argoproj.io /one canary.steps.0.analysis.templates.0.templateName",
    "ClusterAnalysisTemplate.argoproj.io /all canary.analysis.templates.0.templateName",
    "(AnalysisTemplate.argoproj.io /two canary.steps.1.experiment.analyses.0.templateName",
    "Ingress.networking.k8s.io /i canary.trafficRouting.nginx.stableIngress",
    "VirtualService.networking.istio.io other/v " +
    "canary.trafficRouting.istio.virtualServices.0.name",
    "VirtualService.networking.istio.io /w canary.trafficRouting.istio.virtualServices.1.name",
    "(DestinationRule.networking.istio.io /d canary.trafficRouting.istio.destinationRule.name",
    "Mapping.getambassador.io /m canary.trafficRouting.ambassador.mappings.0",
    "VirtualService.appmesh.k8s.aws /mesh canary.trafficRouting.appMesh.virtualService.name",
  ]);
});

Deno.test("everything that is missing is told at once, each at its place", () => {
  const rollout = canary({
    stableService: "s",
    canaryService: "c",
    trafficRouting: { nginx: { stableIngresses: ["i", "j"] }, ambassador: { mappings: ["m"] } },
  });
  const errors = validateReferences(rollout, plugins, readerOf(() => undefined));
  assert.deepEqual(errors.map(({ location }) => location.slice(3).join(".")), [
    "stableService",
    "canaryService",
    "trafficRouting.nginx.stableIngresses.0",
    "trafficRouting.nginx.stableIngresses.1",
    "trafficRouting.ambassador.mappings.0",
  ]);
});

Deno.test("Quirk(ingresses-path): a missing Ingress of a list is told under StableIngresses", () => {
  const rollout = canary({ trafficRouting: { nginx: { stableIngresses: ["i"] } } });
  assert.equal(
    validateReferences(rollout, plugins, readerOf(() => undefined))[0]?.text,
    "spec.strategy.canary.trafficRouting.nginx.StableIngresses: " +
      'Invalid value: ["i"]: ingress.networking.k8s.io "i" not found',
  );
});

Deno.test("Quirk(appmesh-path): a missing VirtualService of App Mesh is told under appmesh", () => {
  const rollout = canary({ trafficRouting: { appMesh: { virtualService: { name: "v" } } } });
  const [error] = validateReferences(rollout, plugins, readerOf(() => undefined));
  assert.equal(error?.path, "spec.strategy.canary.trafficRouting.appmesh.virtualService");
  assert.equal(error?.location[4], "appMesh");
});

function virtualService(http: unknown[]): KubeObject {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "v" },
    spec: { http },
  };
}

const route = (name: string, ...hosts: string[]) => ({
  name,
  route: hosts.map((host) => ({ destination: { host } })),
});

Deno.test("Quirk(named-route-unchecked): beside a managed route, a named route is not looked into", () => {
  const detailOf = (name: string) => {
    const rollout = canary({
      trafficRouting: {
        istio: { virtualService: { name: "v" } },
        managedRoutes: [{ name: "header" }],
      },
    });
    const routes = [route("header", "c"), route(name, "elsewhere")];
    return validateReferences(rollout, plugins, readerOf(() => virtualService(routes)))[0]?.detail;
  };
  assert.equal(detailOf("primary"), undefined);
  assert.match(detailOf("") ?? "", /Canary Service '' not found in route/);
});

Deno.test("Quirk(virtual-service-by-name): of two entries of one name the first one counts", () => {
  const rollout = canary({
    stableService: "s",
    canaryService: "c",
    trafficRouting: {
      istio: {
        virtualServices: [{ name: "v", routes: ["good"] }, { name: "v.other", routes: ["bad"] }],
      },
    },
  });
  const object = virtualService([route("good", "s", "c"), route("bad", "s")]);
  const find: FindObject = ({ type }) => type.kind === "VirtualService" ? object : SERVICE;
  assert.deepEqual(validateReferences(rollout, plugins, readerOf(find)), []);
});

const SERVICE: KubeObject = { apiVersion: "v1", kind: "Service", metadata: { name: "s" } };

Deno.test("a list of TLS or TCP routes that is empty has no route to steer", () => {
  const rollout = canary({ trafficRouting: { istio: { virtualService: { name: "v" } } } });
  const object = { ...virtualService([]), spec: { tls: [] } };
  assert.match(
    validateReferences(rollout, plugins, readerOf(() => object))[0]?.detail ?? "",
    /invalid TLS routes. Error: spec.tls\[\] should be set in VirtualService/,
  );
});

Deno.test("templates that name each other are looked up once", () => {
  const named = (name: string, other: string): KubeObject => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name },
    spec: { metrics: [{ name, provider: {} }], templates: [{ templateName: other }] },
  });
  const objects = [named("a", "b"), named("b", "a")];
  const looked: string[] = [];
  const rollout = canary({ analysis: { templates: [{ templateName: "a" }] } });
  const find: FindObject = ({ name }) => {
    looked.push(name);
    return objects.find(({ metadata }) => metadata.name === name);
  };
  assert.deepEqual(validateReferences(rollout, plugins, readerOf(find)), []);
  assert.deepEqual(looked, ["a", "b"]);
});

Deno.test("Quirk(caller-rules): only a step's rules are compared with those of its templates", () => {
  const template: KubeObject = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name: "a" },
    spec: { metrics: [{ name: "m", provider: {} }], dryRun: [{ metricName: "m" }] },
  };
  const analysis = { templates: [{ templateName: "a" }], dryRun: [{ metricName: "m" }] };
  const detailsOf = (fields: Record<string, unknown>) =>
    validateReferences(canary(fields), plugins, readerOf(() => template)).map(({ detail }) =>
      detail
    );
  assert.deepEqual(detailsOf({ analysis }), []);
  assert.deepEqual(detailsOf({ steps: [{ analysis }] }), [
    "two Dry-Run metric rules have the same name 'm'",
  ]);
});
