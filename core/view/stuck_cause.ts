/** What a Rollout waits for, on which object, since when, and what people can do: by cause. */
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { RolloutCondition, RolloutStatus } from "../../sdk/api/rollout.ts";
import { fieldsOf, textOf } from "../../sdk/wire/json.ts";
import { byController, controlledBy } from "../api/ownership.ts";
import { timeMs, timestampRoundedUp } from "../api/values/time.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { parseGoDuration, pauseSeconds } from "../api/values/durations.ts";
import type { ExplainedObjects } from "./explained_objects.ts";
import { type LackingSet, lackingSets } from "./lacking_sets.ts";

/** Writes a command line about the Rollout. */
export type Advisor = (verb: string, ...more: string[]) => string;

/** What is explained, with what was found out about it. */
export interface CauseFacts extends ExplainedObjects {
  readonly lacking: readonly LackingSet[];
  readonly advise: Advisor;
}

export interface Cause {
  /** Absent: what the stages say. */
  readonly waitsFor?: string;
  readonly on: string[];
  readonly sinceMs?: number | undefined;
  readonly advice: string[];
}

/** The first one that is the case. */
export function causeOf(facts: CauseFacts): Cause {
  for (const cause of CAUSES) {
    const found = cause(facts);
    if (found !== undefined) return found;
  }
  return { on: [], sinceMs: progressMs(facts), advice: [] };
}

type CauseOf = (facts: CauseFacts) => Cause | undefined;

const CAUSES: readonly CauseOf[] = [
  deletion,
  endOfNamespace,
  leftAlone,
  unreadObjects,
  invalidSpec,
  abortion,
  failedPass,
  userPause,
  pause,
  judgement,
  missingPods,
  unseen,
  pendingWrites,
  rest,
];

function deletion({ rollout }: CauseFacts): Cause | undefined {
  const { deletionTimestamp, finalizers = [], name } = rollout.metadata;
  if (deletionTimestamp === undefined) return undefined;
  return {
    waitsFor: "it is being deleted: nothing is done any more",
    on: finalizers.map((finalizer) => `Rollout ${name}: finalizer ${finalizer}`),
    sinceMs: timeMs(deletionTimestamp),
    advice: finalizers.length === 0
      ? []
      : ["see to it that whoever put the finalizers there takes them away"],
  };
}

/** What it names goes in any order, and nothing new can be made: whatever else is said follows. */
function endOfNamespace({ rollout, namespaceEndsSinceMs }: CauseFacts): Cause | undefined {
  if (namespaceEndsSinceMs === undefined) return undefined;
  return {
    waitsFor: "its namespace is being deleted: nothing new can be made there",
    on: [`Namespace ${rollout.metadata.namespace}: is being deleted`],
    sinceMs: namespaceEndsSinceMs,
    advice: [],
  };
}

function leftAlone({ rollout, pass }: CauseFacts): Cause | undefined {
  const path = pass?.world.unserved;
  if (path === undefined) return undefined;
  return {
    on: [`Rollout ${rollout.metadata.name}: ${path.join(".")}`],
    advice: [`take ${path.join(".")} out of it, or let Argo Rollouts carry it out`],
  };
}

/** What a sentence says of a wrong value before it says what is the matter. */
const INVALID = /^The Rollout "[^"]*" is invalid: |Invalid value: "[^"]*": /g;

/** What is wrong in the files is right in the cluster that they were read from. */
function unreadObjects(facts: CauseFacts): Cause | undefined {
  const { rollout, pass, areAllRead } = facts;
  const invalid = pass?.world.invalid;
  if (areAllRead || invalid === undefined) return undefined;
  const { namespace = "", name } = rollout.metadata;
  return {
    waitsFor: "it cannot be told: the files lack what the Rollout names",
    on: [`Rollout ${name}: ${invalid.replace(INVALID, "")}`],
    advice: [
      "read that as well: kubectl get ro,rs,svc,pods,analysistemplates,ar,experiments " +
      `-n ${namespace} -o yaml, and the objects that its traffic router steers`,
    ],
  };
}

function invalidSpec(facts: CauseFacts): Cause | undefined {
  const { rollout, pass } = facts;
  const invalid = pass?.world.invalid;
  if (invalid === undefined) return undefined;
  return {
    on: [`Rollout ${rollout.metadata.name}: ${invalid}`],
    sinceMs: conditionMs(facts, "InvalidSpec"),
    advice: [absenceAdvice(invalid)[0] ?? CORRECT_IT],
  };
}

/** How a sentence ends about an object that is not there: its kind, as a name or a resource. */
const NOT_FOUND = /(?:^|\s)([\w.]+) ["'`][^"'`]*["'`] not found$/;
/** The kinds by what such sentences call them. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^services?$/i, "Service"],
  [/^deployments?\b/i, "Deployment"],
  [/^virtualservices?\b/i, "VirtualService"],
  [/^virtualrouters?\b/i, "VirtualRouter"],
  [/^destinationrules?\b/i, "DestinationRule"],
  [/^ingress(es)?\b/i, "Ingress"],
  [/^mappings?\b/i, "Mapping"],
  [/^httproutes?\b/i, "HTTPRoute"],
  [/^(cluster)?analysistemplates?\b/i, "AnalysisTemplate"],
];

const CORRECT_IT = "correct what it names, and apply it again (sluice lint finds such mistakes)";

/** What helps where a sentence says that an object is not there. */
function absenceAdvice(text: string): string[] {
  const called = NOT_FOUND.exec(text)?.[1];
  if (called === undefined) return [];
  const kind = KINDS.find(([pattern]) => pattern.test(called))?.[1] ?? called.split(".")[0];
  return [`make the ${kind}, or correct its name in the Rollout`];
}

function abortion(facts: CauseFacts): Cause | undefined {
  const { rollout, pass, advise } = facts;
  const status = statusOf(facts);
  if (status.abort !== true) return undefined;
  const isOver = (pass?.decision.effects.length ?? 0) === 0 && facts.lacking.length === 0;
  return {
    ...(isOver
      ? { waitsFor: "the update was aborted: waiting for retry or another template" }
      : {}),
    on: [
      `Rollout ${rollout.metadata.name}: ${status.message || "status.abort is set"}`,
      ...failedRuns(facts),
    ],
    sinceMs: timeMs(status.abortedAt ?? rollout.status?.abortedAt),
    advice: [
      ...absenceAdvice(textOf(status.message)),
      `${advise("retry rollout")}: try the update again`,
      `${advise("undo")}: make the template what is running`,
    ],
  };
}

/** The runs of this update that failed, with what they measured. */
function failedRuns(facts: CauseFacts): string[] {
  const { currentPodHash } = rolloutStatus(facts);
  const runs = facts.analysisRuns.filter(({ metadata, status }) =>
    metadata.labels?.[POD_TEMPLATE_HASH_LABEL] === currentPodHash &&
    ["Failed", "Error"].includes(textOf(fieldsOf(status)["phase"]))
  );
  return runs.map(({ metadata: { name }, status }) =>
    runText({ name, status: fieldsOf(status)["phase"] }, runs)
  );
}

function userPause(facts: CauseFacts): Cause | undefined {
  const { rollout, advise } = facts;
  if (rollout.spec.paused !== true) return undefined;
  return {
    on: [`Rollout ${rollout.metadata.name}: spec.paused is true`],
    sinceMs: conditionMs(facts, "Paused") ?? progressMs(facts),
    advice: [`${advise("promote")}: go on`, ...wayBack(facts)],
  };
}

function pause(facts: CauseFacts): Cause | undefined {
  const { rollout, advise } = facts;
  const conditions = statusOf(facts).pauseConditions ?? [];
  // The end of a pause beside it changes nothing: what came to no result waits for people.
  const condition = conditions.find(({ reason }) => reason.startsWith("Inconclusive")) ??
    conditions[0];
  if (condition === undefined) return undefined;
  const { name } = rollout.metadata;
  const index = rollout.status?.currentStepIndex ?? 0;
  const step = rollout.spec.strategy?.canary?.steps?.[index];
  const place = step === undefined ? pausedBy(facts) : `spec.strategy.canary.steps[${index}]`;
  const startMs = timeMs(condition.startTime);
  const seconds = condition.reason === "BlueGreenPause"
    ? rollout.spec.strategy?.blueGreen?.autoPromotionSeconds
    : condition.reason === "CanaryPauseStep"
    ? pauseSeconds(step?.pause?.duration)
    : undefined;
  const isTimed = seconds !== undefined && seconds > 0 && startMs !== undefined;
  const endMs = facts.pass?.decision.wakeAtMs ?? (startMs ?? 0) + (seconds ?? 0) * 1000;
  return {
    on: [...judgement(facts)?.on ?? [], `Rollout ${name}: ${place}`],
    sinceMs: startMs,
    advice: [
      ...(isTimed ? [`wait: it goes on by itself at ${timestampRoundedUp(endMs)}`] : []),
      `${advise("promote")}: ${promotionText(facts, condition.reason, isTimed)}`,
      `${advise("abort")}: go back to the stable revision`,
    ],
  };
}

/** The field of a strategy without steps that stops an update. */
function pausedBy({ rollout }: CauseFacts): string {
  const seconds = rollout.spec.strategy?.blueGreen?.autoPromotionSeconds;
  const field = seconds ? `autoPromotionSeconds is ${seconds}` : "autoPromotionEnabled is false";
  return `spec.strategy.blueGreen.${field}`;
}

/** What a promotion does about a pause for this reason. */
function promotionText(facts: CauseFacts, reason: string, isTimed: boolean): string {
  if (reason === "InconclusiveExperiment") return "begin the experiment anew";
  if (reason !== "InconclusiveAnalysisRun") return `go on${isTimed ? " now" : ""}`;
  const step = fieldsOf(fieldsOf(rolloutStatus(facts).canary)["currentStepAnalysisRunStatus"]);
  return textOf(step["status"]) === "Inconclusive"
    ? "leave this step behind, and go on"
    : "measure anew, and go on meanwhile";
}

/** An analysis or an experiment that is still running, or did not come to anything. */
function judgement(facts: CauseFacts): Cause | undefined {
  const { canary, blueGreen } = rolloutStatus(facts);
  const runs = [
    fieldsOf(canary)["currentStepAnalysisRunStatus"],
    fieldsOf(canary)["currentBackgroundAnalysisRunStatus"],
    fieldsOf(blueGreen)["prePromotionAnalysisRunStatus"],
    fieldsOf(blueGreen)["postPromotionAnalysisRunStatus"],
  ].map(fieldsOf).filter(({ status }) => UNDECIDED.includes(textOf(status)));
  const experiment = facts.experiments.find(({ metadata }) =>
    metadata.name === textOf(fieldsOf(canary)["currentExperiment"])
  );
  const isRunning = experiment !== undefined &&
    UNDECIDED.includes(textOf(fieldsOf(experiment["status"])["phase"]));
  if (runs.length === 0 && !isRunning) return undefined;
  const names = runs.map(({ name }) => textOf(name));
  // Only steps are left behind by a plain promotion: a blue-green has none.
  const full = facts.rollout.spec.strategy?.blueGreen === undefined ? [] : ["--full"];
  const found = facts.analysisRuns.filter(({ metadata }) => names.includes(metadata.name));
  const lacking = isRunning
    ? lackingSets(controlledBy(experiment, byController(facts.replicaSets)), facts.pods)
    : [];
  const { namespace = "" } = facts.rollout.metadata;
  const started = [...found, ...(isRunning ? [experiment] : [])]
    .map(({ metadata }) => timeMs(metadata.creationTimestamp)).filter((ms) => ms !== undefined);
  return {
    on: [
      ...runs.map((run) => runText(run, found)),
      ...(isRunning ? [experimentText(experiment)] : []),
      ...lacking.map(({ text }) => text),
    ],
    sinceMs: started.length === 0 ? undefined : Math.min(...started),
    advice: [
      ...lacking.slice(0, 1).flatMap((set) => podAdvice(set, namespace)),
      `${facts.advise("promote", ...full)}: go on without its result`,
      `${facts.advise("abort")}: go back to the stable revision`,
    ],
  };
}

const UNDECIDED = ["Pending", "Running", "Inconclusive"];

function runText(run: Record<string, unknown>, found: readonly KubeObject[]): string {
  const object = found.find(({ metadata }) => metadata.name === run["name"]) as
    | AnalysisRun
    | undefined;
  const metrics = (object?.status?.metricResults ?? [])
    .filter(({ phase }) => phase !== "Successful")
    .map(({ name, phase, message }) => `${name} ${phase}${message ? `: ${message}` : ""}`);
  const said = [textOf(run["message"]), ...metrics].filter((text) => text !== "").join("; ");
  return `AnalysisRun ${textOf(run["name"])}: ${textOf(run["status"])}` +
    (said === "" ? "" : ` (${said})`);
}

function experimentText({ metadata, spec, status }: KubeObject): string {
  const { phase, message, availableAt } = fieldsOf(status);
  const startMs = timeMs(textOf(availableAt));
  const durationMs = parseGoDuration(textOf(fieldsOf(spec)["duration"]));
  const isTimed = phase === "Running" && startMs !== undefined && durationMs !== undefined;
  const end = isTimed ? `until ${timestampRoundedUp(startMs + durationMs)}` : "";
  const said = textOf(message) || end;
  return `Experiment ${metadata.name}: ${textOf(phase)}${said === "" ? "" : ` (${said})`}`;
}

function missingPods(facts: CauseFacts): Cause | undefined {
  const { lacking, rollout } = facts;
  const [first] = lacking;
  if (first === undefined) return undefined;
  const { namespace = "" } = rollout.metadata;
  return {
    on: lacking.map(({ text }) => text),
    sinceMs: lackingSinceMs(facts, first),
    advice: [...podAdvice(first, namespace), ...wayBack(facts)],
  };
}

/** An update can be taken back, as long as it is one. */
function wayBack(facts: CauseFacts): string[] {
  const { currentPodHash, stableRS, abort } = rolloutStatus(facts);
  const isUpdate = currentPodHash !== stableRS && abort !== true;
  return isUpdate ? [`${facts.advise("abort")}: go back to the stable revision`] : [];
}

/** When the last progress was made; that it was given up is none. */
function lackingSinceMs(facts: CauseFacts, { pod }: LackingSet): number | undefined {
  const progressing = conditionOf(rolloutStatus(facts), "Progressing");
  if (progressing?.reason !== "ProgressDeadlineExceeded") return progressMs(facts);
  return timeMs(pod?.metadata.creationTimestamp) ?? progressMs(facts);
}

/** What helps, by words of the sentence about the pods. */
const REMEDIES: readonly (readonly [RegExp, (pod: string) => string])[] = [
  [
    /ImagePull|ErrImage|InvalidImage|RegistryUnavailable/,
    () => "check the name of the image, and the secret that it is pulled with",
  ],
  [/CrashLoopBackOff|OOMKilled|: Error|Completed/, (pod) => `kubectl logs ${pod} --previous`],
  [/Unschedulable/, () => "make room on the nodes, or let the pods ask for less"],
  [/cannot be created/, () => "raise the quota, or correct what forbids the pods"],
  [/ReadinessGatesNotReady/, () => "see why nobody opens the readiness gate of the pods"],
];

function podAdvice({ set, text, pod }: LackingSet, namespace: string): string[] {
  if ((set.status?.readyReplicas ?? 0) >= (set.spec?.replicas ?? 1)) {
    return ["wait: they are Ready, and have to stay so for minReadySeconds"];
  }
  const named = pod === undefined ? "" : `${pod.metadata.name} -n ${namespace}`;
  const remedy = REMEDIES.find(([pattern]) => pattern.test(text))?.[1](named);
  if (remedy !== undefined) return [remedy];
  return named === "" ? [] : [`kubectl describe pod ${named}`];
}

/** Something went wrong in the last pass of the controller, which tries it again and again. */
function failedPass(facts: CauseFacts): Cause | undefined {
  const { rollout } = facts;
  const message = textOf(rolloutStatus(facts).message);
  const [, problem] = FAILED_PASS.exec(message) ?? [];
  if (problem === undefined) return undefined;
  const absence = absenceAdvice(problem);
  const [, right] = NO_RIGHT.exec(problem) ?? [];
  const advice = right === undefined
    ? "see to what it names; the controller's log has more"
    : `let the controller ${right} (sluice manifests prints a role with all that it needs)`;
  return {
    waitsFor: "the next try: the last one failed",
    on: [`Rollout ${rollout.metadata.name}: ${problem}`],
    sinceMs: progressMs(facts),
    advice: absence.length > 0 ? absence : [advice, ...wayBack(facts)],
  };
}

/** As an authorizer says it: `cannot patch resource "services" in API group "" in …`. */
const NO_RIGHT = /is forbidden: User "[^"]*" cannot (\w+ resource "[^"]*" in API group "[^"]*")/;

const FAILED_PASS = /^Reconciliation failed with error: (.*)$/s;

/** No controller has looked at the Rollout since it was changed. */
function unseen(facts: CauseFacts): Cause | undefined {
  const { rollout } = facts;
  const { generation = 0, name } = rollout.metadata;
  const observed = Number(rollout.status?.observedGeneration ?? 0);
  if (Number.isNaN(observed) || observed >= generation) return undefined;
  return {
    waitsFor: "a controller that sees its last change",
    on: [`Rollout ${name}: no controller has seen generation ${generation} yet`],
    advice: ["if this stays so, no controller is at work: look at its Deployment and its log"],
  };
}

function pendingWrites(facts: CauseFacts): Cause | undefined {
  if ((facts.pass?.decision.effects.length ?? 0) === 0) return undefined;
  return {
    on: [],
    sinceMs: progressMs(facts),
    advice: [
      "if this stays so, no controller is at work, or the cluster refuses what it writes: " +
      "look at its log",
    ],
  };
}

function rest(facts: CauseFacts): Cause | undefined {
  if (rolloutStatus(facts).phase !== "Healthy") return undefined;
  return { waitsFor: "nothing: it is as wanted", on: [], advice: [] };
}

/** What the pass would report; before that, what is reported. */
function statusOf({ pass, rollout }: CauseFacts): RolloutStatus {
  return (pass?.decision.status ?? rollout.status ?? {}) as RolloutStatus;
}

function rolloutStatus({ rollout }: CauseFacts): RolloutStatus {
  return rollout.status ?? {};
}

function conditionMs({ rollout }: CauseFacts, type: string): number | undefined {
  const found = conditionOf(rollout.status, type);
  return found?.status === "True" ? timeMs(found.lastTransitionTime) : undefined;
}

/** When something moved on for the last time. */
function progressMs({ rollout }: CauseFacts): number | undefined {
  return timeMs(conditionOf(rollout.status, "Progressing")?.lastUpdateTime);
}

function conditionOf(
  status: RolloutStatus | undefined,
  type: string,
): RolloutCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}
