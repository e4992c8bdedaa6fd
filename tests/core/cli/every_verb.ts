/** A command line of every verb on a cluster. */

/** Every verb that looks or tells something, and the definition of what it prints. */
export const PRINTED: readonly (readonly [args: readonly string[], definition: string])[] = [
  [["get", "rollout", "web"], "rollout"],
  [["get", "experiment", "run"], "experiment"],
  [["list", "rollouts"], "rollouts"],
  [["list", "experiments"], "experiments"],
  [["status", "web", "--watch=false"], "status"],
  [["create", "-f", "web.yaml"], "done"],
  [["create", "analysisrun", "--from", "run"], "done"],
  [["set", "image", "web", "web=web:2"], "done"],
  [["promote", "web"], "done"],
  [["abort", "web"], "done"],
  [["pause", "web"], "done"],
  [["retry", "rollout", "web"], "done"],
  [["retry", "experiment", "run"], "done"],
  [["restart", "web"], "done"],
  [["undo", "web"], "done"],
  [["scale", "web", "--replicas=3"], "done"],
  [["terminate", "analysisrun", "run"], "done"],
  [["terminate", "experiment", "run"], "done"],
];
