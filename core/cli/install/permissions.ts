/**
 * What the controller may do in a cluster, and nothing else. This is the one list: manifests and
 * chart are made from it, and the tests on a real cluster fail for a verb that is missing here and
 * for one that nothing uses.
 */

export type PermissionVerb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

type Reasons = Readonly<Partial<Record<PermissionVerb, string>>>;

export interface Permission {
  /** `""` is the core group. */
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly PermissionVerb[];
  /** The kind stands outside of namespaces: a Role cannot grant it. */
  readonly isClusterWide?: true;
  /** Verbs that the role of Argo Rollouts does not have, each with the reason. */
  readonly beyondArgo?: Reasons;
  /** Verbs that stay granted though the tests on a cluster do not use them, with the reason. */
  readonly unused?: Reasons;
}

const READ: readonly PermissionVerb[] = ["get", "list", "watch"];

const MERGE = "changes are patches that touch only Sluice's own fields";
const RACE = "an object is read by itself only after a race, which no test brings about for sure";
const OWNER =
  "clusters that check blockOwnerDeletion, such as OpenShift, ask for it to make owned objects";

export const PERMISSIONS: readonly Permission[] = Object.freeze<Permission[]>([
  // What Sluice is about.
  {
    group: "argoproj.io",
    resources: ["rollouts"],
    verbs: [...READ, "patch"],
    unused: { get: RACE },
  },
  { group: "argoproj.io", resources: ["rollouts/status"], verbs: ["patch"] },
  {
    group: "argoproj.io",
    resources: ["rollouts/finalizers", "analysisruns/finalizers", "experiments/finalizers"],
    verbs: ["update"],
    unused: { update: OWNER },
  },
  {
    group: "argoproj.io",
    resources: ["analysisruns", "experiments"],
    verbs: [...READ, "create", "patch", "delete"],
    unused: { get: RACE },
  },
  { group: "argoproj.io", resources: ["analysistemplates"], verbs: ["list", "watch"] },
  {
    group: "argoproj.io",
    resources: ["clusteranalysistemplates"],
    verbs: ["list", "watch"],
    isClusterWide: true,
  },
  // Pods and what leads to them.
  { group: "apps", resources: ["replicasets"], verbs: [...READ, "create", "patch", "delete"] },
  {
    group: "",
    resources: ["pods"],
    verbs: ["list", "patch"],
    beyondArgo: { patch: MERGE },
  },
  { group: "", resources: ["pods/eviction"], verbs: ["create"] },
  {
    group: "",
    resources: ["services"],
    verbs: [...READ, "create", "patch", "delete"],
    unused: { get: RACE },
  },
  // The workload that a Rollout names.
  {
    group: "apps",
    resources: ["deployments"],
    verbs: [...READ, "patch"],
    beyondArgo: { patch: MERGE },
  },
  { group: "", resources: ["podtemplates"], verbs: ["list", "watch"] },
  // Of the process itself.
  {
    group: "coordination.k8s.io",
    resources: ["leases"],
    verbs: ["get", "list", "create", "update"],
    beyondArgo: { list: "a controller of another namespace is looked for at start" },
  },
  { group: "", resources: ["events"], verbs: ["create", "patch"] },
  // Notifications. The ConfigMap is read by its name, as the Secret is.
  { group: "", resources: ["configmaps"], verbs: ["get"] },
  // Analysis, notifications. Secrets are never listed or watched: what is named is read.
  { group: "", resources: ["secrets"], verbs: ["get"] },
  { group: "batch", resources: ["jobs"], verbs: [...READ, "create", "delete"] },
  // Traffic routers.
  {
    group: "networking.k8s.io",
    resources: ["ingresses"],
    verbs: [...READ, "create", "patch", "delete"],
    beyondArgo: { delete: "an Ingress that a Rollout made goes when the Rollout leaves NGINX" },
    unused: { get: RACE },
  },
  {
    group: "networking.istio.io",
    resources: ["virtualservices", "destinationrules"],
    verbs: [...READ, "patch"],
    unused: { get: RACE },
  },
  {
    group: "gateway.networking.k8s.io",
    resources: ["httproutes", "grpcroutes", "tcproutes", "tlsroutes"],
    verbs: [...READ, "patch"],
    beyondArgo: {
      get: "the Gateway API is built in; with Argo Rollouts its plugin brings a role of its own",
      list: "as get",
      watch: "as get",
      patch: "as get",
    },
    unused: { get: RACE },
  },
]);
