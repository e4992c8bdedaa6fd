/** What is installed beside the definitions: under the names of Argo Rollouts' own installation. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Permission, PERMISSIONS } from "./permissions.ts";

/** Objects of these names are replaced when Sluice is applied over Argo Rollouts. */
export const NAME = "argo-rollouts";
export const METRICS_SERVICE = `${NAME}-metrics`;
const PART_OF = "app.kubernetes.io/part-of";
const LABEL = "app.kubernetes.io/name";
const RBAC = "rbac.authorization.k8s.io";

/** The label by which Deployment, Service and policies find the pods. */
export const SELECTOR = Object.freeze({ [LABEL]: NAME });

export const METRICS_PORT = 8090;
export const HEALTH_PORT = 8080;

export interface InstallOptions {
  readonly namespace: string;
  readonly image: string;
  /** The controller sees its own namespace alone, and needs no rights outside of it. */
  readonly isNamespaced: boolean;
  readonly hasNetworkPolicy: boolean;
  readonly hasDisruptionBudget: boolean;
}

/** All of it, in the order in which it can be applied. */
export function installObjects(options: InstallOptions): KubeObject[] {
  const { namespace, isNamespaced, hasNetworkPolicy, hasDisruptionBudget } = options;
  return [
    ...(isNamespaced ? [] : [namespaceObject(namespace)]),
    serviceAccount(namespace),
    ...(isNamespaced
      ? [role(namespace), roleBinding(namespace)]
      : [clusterRole(), clusterRoleBinding(namespace), ...aggregateRoles()]),
    metricsService(namespace),
    ...(hasNetworkPolicy ? [networkPolicy(namespace)] : []),
    ...(hasDisruptionBudget ? [disruptionBudget(namespace)] : []),
    deployment(options),
  ];
}

function labels(name: string, component = "rollouts-controller") {
  return { "app.kubernetes.io/component": component, [LABEL]: name, [PART_OF]: NAME };
}

function namespaceObject(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function serviceAccount(namespace: string): KubeObject {
  const metadata = { name: NAME, namespace, labels: labels(NAME) };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}

/** A rule of a role; permissions of one group with the same verbs share one. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** The rules of a ClusterRole, or of a Role. */
export function rulesOf(kind: "ClusterRole" | "Role"): Rule[] {
  const isGrantable = ({ isClusterWide }: Permission) => kind === "ClusterRole" || !isClusterWide;
  return PERMISSIONS.filter(isGrantable).map(({ group, resources, verbs }) => ({
    apiGroups: [group],
    resources,
    verbs,
  }));
}

function clusterRole(): KubeObject {
  const metadata = { name: NAME, labels: labels("argo-rollouts-clusterrole") };
  return { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata, rules: rulesOf("ClusterRole") };
}

function role(namespace: string): KubeObject {
  const metadata = { name: NAME, namespace, labels: labels("argo-rollouts-role") };
  return { apiVersion: `${RBAC}/v1`, kind: "Role", metadata, rules: rulesOf("Role") };
}

function clusterRoleBinding(namespace: string): KubeObject {
  const metadata = { name: NAME, labels: labels("argo-rollouts-clusterrolebinding") };
  return binding("ClusterRole", { metadata, namespace });
}

function roleBinding(namespace: string): KubeObject {
  const metadata = { name: NAME, namespace, labels: labels("argo-rollouts-role-binding") };
  return binding("Role", { metadata, namespace });
}

function binding(
  kind: "ClusterRole" | "Role",
  { metadata, namespace }: { metadata: KubeObject["metadata"]; namespace: string },
): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: RBAC, kind, name: NAME },
    subjects: [{ kind: "ServiceAccount", name: NAME, namespace }],
  };
}

const SEEN = ["rollouts", "rollouts/scale"];
const CHANGED = [...SEEN, "rollouts/status"];
const BESIDE = ["experiments", "analysistemplates", "clusteranalysistemplates", "analysisruns"];
const CHANGES = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** Whoever may view, edit or administer a namespace may do so with these kinds. */
export function aggregateRoles(): KubeObject[] {
  return [
    aggregateRole("admin", [...CHANGED, ...BESIDE], CHANGES),
    aggregateRole("edit", [...CHANGED, ...BESIDE], CHANGES),
    aggregateRole("view", [...SEEN, ...BESIDE], ["get", "list", "watch"]),
  ];
}

function aggregateRole(to: string, resources: string[], verbs: string[]): KubeObject {
  const name = `${NAME}-aggregate-to-${to}`;
  return {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRole",
    metadata: {
      name,
      labels: {
        ...labels(name, "aggregate-cluster-role"),
        [`rbac.authorization.k8s.io/aggregate-to-${to}`]: "true",
      },
    },
    rules: [{ apiGroups: ["argoproj.io"], resources, verbs }],
  };
}

function metricsService(namespace: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: METRICS_SERVICE, namespace, labels: labels(METRICS_SERVICE, "server") },
    spec: {
      ports: [{ name: "metrics", protocol: "TCP", port: METRICS_PORT, targetPort: METRICS_PORT }],
      selector: SELECTOR,
    },
  };
}

/** Others reach probes and metrics, and nothing else; where measurements come from stays open. */
function networkPolicy(namespace: string): KubeObject {
  const ports = [METRICS_PORT, HEALTH_PORT].map((port) => ({ protocol: "TCP", port }));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: NAME, namespace, labels: labels(NAME) },
    spec: {
      podSelector: { matchLabels: SELECTOR },
      policyTypes: ["Ingress"],
      ingress: [{ ports }],
    },
  };
}

/** Never blocks the drain of a node for good: one pod may always go. */
function disruptionBudget(namespace: string): KubeObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: NAME, namespace, labels: labels(NAME) },
    spec: { maxUnavailable: 1, selector: { matchLabels: SELECTOR } },
  };
}

export const LIVENESS_PROBE = Object.freeze({
  httpGet: { path: "/healthz", port: "healthz" },
  initialDelaySeconds: 30,
  periodSeconds: 20,
  timeoutSeconds: 10,
  failureThreshold: 3,
  successThreshold: 1,
});

/** A pod that waits for the lease is ready as well: it serves its metrics. */
export const READINESS_PROBE = Object.freeze({
  httpGet: { path: "/metrics", port: "metrics" },
  initialDelaySeconds: 10,
  periodSeconds: 5,
  timeoutSeconds: 4,
  failureThreshold: 3,
  successThreshold: 1,
});

export const POD_SECURITY = Object.freeze({
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
});

export const CONTAINER_SECURITY = Object.freeze({
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
});

function deployment({ namespace, image, isNamespaced }: InstallOptions): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: NAME, namespace, labels: labels(NAME) },
    spec: {
      replicas: 1,
      selector: { matchLabels: SELECTOR },
      strategy: { type: "RollingUpdate" },
      template: {
        metadata: { labels: SELECTOR },
        spec: {
          serviceAccountName: NAME,
          nodeSelector: { "kubernetes.io/os": "linux" },
          securityContext: POD_SECURITY,
          containers: [{
            name: NAME,
            image,
            imagePullPolicy: "IfNotPresent",
            args: isNamespaced ? ["--namespaced"] : [],
            ports: [
              { name: "healthz", containerPort: HEALTH_PORT },
              { name: "metrics", containerPort: METRICS_PORT },
            ],
            livenessProbe: LIVENESS_PROBE,
            readinessProbe: READINESS_PROBE,
            securityContext: CONTAINER_SECURITY,
            volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
          }],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      },
    },
  };
}
