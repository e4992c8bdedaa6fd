/** The helpers of the chart's templates. */

const FULLNAME = `{{- define "sluice.name" -}}
{{- default "argo-rollouts" .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "sluice.fullname" -}}
{{- $name := include "sluice.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
`;

const NAMES = `{{- define "sluice.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "sluice.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "sluice.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "sluice.image" -}}
{{- with .Values.controller.image }}
{{- with .registry }}{{ . }}/{{ end }}
{{- .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end }}
{{- end }}
`;

const LABELS = `{{- define "sluice.selector" -}}
app.kubernetes.io/component: {{ .Values.controller.component }}
app.kubernetes.io/name: {{ include "sluice.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "sluice.labels" -}}
{{ include "sluice.selector" . }}
app.kubernetes.io/part-of: argo-rollouts
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}
`;

/** A constraint without a selector is about the controller's pods. */
const SPREAD = `{{- define "sluice.spread" -}}
{{- with .Values.controller.topologySpreadConstraints -}}
topologySpreadConstraints:
{{- range . }}
{{- $selector := dict "matchLabels" (include "sluice.selector" $ | fromYaml) }}
{{- toYaml (list (merge (deepCopy .) (dict "labelSelector" $selector))) | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
`;

const ANNOTATIONS = `{{- define "sluice.definitionAnnotations" -}}
{{- $keep := ternary (dict "helm.sh/resource-policy" "keep") (dict) .Values.keepCRDs }}
{{- with merge (deepCopy .Values.crdAnnotations) $keep -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
`;

export const HELPERS = [FULLNAME, NAMES, LABELS, SPREAD, ANNOTATIONS].join("\n");
