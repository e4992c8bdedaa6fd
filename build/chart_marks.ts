/** What stands for the marks in the objects of the chart. */
import { entries, field, included, type Lines } from "./chart_text.ts";

const CONTROLLER = ".Values.controller";
const MONITOR = `${CONTROLLER}.metrics.serviceMonitor`;

function helper(name: string): string {
  return `{{ include "sluice.${name}" . }}`;
}

export const EXPRESSIONS: Readonly<Record<string, string>> = {
  fullname: helper("fullname"),
  metricsName: `${helper("fullname")}-metrics`,
  adminName: `${helper("fullname")}-aggregate-to-admin`,
  editName: `${helper("fullname")}-aggregate-to-edit`,
  viewName: `${helper("fullname")}-aggregate-to-view`,
  namespace: `{{ include "sluice.namespace" . | quote }}`,
  monitorNamespace: `{{ default (include "sluice.namespace" .) ${MONITOR}.namespace | quote }}`,
  serviceAccount: helper("serviceAccountName"),
  image: `{{ include "sluice.image" . | quote }}`,
  pullPolicy: `{{ ${CONTROLLER}.image.pullPolicy }}`,
  replicas: `{{ ${CONTROLLER}.replicas }}`,
  gracePeriod: `{{ ${CONTROLLER}.terminationGracePeriodSeconds }}`,
  metricsPortName: `{{ ${CONTROLLER}.metrics.service.portName }}`,
  metricsPort: `{{ ${CONTROLLER}.metrics.service.port }}`,
  healthPort: `{{ ${CONTROLLER}.containerPorts.healthz }}`,
  metricsContainerPort: `{{ ${CONTROLLER}.containerPorts.metrics }}`,
};

/** A map of two values, of which the second wins. */
function merged(general: string, special: string): string {
  return `(mergeOverwrite (deepCopy .Values.${general}) ${CONTROLLER}.${special})`;
}

const args: Lines = () => [
  `- --healthzPort={{ ${CONTROLLER}.containerPorts.healthz }}`,
  `- --metricsPort={{ ${CONTROLLER}.containerPorts.metrics }}`,
  `- --loglevel={{ ${CONTROLLER}.logging.level }}`,
  `- --logformat={{ ${CONTROLLER}.logging.format }}`,
  "{{- if not .Values.clusterInstall }}",
  "- --namespaced",
  "{{- end }}",
  `{{- range ${CONTROLLER}.extraArgs }}`,
  "- {{ . | quote }}",
  "{{- end }}",
];

const nodeSelector: Lines = (columns) => [
  "kubernetes.io/os: linux",
  ...entries(`${CONTROLLER}.nodeSelector`)(columns),
];

const budgetLimit: Lines = () => [
  `{{- if ne (toString ${CONTROLLER}.pdb.minAvailable) "" }}`,
  `minAvailable: {{ ${CONTROLLER}.pdb.minAvailable }}`,
  "{{- else }}",
  `maxUnavailable: {{ default 1 ${CONTROLLER}.pdb.maxUnavailable }}`,
  "{{- end }}",
];

export const BLOCKS: Readonly<Record<string, Lines>> = {
  labels: included("sluice.labels"),
  selector: included("sluice.selector"),
  spread: included("sluice.spread"),
  args,
  nodeSelector,
  budgetLimit,
  accountAnnotations: field("annotations", ".Values.serviceAccount.annotations"),
  pullSecrets: field("imagePullSecrets", ".Values.imagePullSecrets"),
  additionalRules: entries(".Values.providerRBAC.additionalRules"),
  serviceAnnotations: field(
    "annotations",
    merged("serviceAnnotations", "metrics.service.annotations"),
  ),
  monitorLabels: entries(`${MONITOR}.additionalLabels`),
  monitorAnnotations: field("annotations", `${MONITOR}.additionalAnnotations`),
  relabelings: field("relabelings", `${MONITOR}.relabelings`),
  metricRelabelings: field("metricRelabelings", `${MONITOR}.metricRelabelings`),
  budgetLabels: entries(`${CONTROLLER}.pdb.labels`),
  budgetAnnotations: field("annotations", `${CONTROLLER}.pdb.annotations`),
  deploymentLabels: entries(`${CONTROLLER}.deploymentLabels`),
  deploymentAnnotations: field("annotations", `${CONTROLLER}.deploymentAnnotations`),
  podLabels: entries(merged("podLabels", "podLabels")),
  podAnnotations: field("annotations", merged("podAnnotations", "podAnnotations")),
  podSecurity: entries(".Values.podSecurityContext"),
  containerSecurity: entries(".Values.containerSecurityContext"),
  tolerations: field("tolerations", `${CONTROLLER}.tolerations`),
  affinity: field("affinity", `${CONTROLLER}.affinity`),
  priority: field("priorityClassName", `${CONTROLLER}.priorityClassName`),
  initContainers: field("initContainers", `${CONTROLLER}.initContainers`),
  env: field("env", `${CONTROLLER}.extraEnv`),
  liveness: entries(`${CONTROLLER}.livenessProbe`),
  readiness: entries(`${CONTROLLER}.readinessProbe`),
  resources: entries(`${CONTROLLER}.resources`),
  volumeMounts: entries(`${CONTROLLER}.volumeMounts`),
  extraContainers: entries(`${CONTROLLER}.extraContainers`),
  volumes: entries(`${CONTROLLER}.volumes`),
};
