/** The chart, as helm renders it, beside `sluice manifests`. */
import assert from "node:assert/strict";
import { writeChart } from "../../build/chart.ts";
import { readManifests } from "../../core/api/manifest/mod.ts";
import { CONTROLLER } from "../../core/cli/controller.ts";
import { readFlags } from "../../core/command/flags.ts";
import { run } from "../core/cli/fake_terminal.ts";
import { helm } from "./helm.ts";

// deno-lint-ignore no-explicit-any
type Open = any;

function objectsIn(text: string): Open[] {
  return readManifests({ file: "rendered.yaml", text }).documents.map(({ object }) => object);
}

/** What a chart says of itself, and what all of its objects have beside those of the manifests. */
const CHART_LABELS = {
  "app.kubernetes.io/component": "rollouts-controller",
  "app.kubernetes.io/instance": "argo-rollouts",
};

/** Without what is a matter of labels; the order of a Role's rules and of ports is none. */
function compared({ metadata, ...object }: Open): Open {
  const { labels: _, annotations: _annotations, ...rest } = metadata;
  return { ...object, metadata: rest };
}

const idOf = ({ kind, metadata: { name } }: Open) => `${kind} ${name}`;
const byId = (one: Open, other: Open) => idOf(one) < idOf(other) ? -1 : 1;

/** The manifests as the chart has them: with its selector, two replicas, and flags of its own. */
function asCharted(object: Open): Open {
  const text = JSON.stringify(compared(object));
  const selector = JSON.stringify({ "app.kubernetes.io/name": "argo-rollouts" });
  const own = { ...CHART_LABELS, "app.kubernetes.io/name": "argo-rollouts" };
  const charted = JSON.parse(text.replaceAll(selector, JSON.stringify(own)));
  if (charted.kind === "Service") charted.spec.ports[0].targetPort = "metrics";
  if (charted.kind === "NetworkPolicy") {
    for (const port of charted.spec.ingress[0].ports) {
      port.port = port.port === 8090 ? "metrics" : "healthz";
    }
  }
  if (charted.kind === "Deployment") {
    const { spec } = charted.spec.template;
    charted.spec.replicas = 2;
    spec.terminationGracePeriodSeconds = 30;
    const [container] = spec.containers;
    container.args = [
      "--healthzPort=8080",
      "--metricsPort=8090",
      "--loglevel=info",
      "--logformat=text",
      ...container.args,
    ];
    container.resources = null;
  }
  return charted;
}

/** What a server would tell of itself. */
const SERVER = ["--namespace", "argo-rollouts", "--kube-version", "1.31.0"];

const ALL = [
  "controller.metrics.enabled=true",
  "networkPolicy.enabled=true",
  "controller.pdb.enabled=true",
];

/** A value, and where it is to be seen: the kind of an object, and a path in it. */
const VALUES: readonly (readonly [set: string, kind: string, path: string, value: unknown])[] = [
  ["controller.replicas=3", "Deployment", "spec.replicas", 3],
  ["controller.image.tag=v9", "Deployment", "container.image", "ghcr.io/sluice-rollouts/sluice:v9"],
  [
    "controller.image.registry=,controller.image.repository=mine/sluice,controller.image.tag=a",
    "Deployment",
    "container.image",
    "mine/sluice:a",
  ],
  ["controller.image.pullPolicy=Always", "Deployment", "container.imagePullPolicy", "Always"],
  ["controller.resources.limits.memory=1Gi", "Deployment", "container.resources", {
    limits: { memory: "1Gi" },
  }],
  ["controller.nodeSelector.disk=fast", "Deployment", "pod.nodeSelector", {
    "kubernetes.io/os": "linux",
    disk: "fast",
  }],
  ["controller.tolerations[0].operator=Exists", "Deployment", "pod.tolerations", [
    { operator: "Exists" },
  ]],
  ["controller.affinity.nodeAffinity.a=b", "Deployment", "pod.affinity", {
    nodeAffinity: { a: "b" },
  }],
  ["controller.priorityClassName=high", "Deployment", "pod.priorityClassName", "high"],
  [
    "controller.extraArgs[0]=--rollout-threads=20",
    "Deployment",
    "container.args.4",
    "--rollout-threads=20",
  ],
  ["clusterInstall=false", "Deployment", "container.args.4", "--namespaced"],
  ["controller.logging.level=debug", "Deployment", "container.args.2", "--loglevel=debug"],
  ["controller.extraEnv[0].name=A,controller.extraEnv[0].value=1", "Deployment", "container.env", [
    { name: "A", value: 1 },
  ]],
  [
    "podAnnotations.a=1,controller.podAnnotations.b=x",
    "Deployment",
    "spec.template.metadata.annotations",
    {
      a: 1,
      b: "x",
    },
  ],
  ["controller.podLabels.team=web", "Deployment", "spec.template.metadata.labels.team", "web"],
  ["controller.deploymentAnnotations.a=b", "Deployment", "metadata.annotations", { a: "b" }],
  ["imagePullSecrets[0].name=pull", "Deployment", "pod.imagePullSecrets", [{ name: "pull" }]],
  ["controller.volumes[0].name=v", "Deployment", "pod.volumes.1", { name: "v" }],
  ["controller.volumeMounts[0].name=v", "Deployment", "container.volumeMounts.1", { name: "v" }],
  ["controller.extraContainers[0].name=side", "Deployment", "pod.containers.1", { name: "side" }],
  ["controller.initContainers[0].name=first", "Deployment", "pod.initContainers", [{
    name: "first",
  }]],
  [
    "controller.topologySpreadConstraints[0].maxSkew=1",
    "Deployment",
    "pod.topologySpreadConstraints",
    [{
      maxSkew: 1,
      labelSelector: {
        matchLabels: { ...CHART_LABELS, "app.kubernetes.io/name": "argo-rollouts" },
      },
    }],
  ],
  ["serviceAccount.annotations.role=aws", "ServiceAccount", "metadata.annotations", {
    role: "aws",
  }],
  ["serviceAccount.name=own", "Deployment", "pod.serviceAccountName", "own"],
  ["serviceAccount.name=own", "ClusterRoleBinding", "subjects.0.name", "own"],
  [
    "controller.metrics.enabled=true,controller.metrics.service.port=9000",
    "Service",
    "spec.ports.0.port",
    9000,
  ],
  [
    "controller.pdb.enabled=true,controller.pdb.minAvailable=1",
    "PodDisruptionBudget",
    "spec.minAvailable",
    1,
  ],
  ["namespaceOverride=other", "Deployment", "metadata.namespace", "other"],
  ["fullnameOverride=own", "Deployment", "metadata.name", "own"],
  [
    "extraObjects[0].apiVersion=v1,extraObjects[0].kind=Secret,extraObjects[0].metadata.name=a",
    "Secret",
    "metadata.name",
    "a",
  ],
];

const FLAGS = CONTROLLER.flags;

function at(object: Open, path: string): unknown {
  const pod = object.spec?.template?.spec;
  const roots: Open = { ...object, pod, container: pod?.containers[0] };
  return path.split(".").reduce((value, name) => value?.[name], roots);
}

Deno.test("the chart of Sluice", async (test) => {
  const folder = await Deno.makeTempDir({ prefix: "sluice-chart-" });
  try {
    const chart = await writeChart(folder);
    const render = async (sets: readonly string[], release = "argo-rollouts") => {
      const flags = sets.flatMap((set) => ["--set", set]);
      return objectsIn(await helm("template", release, chart, ...SERVER, ...flags));
    };
    await test.step("helm lint finds nothing", async () => {
      assert.match(await helm("lint", "--strict", chart), /0 chart\(s\) failed/);
    });
    for (const flags of [[], ["--namespaced"]]) {
      await test.step(`it renders what manifests prints ${flags}`, async () => {
        const { out } = await run([
          ...["manifests", "--network-policy", "--pod-disruption-budget"],
          ...flags,
        ]);
        const isWide = flags.length === 0;
        const expected = objectsIn(out).filter(({ kind }) => kind !== "Namespace");
        const wide = `clusterInstall=${isWide},createClusterAggregateRoles=${isWide}`;
        const rendered = await render([...ALL, `${wide},installCRDs=${isWide}`]);
        const plain = (objects: Open[]) => objects.sort(byId);
        assert.deepEqual(plain(rendered.map(compared)), plain(expected.map(asCharted)));
      });
    }
    await test.step("definitions stay when the release goes, unless told otherwise", async () => {
      const annotationsOf = (objects: Open[]) =>
        objects.filter(({ kind }) => kind === "CustomResourceDefinition")
          .map(({ metadata }) => metadata.annotations);
      const keep = { "helm.sh/resource-policy": "keep" };
      assert.deepEqual(annotationsOf(await render([])), Array(5).fill(keep));
      assert.deepEqual(annotationsOf(await render(["keepCRDs=false"])), Array(5).fill(undefined));
      assert.deepEqual(annotationsOf(await render(["installCRDs=false"])), []);
    });
    for (const [set, kind, path, value] of VALUES) {
      await test.step(`${set} is ${path} of the ${kind}`, async () => {
        const object = (await render([set])).find((each) => each.kind === kind);
        assert.deepEqual(at(object, path), value);
      });
    }
    await test.step("a ServiceMonitor finds the Service", async () => {
      const monitor = "controller.metrics.serviceMonitor";
      const objects = await render([
        ALL[0] ?? "",
        `${monitor}.enabled=true,${monitor}.additionalLabels.release=prometheus`,
      ]);
      const found = objects.find(({ kind }) => kind === "ServiceMonitor");
      const service = objects.find(({ kind }) => kind === "Service");
      assert.equal(found.metadata.labels.release, "prometheus");
      assert.equal(found.spec.endpoints[0].port, service.spec.ports[0].name);
      for (const [label, value] of Object.entries(found.spec.selector.matchLabels)) {
        assert.equal(service.metadata.labels[label], value);
      }
    });
    await test.step("its arguments are flags of the controller", async () => {
      const objects = await render(["clusterInstall=false"]);
      const deployment = objects.find(({ kind }) => kind === "Deployment");
      const { names, flags } = readFlags(at(deployment, "container.args") as string[], FLAGS);
      assert.deepEqual([names, flags.loglevel, flags.namespaced], [[], "info", true]);
    });
    await test.step("a release of another name has objects of that name", async () => {
      const ids = (await render(ALL, "web")).map(idOf);
      assert.ok(ids.includes("Deployment web-argo-rollouts"));
      assert.ok(ids.includes("Service web-argo-rollouts-metrics"));
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
