/** What counts where a field is absent; nothing of it is written into objects. */

/** The namespace of an object that names none. */
export const DEFAULT_NAMESPACE = "default";
/** `progressDeadlineSeconds` of a Rollout and of an Experiment. */
export const PROGRESS_DEADLINE_DEFAULT_SECONDS = 600;
