import assert from "node:assert/strict";
import { judge, readSources } from "../../../core/lint/mod.ts";
import { lintObjects, object, rollout, service, template } from "./manifests.ts";
import type { Fields } from "../../../sdk/wire/json.ts";
import { plugins } from "../../../plugins/mod.ts";

const ISTIO = "networking.istio.io/v1beta1";
const CANARY = "spec.strategy.canary";
const SUBSETS = object(ISTIO, "DestinationRule", {
  spec: { subsets: [{ name: "stable" }, { name: "canary" }] },
});
const ROUTES = object(ISTIO, "VirtualService", {
  spec: {
    http: [{
      name: "primary",
      route: ["stable", "canary"].map((subset) => ({ destination: { host: "web", subset } })),
    }],
  },
});

function istio(fields: Fields = {}, names: Fields = {}): Fields {
  const destinationRule = {
    name: "web",
    stableSubsetName: "stable",
    canarySubsetName: "canary",
    ...names,
  };
  const virtualService = { name: "web", routes: ["primary"] };
  const routing = { istio: { virtualService, destinationRule, ...fields } };
  return rollout({ canary: { trafficRouting: routing } });
}

function experiment(fields: Fields): Fields {
  const templates = [{
    name: "a",
    selector: { matchLabels: { app: "a" } },
    template: {
      metadata: { labels: { app: "a" } },
      spec: { containers: [{ name: "a", image: "a:1" }] },
    },
  }];
  return object("argoproj.io/v1alpha1", "Experiment", { spec: { templates, ...fields } });
}

function analysing(...args: Fields[]): Fields {
  const analysis = { templates: [{ templateName: "rate" }], args };
  return rollout({ canary: { steps: [{ analysis }] } });
}

const WORKLOAD = { apiVersion: "apps/v1", kind: "Deployment", name: "web", scaleDown: "never" };
const ANALYSIS = `${CANARY}.steps[0].analysis`;
const ROUTING = `${CANARY}.trafficRouting`;

const ROWS: [what: string, objects: Fields[], errors: string[]][] = [
  ["everything that Istio needs", [istio(), ROUTES, SUBSETS], []],
  [
    "a VirtualService that is not there",
    [istio(), SUBSETS],
    [`${ROUTING}.istio.virtualService.name: virtualservices.networking.istio.io "web" not found`],
  ],
  [
    "a VirtualService of another namespace",
    [istio({ virtualService: { name: "web.shop" } }), { ...ROUTES, metadata: name("web", "shop") }]
      .concat(SUBSETS),
    [],
  ],
  [
    "a VirtualService in the wrong namespace",
    [istio({ virtualService: { name: "web.shop" } }), { ...ROUTES, metadata: name("web", "test") }]
      .concat(SUBSETS),
    [`${ROUTING}.istio.virtualService.name: virtualservices.networking.istio.io "web" not found`],
  ],
  [
    "a DestinationRule that is not there",
    [istio(), ROUTES],
    [`${ROUTING}.istio.destinationRule.name: destinationrules.networking.istio.io "web" not found`],
  ],
  [
    "a subset that is not there",
    [
      istio(),
      ROUTES,
      object(ISTIO, "DestinationRule", {
        spec: { subsets: [{ name: "stable" }, { name: "kanari" }] },
      }),
    ],
    [`${ROUTING}.istio.destinationRule.canarySubsetName: DestinationRule "web" has no subset "canary"`],
  ],
  [
    "a workload that is not there",
    [rollout({ spec: { workloadRef: WORKLOAD, selector: undefined, template: undefined } })],
    ['spec.workloadRef: deployments.apps "default/web" not found'],
  ],
  [
    "an Ingress that is not there",
    [
      rollout({
        canary: {
          stableService: "stable",
          canaryService: "canary",
          trafficRouting: { nginx: { stableIngress: "web" } },
        },
      }),
      service("stable"),
      service("canary"),
    ],
    [`${ROUTING}.nginx.stableIngress: ingress.networking.k8s.io "web" not found`],
  ],
  [
    "a template that is not there",
    [analysing()],
    [`${ANALYSIS}.templates[0].templateName: AnalysisTemplate 'rate' not found`],
  ],
  [
    "a template of the cluster where one of the namespace is named",
    [analysing(), { ...template("rate"), kind: "ClusterAnalysisTemplate" }],
    [`${ANALYSIS}.templates[0].templateName: AnalysisTemplate 'rate' not found`],
  ],
  [
    "an argument that nobody gives a value",
    [
      analysing({ name: "a", value: "1" }),
      template("rate", { successCondition: "result > {{args.a}} + {{args.b}} + {{args.c}}" }, {
        args: [{ name: "a" }, { name: "b" }, { name: "c", value: "1" }],
      }),
    ],
    [`${ANALYSIS}.templates: args.b was not resolved`],
  ],
  [
    "a route that the VirtualService has not",
    [istio({ virtualService: { name: "web", routes: ["secondary"] } }), ROUTES, SUBSETS],
    [
      `${ROUTING}.istio.virtualService.name: Istio VirtualService has invalid HTTP routes. ` +
      "Error: HTTP Route 'secondary' is not found in the defined Virtual Service.",
    ],
  ],
  [
    "a template of a template that is not there",
    [analysing(), template("rate", {}, { templates: [{ templateName: "base" }] })],
    [`${ANALYSIS}.templates[0].templateName: AnalysisTemplate 'base' not found`],
  ],
  [
    "an analysis that never ends",
    [analysing(), template("rate", { interval: "1m" })],
    [
      `${ANALYSIS}.templates: AnalysisTemplate rate has metric rate which runs indefinitely, ` +
      "and the update waits for its end: give it a count",
    ],
  ],
  [
    "an Experiment with a template that is not there",
    [experiment({ analyses: [{ name: "x", templateName: "rate" }] })],
    ["spec.analyses[0].templateName: AnalysisTemplate 'rate' not found"],
  ],
  [
    "an Experiment with an argument that nobody gives a value",
    [
      experiment({ analyses: [{ name: "x", templateName: "rate" }] }),
      template("rate", { successCondition: "result > {{args.a}}" }, { args: [{ name: "a" }] }),
    ],
    ["spec.analyses[0]: args.a was not resolved"],
  ],
];

function name(text: string, namespace: string): Fields {
  return { name: text, namespace };
}

for (const [what, objects, errors] of ROWS) {
  Deno.test(`references: lint knows ${what}`, () => {
    const found = lintObjects(...objects).filter(({ severity }) => severity === "error")
      .map(({ path, text }) =>
        `${path}: ${text.replace(/^Invalid value: ("[^"]*"|\{.*\}): /, "")}`
      );
    assert.deepEqual(found, errors);
  });
}

const STEERED = { activeService: "active", autoPromotionEnabled: true };

Deno.test("a name means what stands in the same namespace; one that is not said is the same", () => {
  const rows: [rollout: string | undefined, service: string | undefined, isFound: boolean][] = [
    [undefined, undefined, true],
    ["shop", "shop", true],
    ["shop", undefined, true],
    [undefined, "shop", true],
    ["shop", "test", false],
  ];
  for (const [one, other, isFound] of rows) {
    const found = lintObjects(
      rollout({ blueGreen: STEERED, ...(one === undefined ? {} : { namespace: one }) }),
      { ...service("active"), metadata: { name: "active", namespace: other } },
    );
    assert.equal(found.length === 0, isFound, `${one} ${other}`);
  }
});

Deno.test("of several objects of one name the one in the same folder is meant", () => {
  const files: [file: string, objects: Fields[]][] = [
    ["test/services.yaml", [service("active", "other")]],
    ["prod/services.yaml", [service("active", "web")]],
    ["prod/web.yaml", [rollout({ blueGreen: STEERED })]],
  ];
  const sources = files.map(([file, objects]) => ({
    file,
    text: objects.map((each) => JSON.stringify(each)).join("\n---\n"),
    isNamed: true,
  }));
  assert.deepEqual(judge(readSources(sources), plugins), []);
  const [test, , web] = sources;
  assert.ok(test !== undefined && web !== undefined);
  assert.match(judge(readSources([test, web]), plugins)[0]?.text ?? "", /has unmatch label "app"/);
});
