/** An installation of Argo Rollouts beside its definitions. */

const LABELS = {
  "app.kubernetes.io/component": "rollouts-controller",
  "app.kubernetes.io/name": "argo-rollouts",
  "app.kubernetes.io/part-of": "argo-rollouts",
};
const SELECTOR = { "app.kubernetes.io/name": "argo-rollouts" };
const RBAC = "rbac.authorization.k8s.io";
export const ARGO_NAMESPACE = "argo-rollouts";
const own = { name: "argo-rollouts", namespace: ARGO_NAMESPACE, labels: LABELS };

/** A rule that Sluice does not ask for. */
export const ARGO_RULE = {
  apiGroups: [""],
  resources: ["secrets", "configmaps"],
  verbs: ["get", "list", "watch"],
};

const READ = ["get", "list", "watch"];
const ALL = [...READ, "create", "update", "patch", "delete"];
const rule = (apiGroups: string[], resources: string[], verbs: string[]) => ({
  ...{ apiGroups, resources, verbs },
});

/** All that the role of Argo Rollouts grants. */
export const ARGO_RULES = [
  rule(["argoproj.io"], ["rollouts", "rollouts/status", "rollouts/finalizers"], [
    ...READ,
    "update",
    "patch",
  ]),
  rule(["argoproj.io"], [
    "analysisruns",
    "analysisruns/finalizers",
    "experiments",
    "experiments/finalizers",
  ], ALL),
  rule(["argoproj.io"], ["analysistemplates", "clusteranalysistemplates"], READ),
  rule(["apps"], ["replicasets"], ALL),
  rule(["", "apps"], ["deployments", "podtemplates"], [...READ, "update"]),
  rule([""], ["services"], [...READ, "patch", "create", "delete"]),
  rule(["coordination.k8s.io"], ["leases"], ["create", "get", "update"]),
  ARGO_RULE,
  rule([""], ["pods"], ["list", "update", "watch"]),
  rule([""], ["pods/eviction"], ["create"]),
  rule([""], ["events"], ["create", "update", "patch"]),
  rule(["networking.k8s.io", "extensions"], ["ingresses"], [...READ, "create", "update", "patch"]),
  rule(["batch"], ["jobs"], ALL),
  rule(["networking.istio.io"], ["virtualservices", "destinationrules"], [
    ...READ,
    "update",
    "patch",
  ]),
];

/** In the order in which they can be made; the settings have something in them that users wrote. */
export const ARGO_INSTALLATION = [
  { apiVersion: "v1", kind: "ServiceAccount", metadata: own },
  {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRole",
    metadata: { name: "argo-rollouts", labels: LABELS },
    rules: ARGO_RULES,
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: "argo-rollouts", labels: LABELS },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "argo-rollouts" },
    subjects: [{ kind: "ServiceAccount", name: "argo-rollouts", namespace: ARGO_NAMESPACE }],
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...own, name: "argo-rollouts-config" },
    data: { stepPlugins: "[]" },
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { ...own, name: "argo-rollouts-notification-secret" },
    type: "Opaque",
    stringData: { token: "of the user" },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...own, name: "argo-rollouts-metrics" },
    spec: {
      ports: [{ name: "metrics", port: 8090, protocol: "TCP", targetPort: 8090 }],
      selector: SELECTOR,
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: own,
    spec: {
      replicas: 1,
      selector: { matchLabels: SELECTOR },
      strategy: { type: "RollingUpdate" },
      template: {
        metadata: { labels: SELECTOR },
        spec: {
          serviceAccountName: "argo-rollouts",
          securityContext: { runAsNonRoot: true },
          containers: [{
            name: "argo-rollouts",
            image: "quay.io/argoproj/argo-rollouts:v1.10.0",
            imagePullPolicy: "Always",
            ports: [
              { name: "metrics", containerPort: 8090 },
              { name: "healthz", containerPort: 8080 },
            ],
            livenessProbe: {
              httpGet: { path: "/healthz", port: "healthz" },
              initialDelaySeconds: 30,
              periodSeconds: 20,
            },
            securityContext: { readOnlyRootFilesystem: true },
            volumeMounts: [
              { name: "plugin-bin", mountPath: "/home/argo-rollouts/plugin-bin" },
              { name: "tmp", mountPath: "/tmp" },
            ],
          }],
          volumes: [{ name: "plugin-bin", emptyDir: {} }, { name: "tmp", emptyDir: {} }],
        },
      },
    },
  },
];
