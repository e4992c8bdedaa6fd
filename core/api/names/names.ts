/** Keys of labels and annotations, and the other names that Argo Rollouts puts on the wire. */

/** Hash of the pod template: on ReplicaSets, pods, selectors of Services, analysis runs. */
export const POD_TEMPLATE_HASH_LABEL = "rollouts-pod-template-hash";
/** Revision of a Rollout or ReplicaSet, in decimal digits. */
export const REVISION_ANNOTATION = "rollout.argoproj.io/revision";
/** Former revisions of a ReplicaSet, separated by commas. */
export const REVISION_HISTORY_ANNOTATION = "rollout.argoproj.io/revision-history";
/** `spec.replicas` of the Rollout when the ReplicaSet was last scaled. */
export const DESIRED_REPLICAS_ANNOTATION = "rollout.argoproj.io/desired-replicas";
/** Generation of the workload that `spec.workloadRef` names. */
export const WORKLOAD_GENERATION_ANNOTATION = "rollout.argoproj.io/workload-generation";
/** Labels and annotations injected into a ReplicaSet's pods, as JSON. */
export const EPHEMERAL_METADATA_ANNOTATION = "rollout.argoproj.io/ephemeral-metadata";
/** RFC 3339 time after which a ReplicaSet is scaled down. */
export const SCALE_DOWN_DEADLINE_ANNOTATION = "scale-down-deadline";
/** The first part of the user agent, which the API server notes as the one who wrote a field. */
export const FIELD_MANAGER = "sluice";
/** Name of the Rollout that steers a Service or DestinationRule. */
export const MANAGED_BY_ANNOTATION = "argo-rollouts.argoproj.io/managed-by-rollouts";
/** Known to Argo Rollouts, read and written by nobody. */
export const RESTARTED_AFTER_ANNOTATION = "argo-rollouts.argoproj.io/restarted-after";
/** Which of several controllers looks after an object. */
export const INSTANCE_ID_LABEL = "argo-rollouts.argoproj.io/controller-instance-id";
/** Bookkeeping of notifications; never copied to a ReplicaSet. */
export const NOTIFIED_ANNOTATION = "notified.notifications.argoproj.io";
/** What an AnalysisRun belongs to: `Step`, `Background`, `PrePromotion` or `PostPromotion`. */
export const ROLLOUT_TYPE_LABEL = "rollout-type";
/** Index of the step that an AnalysisRun belongs to. */
export const STEP_INDEX_LABEL = "step-index";
/** Values of the label `rollout-type`. */
export const ROLLOUT_TYPE = Object.freeze({
  step: "Step",
  background: "Background",
  prePromotion: "PrePromotion",
  postPromotion: "PostPromotion",
});
/**
 * Sluice's own: what a metric without data comes to. On a template one word for all its metrics, on
 * an AnalysisRun that or a JSON object with a word for each metric.
 */
export const ON_NO_DATA_ANNOTATION = "sluice.dev/on-no-data";
/** Experiment that a ReplicaSet or Service belongs to. */
export const EXPERIMENT_NAME_ANNOTATION = "experiment.argoproj.io/name";
/** Template of the experiment that a ReplicaSet or Service belongs to. */
export const EXPERIMENT_TEMPLATE_NAME_ANNOTATION = "experiment.argoproj.io/template-name";
/** Sluice's own: the best that an update came to before pods were lost again. */
export const LINT_OFF_ANNOTATION = "sluice/lint-off";
export const BEST_PROGRESS_ANNOTATION = "sluice/best-progress";
/** Sluice's own: the pods of a Deployment before it handed them over to a Rollout. */
export const REPLICAS_BEFORE_ANNOTATION = "sluice/replicas-before-hand-over";
/** What `kubectl apply` remembers. */
export const LAST_APPLIED_ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

/** Annotations of a Rollout that its ReplicaSets do not inherit. */
export const ANNOTATIONS_NOT_COPIED: readonly string[] = Object.freeze([
  LAST_APPLIED_ANNOTATION,
  REVISION_ANNOTATION,
  REVISION_HISTORY_ANNOTATION,
  DESIRED_REPLICAS_ANNOTATION,
  NOTIFIED_ANNOTATION,
]);

/** Source component of every event. */
export const EVENT_SOURCE = "rollouts-controller";

export * from "./analysis_names.ts";
export * from "./condition_reason.ts";
export * from "./event_reason.ts";
export * from "./experiment_names.ts";
