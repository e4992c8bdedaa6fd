/** Reasons and messages of a Rollout's conditions, byte for byte Argo Rollouts'. */

/** Reasons that stand in `status.conditions[].reason`. */
export const CONDITION_REASON = Object.freeze({
  newReplicaSetCreated: "NewReplicaSetCreated",
  foundNewReplicaSet: "FoundNewReplicaSet",
  replicaSetUpdated: "ReplicaSetUpdated",
  newReplicaSetAvailable: "NewReplicaSetAvailable",
  replicaSetNotAvailable: "ReplicaSetNotAvailable",
  replicaSetCreateError: "ReplicaSetCreateError",
  rolloutPaused: "RolloutPaused",
  rolloutResumed: "RolloutResumed",
  rolloutRetry: "RolloutRetry",
  rolloutAborted: "RolloutAborted",
  progressDeadlineExceeded: "ProgressDeadlineExceeded",
  available: "AvailableReason",
  completed: "RolloutCompleted",
  healthy: "RolloutHealthy",
  invalidSpec: "InvalidSpec",
});

/** Whom a progress message is about: the newest ReplicaSet, or the Rollout before it exists. */
export type ProgressSubject = { kind: "ReplicaSet" | "Rollout"; name: string };

function named(subject: ProgressSubject): string {
  return `${subject.kind} "${subject.name}"`;
}

/** The messages that stand in `status.conditions[].message`. */
export const CONDITION_MESSAGE = Object.freeze({
  newReplicaSetCreated: (name: string) => `Created new replica set "${name}"`,
  foundNewReplicaSet: (name: string) => `Found new replica set "${name}"`,
  progressing: (subject: ProgressSubject) => `${named(subject)} is progressing.`,
  progressed: (subject: ProgressSubject) => `${named(subject)} has successfully progressed.`,
  /** `cause` is Sluice's own addition; empty when nothing is known. */
  timedOut: (subject: ProgressSubject, cause = "") =>
    `${named(subject)} has timed out progressing.${cause === "" ? "" : ` ${cause}`}`,
  /** Sluice's own addition to another message. */
  putOff: ({ message, from, to, countsFrom }: Readonly<
    Record<"message" | "from" | "to" | "countsFrom", string>
  >) =>
    `${message} The controller could not see the cluster from ${from} to ${to}: ` +
    `the progress deadline counts from ${countsFrom}.`,
  replicaSetCreateError: (name: string, error: string) =>
    `Failed to create new replica set "${name}": ${error}`,
  paused: "Rollout is paused",
  resumed: "Rollout is resumed",
  retry: "Retrying Rollout after abort",
  /** `why` is empty when a user aborted. */
  aborted: (revision: number, why = "") =>
    `Rollout aborted update to revision ${revision}${why === "" ? "" : `: ${why}`}`,
  available: "Rollout has minimum availability",
  unavailable: "Rollout does not have minimum availability",
  completed: "RolloutCompleted",
  healthy: "Rollout is healthy",
  unhealthy: "Rollout is not healthy",
  invalidSpec: (name: string, fieldError: string) =>
    `The Rollout "${name}" is invalid: ${fieldError}`,
});

/** What `status.message` says while nothing is wrong; keys name the case. */
export const PHASE_MESSAGE = Object.freeze({
  manuallyPaused: "manually paused",
  restarting: "rollout is restarting",
  updating: "more replicas need to be updated",
  becomingAvailable: "updated replicas are still becoming available",
  cutoverPending: "active service cutover pending",
  awaitingAnalysis: "waiting for analysis to complete",
  awaitingVerification: "waiting for post-promotion verification to complete",
  terminatingOld: "old replicas are pending termination",
  awaitingSteps: "waiting for all steps to complete",
  awaitingObservation: "waiting for rollout spec update to be observed",
  awaitingUnpause: "waiting for rollout to unpause",
  awaitingWorkloadObservation:
    "waiting for rollout spec update to be observed for the reference workload",
});
