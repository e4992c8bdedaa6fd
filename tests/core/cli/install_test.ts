/** What `sluice manifests` prints beside the definitions. */
import assert from "node:assert/strict";
import { CONTROLLER } from "../../../core/cli/controller.ts";
import { readFlags } from "../../../core/command/flags.ts";
import { DEFAULT_IMAGE } from "../../../core/cli/install/image.ts";
import { type Permission, PERMISSIONS } from "../../../core/cli/install/permissions.ts";
import { readManifests } from "../../../core/api/manifest/mod.ts";
import { KINDS } from "../../../core/api/schema/kinds.ts";
import { plugins } from "../../../plugins/mod.ts";
import { run } from "./fake_terminal.ts";

// deno-lint-ignore no-explicit-any
type Open = any;

async function printed(...flags: string[]): Promise<Open[]> {
  const { code, out, err } = await run(["manifests", ...flags]);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  return readManifests({ file: "manifests.yaml", text: out }).documents
    .map(({ object }) => object);
}

function names(objects: readonly Open[]): string[] {
  return objects
    .filter(({ kind }) => kind !== "CustomResourceDefinition")
    .map(({ kind, metadata: { name, namespace } }) =>
      [kind, ...(namespace === undefined ? [] : [namespace]), name].join(" ")
    );
}

function find(objects: readonly Open[], kind: string): Open {
  const found = objects.filter((object) => object.kind === kind);
  assert.equal(found.length, 1, kind);
  return found[0];
}

Deno.test("manifests prints an installation under the names of Argo Rollouts", async () => {
  const objects = await printed();
  assert.equal(objects.length - names(objects).length, KINDS.length);
  assert.deepEqual(names(objects), [
    "Namespace argo-rollouts",
    "ServiceAccount argo-rollouts argo-rollouts",
    "ClusterRole argo-rollouts",
    "ClusterRoleBinding argo-rollouts",
    "ClusterRole argo-rollouts-aggregate-to-admin",
    "ClusterRole argo-rollouts-aggregate-to-edit",
    "ClusterRole argo-rollouts-aggregate-to-view",
    "Service argo-rollouts argo-rollouts-metrics",
    "Deployment argo-rollouts argo-rollouts",
  ]);
});

Deno.test("manifests --namespaced needs and gives no rights in other namespaces", async () => {
  const objects = await printed("--namespaced", "--namespace=web");
  assert.deepEqual(names(objects), [
    "ServiceAccount web argo-rollouts",
    "Role web argo-rollouts",
    "RoleBinding web argo-rollouts",
    "Service web argo-rollouts-metrics",
    "Deployment web argo-rollouts",
  ]);
  assert.equal(objects.length, 5);
  const [container] = find(objects, "Deployment").spec.template.spec.containers;
  assert.deepEqual(container.args, ["--namespaced"]);
  assert.equal(readFlags(container.args, CONTROLLER.flags).flags.namespaced, true);
  const { subjects, roleRef } = find(objects, "RoleBinding");
  assert.deepEqual(subjects, [{
    kind: "ServiceAccount",
    name: "argo-rollouts",
    namespace: "web",
  }]);
  assert.equal(roleRef.kind, "Role");
  const granted = find(objects, "Role").rules.flatMap(({ resources }: Open) => resources);
  assert.ok(granted.includes("rollouts"));
  assert.ok(!granted.includes("clusteranalysistemplates"));
});

Deno.test("the Deployment has the labels, ports and probes of Argo Rollouts", async () => {
  const objects = await printed();
  const { spec } = find(objects, "Deployment");
  const selector = { "app.kubernetes.io/name": "argo-rollouts" };
  assert.deepEqual(spec.selector, { matchLabels: selector });
  assert.deepEqual(spec.template.metadata.labels, selector);
  assert.deepEqual(find(objects, "Service").spec, {
    ports: [{ name: "metrics", protocol: "TCP", port: 8090, targetPort: 8090 }],
    selector,
  });
  assert.equal(spec.replicas, 1);
  const pod = spec.template.spec;
  assert.equal(pod.serviceAccountName, "argo-rollouts");
  assert.equal(pod.securityContext.runAsNonRoot, true);
  const [container] = pod.containers;
  assert.equal(container.image, DEFAULT_IMAGE);
  assert.deepEqual(container.args, []);
  assert.deepEqual(container.ports, [
    { name: "healthz", containerPort: 8080 },
    { name: "metrics", containerPort: 8090 },
  ]);
  assert.deepEqual(container.livenessProbe.httpGet, { path: "/healthz", port: "healthz" });
  assert.deepEqual(container.readinessProbe.httpGet, { path: "/metrics", port: "metrics" });
  assert.equal(container.securityContext.readOnlyRootFilesystem, true);
  assert.equal(container.securityContext.allowPrivilegeEscalation, false);
  assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
});

Deno.test("manifests puts the image and the namespace where they belong", async () => {
  const objects = await printed("--image", "registry.example/sluice:7", "-n", "release");
  const { spec } = find(objects, "Deployment");
  assert.equal(spec.template.spec.containers[0].image, "registry.example/sluice:7");
  assert.equal(find(objects, "Namespace").metadata.name, "release");
  assert.equal(find(objects, "ClusterRoleBinding").subjects[0].namespace, "release");
  for (const kind of ["Deployment", "Service", "ServiceAccount"]) {
    assert.equal(find(objects, kind).metadata.namespace, "release");
  }
});

Deno.test("a NetworkPolicy and a PodDisruptionBudget are printed on request", async () => {
  const objects = await printed("--network-policy", "--pod-disruption-budget");
  const selector = { matchLabels: { "app.kubernetes.io/name": "argo-rollouts" } };
  assert.deepEqual(find(objects, "NetworkPolicy").spec, {
    podSelector: selector,
    policyTypes: ["Ingress"],
    ingress: [{ ports: [{ protocol: "TCP", port: 8090 }, { protocol: "TCP", port: 8080 }] }],
  });
  assert.deepEqual(find(objects, "PodDisruptionBudget").spec, { maxUnavailable: 1, selector });
});

Deno.test("manifests -o json prints all of it as one list", async () => {
  const { out } = await run(["manifests", "-o", "json"]);
  const list = JSON.parse(out);
  assert.equal(list.kind, "List");
  assert.deepEqual(list.items, await printed());
});

/** The role of Argo Rollouts 1.10: group, resources, verbs. */
const ARGO: readonly (readonly [string, string, string])[] = [
  ["argoproj.io", "rollouts rollouts/status rollouts/finalizers", "get list watch update patch"],
  [
    "argoproj.io",
    "analysisruns analysisruns/finalizers experiments experiments/finalizers",
    "create get list watch update patch delete",
  ],
  ["argoproj.io", "analysistemplates clusteranalysistemplates", "get list watch"],
  ["apps", "replicasets", "create get list watch update patch delete"],
  ["apps", "deployments podtemplates", "get list watch update"],
  ["", "deployments podtemplates", "get list watch update"],
  ["", "services", "get list watch patch create delete"],
  ["coordination.k8s.io", "leases", "create get update"],
  ["", "secrets configmaps", "get list watch"],
  ["", "pods", "list update watch"],
  ["", "pods/eviction", "create"],
  ["", "events", "create update patch"],
  ["networking.k8s.io", "ingresses", "create get list watch update patch"],
  ["batch", "jobs", "create get list watch update patch delete"],
  ["networking.istio.io", "virtualservices destinationrules", "watch get update patch list"],
  ["split.smi-spec.io", "trafficsplits", "create watch get update patch"],
  ["getambassador.io", "mappings ambassadormappings", "create watch get update list delete"],
  ["", "endpoints", "get"],
  ["elbv2.k8s.aws", "targetgroupbindings", "list get"],
  ["appmesh.k8s.aws", "virtualservices", "watch get list"],
  ["appmesh.k8s.aws", "virtualnodes virtualrouters", "watch get list update patch"],
  ["traefik.io", "traefikservices", "watch get update"],
  ["apisix.apache.org", "apisixroutes", "watch get update"],
];

function argoGrants(group: string, resource: string): string[] {
  return ARGO.filter(([of, resources]) => of === group && resources.split(" ").includes(resource))
    .flatMap(([, , verbs]) => verbs.split(" "));
}

Deno.test("the role grants what that of Argo Rollouts does, and more only for a reason", () => {
  for (const { group, resources, verbs, beyondArgo = {} } of PERMISSIONS) {
    for (const resource of resources) {
      const granted = argoGrants(group, resource);
      const beyond = verbs.filter((verb) => !granted.includes(verb));
      assert.deepEqual(beyond.sort(), Object.keys(beyondArgo).sort(), `${group} ${resource}`);
    }
  }
});

Deno.test("every exception of the role is about a verb that it grants", () => {
  for (const { resources, verbs, unused = {} } of PERMISSIONS) {
    for (const verb of Object.keys(unused)) {
      assert.ok((verbs as readonly string[]).includes(verb), `${verb} ${resources}`);
    }
  }
});

Deno.test("no resource stands in the role twice", () => {
  const all = PERMISSIONS.flatMap(({ group, resources }) =>
    resources.map((resource) => `${resource}.${group}`)
  );
  assert.deepEqual([...new Set(all)], all);
});

Deno.test("Secrets can only be read one by one, by their names", () => {
  assert.deepEqual(granted("", "secrets"), ["get"]);
});

function granted(group: string, resource: string): readonly string[] {
  const is = (each: Permission) => each.group === group && each.resources.includes(resource);
  return PERMISSIONS.find(is)?.verbs ?? [];
}

const NEEDED = {
  "read": ["get", "list", "watch"],
  "change": ["get", "list", "watch", "patch"],
  "create and delete": ["get", "list", "watch", "create", "patch", "delete"],
};

Deno.test("the role grants what each traffic router that is served does with its objects", () => {
  const served = plugins.trafficRouters.filter(({ plan }) => plan !== undefined);
  for (const { name, resources } of served) {
    for (const { group, plural, access } of resources) {
      const verbs = granted(group, plural);
      for (const verb of NEEDED[access]) {
        assert.ok(verbs.includes(verb), `${name}: ${verb} ${plural}`);
      }
    }
  }
});
