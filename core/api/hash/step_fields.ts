/** The fields of a canary step in the order in which Argo Rollouts writes them. */
import type { GoFields } from "./go_json.ts";

/** How a text is matched. */
export const STRING_MATCH_FIELDS: GoFields = [["exact", "nonzero"], ["prefix", "nonzero"], [
  "regex",
  "nonzero",
]];
const METADATA: GoFields = [["labels", { map: "value" }], ["annotations", { map: "value" }]];
/** One argument of an analysis. */
export const ARGUMENT_FIELDS: GoFields = [
  ["name", "text"],
  ["value", "nonzero"],
  ["valueFrom", {
    struct: [
      ["podTemplateHashValue", "value"],
      ["fieldRef", { struct: [["fieldPath", "text"]] }],
    ],
  }],
];
const DRY_RUN: GoFields = [["metricName", "text"]];
/** A label selector. */
export const SELECTOR_FIELDS: GoFields = [
  ["matchLabels", { map: "value" }],
  ["matchExpressions", {
    list: [["key", "text"], ["operator", "text"], ["values", { list: "value" }]],
  }],
];
const EXPERIMENT_TEMPLATE: GoFields = [
  ["name", "text"],
  ["specRef", "text"],
  ["replicas", "value"],
  ["metadata", { struct: METADATA, absent: "{}" }],
  ["selector", { struct: SELECTOR_FIELDS }],
  ["weight", "value"],
  ["service", { struct: [["name", "nonzero"]] }],
];
const EXPERIMENT_ANALYSIS: GoFields = [
  ["name", "text"],
  ["templateName", "text"],
  ["clusterScope", "value"],
  ["args", { list: ARGUMENT_FIELDS }],
  ["requiredForCompletion", "nonzero"],
];
/** `setHeaderRoute` of a step. */
export const HEADER_ROUTE_FIELDS: GoFields = [
  ["name", "nonzero"],
  ["match", {
    list: [
      ["headerName", "text"],
      ["headerValue", { struct: STRING_MATCH_FIELDS, absent: "null" }],
    ],
  }],
];
/** `setMirrorRoute` of a step. */
export const MIRROR_ROUTE_FIELDS: GoFields = [
  ["name", "text"],
  ["match", {
    list: [
      ["method", { struct: STRING_MATCH_FIELDS }],
      ["path", { struct: STRING_MATCH_FIELDS }],
      ["headers", { map: STRING_MATCH_FIELDS }],
    ],
  }],
  ["percentage", "value"],
];
/** One canary step. */
export const STEP_FIELDS: GoFields = [
  ["setWeight", "value"],
  ["pause", { struct: [["duration", "value"]] }],
  ["experiment", {
    struct: [
      ["templates", { list: EXPERIMENT_TEMPLATE, always: true }],
      ["duration", "nonzero"],
      ["analyses", { list: EXPERIMENT_ANALYSIS }],
      ["dryRun", { list: DRY_RUN }],
      ["analysisRunMetadata", { struct: METADATA, absent: "{}" }],
      ["scaleDownDelaySeconds", "value"],
    ],
  }],
  ["analysis", {
    struct: [
      ["templates", { list: [["templateName", "text"], ["clusterScope", "value"]] }],
      ["args", { list: ARGUMENT_FIELDS }],
      ["dryRun", { list: DRY_RUN }],
      ["measurementRetention", { list: [["metricName", "text"], ["limit", "number"]] }],
      ["analysisRunMetadata", { struct: METADATA }],
    ],
  }],
  ["setCanaryScale", {
    struct: [["weight", "value"], ["replicas", "value"], ["matchTrafficWeight", "nonzero"]],
  }],
  ["setHeaderRoute", { struct: HEADER_ROUTE_FIELDS }],
  ["setMirrorRoute", { struct: MIRROR_ROUTE_FIELDS }],
  ["plugin", { struct: [["name", "text"], ["config", "open"]] }],
];
