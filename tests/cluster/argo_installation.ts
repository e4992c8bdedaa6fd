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

/** In the order in which they can be made; the settings have something in them that users wrote. */
export const ARGO_INSTALLATION = [
  { apiVersion: "v1", kind: "ServiceAccount", metadata: own },
  {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRole",
    metadata: { name: "argo-rollouts", labels: LABELS },
    rules: [
      { apiGroups: ["argoproj.io"], resources: ["rollouts"], verbs: ["get", "list", "update"] },
      ARGO_RULE,
    ],
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
