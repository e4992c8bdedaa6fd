/**
 * The Helm chart: the objects of `sluice manifests`, with places for values. Names, labels and
 * selectors are those of the chart of Argo Rollouts, so that a release of it can be upgraded.
 */
import { installObjects, rulesOf } from "../core/cli/install/objects.ts";
import { VERSION } from "../core/cli/version.ts";
import type { KubeObject } from "../sdk/api/object.ts";
import { HELPERS } from "./chart_helpers.ts";
import { BLOCKS, EXPRESSIONS } from "./chart_marks.ts";
import { templateText, valuesText } from "./chart_text.ts";
import { VALUES } from "./chart_values.ts";
import { run, say } from "./commands.ts";
import { RELEASE, ROOT } from "./paths.ts";

// deno-lint-ignore no-explicit-any
type Open = any;

const MARKS = { expressions: EXPRESSIONS, blocks: BLOCKS };

/** Writes the chart as a folder and as the archive that is published; gives the folder. */
export async function writeChart(folder = `${RELEASE}/chart`): Promise<string> {
  const home = `${folder}/sluice`;
  await Deno.mkdir(`${home}/templates`, { recursive: true });
  for (const [name, text] of Object.entries(await chartFiles())) {
    await Deno.writeTextFile(`${home}/${name}`, text);
  }
  await run("tar", ["-czf", `${folder}/sluice-${VERSION}.tgz`, "-C", folder, "sluice"]);
  return home;
}

async function chartFiles(): Promise<Record<string, string>> {
  const metadata = {
    apiVersion: "v2",
    name: "sluice",
    description: "Releases software in measured steps: a drop-in replacement for Argo Rollouts",
    type: "application",
    version: VERSION,
    appVersion: `v${VERSION}`,
    kubeVersion: ">=1.25.0-0",
  };
  return {
    "Chart.yaml": templateText(metadata, MARKS),
    "values.yaml": valuesText(VALUES),
    "templates/_helpers.tpl": HELPERS,
    "templates/crds.yaml": await definitionsText(),
    ...templates(),
  };
}

/** The files of `templates/`, beside the definitions. */
function templates(): Record<string, string> {
  const options = {
    namespace: "@namespace@",
    image: "@image@",
    isNamespaced: false,
    hasNetworkPolicy: true,
    hasDisruptionBudget: true,
  };
  const objects = installObjects(options);
  const inNamespace = installObjects({ ...options, isNamespaced: true });
  const one = (kind: string, from = objects) => from.find((each) => each.kind === kind) as Open;
  const all = (kind: string) => objects.filter((each) => each.kind === kind) as Open[];
  const [clusterRole, ...aggregate] = all("ClusterRole");
  const isWide = ".Values.clusterInstall";
  return {
    "templates/serviceaccount.yaml": when(
      ".Values.serviceAccount.create",
      account(one("ServiceAccount")),
    ),
    "templates/clusterrole.yaml": when(
      isWide,
      role(clusterRole, "ClusterRole"),
      binding(one("ClusterRoleBinding")),
    ),
    "templates/role.yaml": when(
      `not ${isWide}`,
      role(one("Role", inNamespace), "Role"),
      binding(one("RoleBinding", inNamespace)),
    ),
    "templates/aggregate_roles.yaml": when(
      ".Values.createClusterAggregateRoles",
      ...aggregate.map(aggregateRole),
    ),
    "templates/service.yaml": when(".Values.controller.metrics.enabled", service(one("Service"))),
    "templates/servicemonitor.yaml": when(
      "and .Values.controller.metrics.enabled .Values.controller.metrics.serviceMonitor.enabled",
      SERVICE_MONITOR,
    ),
    "templates/networkpolicy.yaml": when(
      ".Values.networkPolicy.enabled",
      policy(one("NetworkPolicy")),
    ),
    "templates/poddisruptionbudget.yaml": when(
      ".Values.controller.pdb.enabled",
      budget(one("PodDisruptionBudget")),
    ),
    "templates/deployment.yaml": templateText(deployment(one("Deployment")), MARKS),
    "templates/extra.yaml":
      "{{- range .Values.extraObjects }}\n---\n{{ tpl (toYaml .) $ }}\n{{- end }}\n",
  };
}

function when(condition: string, ...objects: readonly Open[]): string {
  const texts = objects.map((object) => templateText(object, MARKS));
  return `{{- if ${condition} }}\n${texts.join("---\n")}{{- end }}\n`;
}

const LABELS = { "@@labels@": null };

/** Its own name is that of the release, or begins with it. */
function named(object: KubeObject, suffix = ""): Open {
  const namespace = object.metadata.namespace === undefined ? {} : { namespace: "@namespace@" };
  const name = suffix === "" ? "@fullname@" : `@${suffix}Name@`;
  return { ...object, metadata: { name, ...namespace, labels: LABELS } };
}

function account(object: Open): Open {
  const own = named(object);
  return {
    ...own,
    metadata: { ...own.metadata, name: "@serviceAccount@", "@@accountAnnotations@": null },
    "@@pullSecrets@": null,
  };
}

function role(object: Open, kind: "ClusterRole" | "Role"): Open {
  return { ...named(object), rules: [...rulesOf(kind), "@@additionalRules@"] };
}

function binding(object: Open): Open {
  return {
    ...named(object),
    roleRef: { ...object.roleRef, name: "@fullname@" },
    subjects: [{ kind: "ServiceAccount", name: "@serviceAccount@", namespace: "@namespace@" }],
  };
}

/** Of the whole cluster: its name has nothing of the release, as in Argo Rollouts' chart. */
function aggregateRole(object: Open): Open {
  const to = object.metadata.name.replace(/^.*-aggregate-to-/, "");
  const label = `rbac.authorization.k8s.io/aggregate-to-${to}`;
  return {
    ...object,
    metadata: { name: `@${to}Name@`, labels: { ...LABELS, [label]: "true" } },
  };
}

function service(object: Open): Open {
  const own = named(object, "metrics");
  const [port] = object.spec.ports;
  return {
    ...own,
    metadata: { ...own.metadata, "@@serviceAnnotations@": null },
    spec: {
      ports: [{ ...port, name: "@metricsPortName@", port: "@metricsPort@", targetPort: "metrics" }],
      selector: { "@@selector@": null },
    },
  };
}

const SERVICE_MONITOR = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "ServiceMonitor",
  metadata: {
    name: "@fullname@",
    namespace: "@monitorNamespace@",
    labels: { ...LABELS, "@@monitorLabels@": null },
    "@@monitorAnnotations@": null,
  },
  spec: {
    endpoints: [{
      port: "@metricsPortName@",
      "@@relabelings@": null,
      "@@metricRelabelings@": null,
    }],
    namespaceSelector: { matchNames: ["@namespace@"] },
    selector: { matchLabels: { "@@selector@": null } },
  },
};

function policy(object: Open): Open {
  const spec = {
    ...object.spec,
    podSelector: { matchLabels: { "@@selector@": null } },
    ingress: [{
      ports: [
        { protocol: "TCP", port: "metrics" },
        { protocol: "TCP", port: "healthz" },
      ],
    }],
  };
  return { ...named(object), spec };
}

function budget(object: Open): Open {
  const own = named(object);
  return {
    ...own,
    metadata: {
      ...own.metadata,
      labels: { ...LABELS, "@@budgetLabels@": null },
      "@@budgetAnnotations@": null,
    },
    spec: { "@@budgetLimit@": null, selector: { matchLabels: { "@@selector@": null } } },
  };
}

function deployment(object: Open): Open {
  const { template: { spec: pod }, ...spec } = object.spec;
  const [{ args: _, ports: _ports, ...container }] = pod.containers;
  const own = named(object);
  return {
    ...own,
    metadata: {
      ...own.metadata,
      labels: { ...LABELS, "@@deploymentLabels@": null },
      "@@deploymentAnnotations@": null,
    },
    spec: {
      ...spec,
      replicas: "@replicas@",
      selector: { matchLabels: { "@@selector@": null } },
      template: {
        metadata: {
          labels: { "@@selector@": null, "@@podLabels@": null },
          "@@podAnnotations@": null,
        },
        spec: {
          ...pod,
          serviceAccountName: "@serviceAccount@",
          terminationGracePeriodSeconds: "@gracePeriod@",
          nodeSelector: { "@@nodeSelector@": null },
          securityContext: { "@@podSecurity@": null },
          "@@pullSecrets@": null,
          "@@tolerations@": null,
          "@@affinity@": null,
          "@@spread@": null,
          "@@priority@": null,
          "@@initContainers@": null,
          containers: [
            {
              ...container,
              imagePullPolicy: "@pullPolicy@",
              args: ["@@args@"],
              "@@env@": null,
              ports: [
                { name: "healthz", containerPort: "@healthPort@" },
                { name: "metrics", containerPort: "@metricsContainerPort@" },
              ],
              livenessProbe: { "@@liveness@": null },
              readinessProbe: { "@@readiness@": null },
              securityContext: { "@@containerSecurity@": null },
              resources: { "@@resources@": null },
              volumeMounts: [...container.volumeMounts, "@@volumeMounts@"],
            },
            "@@extraContainers@",
          ],
          volumes: [...pod.volumes, "@@volumes@"],
        },
      },
    },
  };
}

/** The text as it is, with what marks an expression of a template written as one. */
async function definitionsText(): Promise<string> {
  const text = await Deno.readTextFile(`${ROOT}/core/cli/definitions.yaml`);
  const escaped = text.replaceAll("{{", '{{ "{{" }}');
  const annotated = escaped.replaceAll(
    /^metadata: \{name: (\S+)\}$/gm,
    'metadata:\n  name: $1\n  {{- include "sluice.definitionAnnotations" . | nindent 2 }}',
  );
  return `{{- if .Values.installCRDs }}\n${annotated}{{- end }}\n`;
}

if (import.meta.main) say(await writeChart());
