/** The signs in front of names and states. */

/** A kind of row in the tree. */
export type RowKind =
  | "Rollout"
  | "Revision"
  | "ReplicaSet"
  | "Pod"
  | "Job"
  | "Experiment"
  | "AnalysisRun";

const KIND_ICONS: Readonly<Record<RowKind, string>> = {
  Rollout: "⟳",
  Revision: "#",
  ReplicaSet: "⧉",
  Pod: "□",
  Job: "⊞",
  Experiment: "Σ",
  AnalysisRun: "α",
};

const OK = "✔";
const PROGRESSING = "◌";
const BAD = "✖";
const WARNING = "⚠";
const WAITING = "◷";
const UNKNOWN = "?";
const PAUSED = "॥";
const NEUTRAL = "•";
const NONE = " ";

const STATUS_ICONS: ReadonlyMap<string, string> = new Map([
  ["Healthy", OK],
  ["Successful", OK],
  ["Completed", OK],
  ["Progressing", PROGRESSING],
  ["Terminating", PROGRESSING],
  ["ContainerCreating", PROGRESSING],
  ["Degraded", BAD],
  ["Failed", BAD],
  ["ReplicaFailure", BAD],
  ["CrashLoopBackOff", BAD],
  ["InvalidImageName", BAD],
  ["InvalidSpec", WARNING],
  ["ImagePullBackOff", WARNING],
  ["RegistryUnavailable", WARNING],
  ["Inconclusive", UNKNOWN],
  ["Unknown", UNKNOWN],
  ["Paused", PAUSED],
  ["ScaledDown", NEUTRAL],
]);

/** The sign in front of the name of a row of this kind. */
export function kindIcon(kind: RowKind): string {
  return KIND_ICONS[kind];
}

/** The sign in front of a state; a blank for one that has none. */
export function statusIcon(kind: RowKind, status: string): string {
  // The same words mean other things for what is measured than for what is run.
  const isRun = kind === "AnalysisRun" || kind === "Experiment" || kind === "Job";
  if (status === "Running") return isRun ? PROGRESSING : OK;
  if (status === "Pending") return isRun ? WAITING : PROGRESSING;
  if (status.startsWith("Init:")) return PROGRESSING;
  if (status.startsWith("Signal:") || status.startsWith("ExitCode:")) return BAD;
  if (status.startsWith("Err") || status.endsWith("Error")) return WARNING;
  return STATUS_ICONS.get(status) ?? NONE;
}
