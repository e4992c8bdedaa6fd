/** The status of a Rollout. */
import { conditions } from "./common.ts";
import type { Field, Kit, Shape } from "../../../sdk/fields/kit.ts";

export function rolloutStatus(kit: Kit): Shape {
  const pods = (meaning: string) => kit.whole(meaning, { unit: "pods" });
  return {
    phase: kit.text("`Healthy`, `Progressing`, `Paused` or `Degraded`."),
    message: kit.text("Why the phase is what it is."),
    conditions: conditions(
      kit,
      "Which: `Progressing`, `Available`, `Paused`, `Completed`, `Healthy`, `InvalidSpec`, …",
    ),
    abort: kit.flag("Somebody, or an analysis, wants the update undone."),
    abortedAt: kit.time("Since when it is aborted."),
    promoteFull: kit.flag("Somebody wants the update finished without further steps."),
    pauseConditions: kit.list(
      () => ({
        reason: kit.text(
          "`CanaryPauseStep`, `BlueGreenPause`, `InconclusiveAnalysisRun`, …",
          { required: true },
        ),
        startTime: kit.time("Since when.", { required: true }),
      }),
      "Why the update waits; whoever takes them away lets it go on.",
    ),
    controllerPause: kit.flag("The controller has paused the update."),
    currentPodHash: kit.text("Hash of the present pod template."),
    currentStepHash: kit.text("Hash of the present steps."),
    currentStepIndex: kit.whole(
      "Index of the present step, from 0; the number of steps at the end.",
    ),
    stableRS: kit.text("Hash of the stable pod template."),
    collisionCount: kit.whole("How often the name of a new ReplicaSet was taken."),
    replicas: pods("Pods of all revisions."),
    updatedReplicas: pods("Pods of the newest revision."),
    readyReplicas: pods("Pods that are ready."),
    availableReplicas: pods("Pods that have been ready for `minReadySeconds`."),
    HPAReplicas: pods("Pods that an autoscaler should count."),
    selector: kit.text("Selector of the pods that an autoscaler should look at."),
    observedGeneration: kit.text("Generation of the spec that the status is about, in digits."),
    workloadObservedGeneration: kit.text("The same of the workload that `workloadRef` names."),
    restartedAt: kit.time("The `restartAt` that is done."),
    canary: canaryStatus(kit),
    blueGreen: blueGreenStatus(kit),
    duration: kit.object(
      () => ({
        rolloutStartedAt: kit.time("When the update began."),
        finishedAt: kit.time("When it ended."),
        manualPauseStartedAt: kit.time("Since when it waits for somebody."),
        totalManualPauseDurationSeconds: kit.long("How long it has waited for somebody.", {
          unit: "seconds",
        }),
        completionStatus: kit.text(
          "`Promoted`, `FastPromoted`, `Aborted`, `RolledBack` or `FastRolledBack`.",
        ),
      }),
      "How long the update takes.",
    ),
    alb: kit.object(() => albStatus(kit), "The load balancer in front of the Services."),
    albs: kit.list(() => albStatus(kit), "Load balancers, one for each Ingress."),
  };
}

function runStatus(kit: Kit, meaning: string): Field {
  return kit.object(
    () => ({
      name: kit.text("Name of the run.", { required: true }),
      status: kit.text("Its phase.", { required: true }),
      message: kit.text("Why it has that phase."),
    }),
    meaning,
  );
}

function canaryStatus(kit: Kit): Field {
  return kit.object(
    () => ({
      currentStepAnalysisRunStatus: runStatus(kit, "The run of the present step."),
      currentBackgroundAnalysisRunStatus: runStatus(kit, "The run in the background."),
      currentExperiment: kit.text("The Experiment of the present step."),
      weights: kit.object(
        () => ({
          canary: kit.object(() => destination(kit), "The canary's.", { required: true }),
          stable: kit.object(() => destination(kit), "Stable's.", { required: true }),
          additional: kit.list(() => destination(kit), "Those of Experiments."),
          verified: kit.flag("Whether the router has confirmed them; absent: it cannot tell."),
        }),
        "Weights that were last written to the router.",
      ),
      stablePingPong: kit.text("Which of the two Services is stable: `ping` or `pong`."),
      stepPluginStatuses: kit.list(
        () => ({
          index: kit.whole("Index of the step.", { required: true }),
          name: kit.text("Name of the plugin.", { required: true }),
          operation: kit.text("`Run`, `Terminate` or `Abort`.", { required: true }),
          phase: kit.text("`Running`, `Successful`, `Failed` or `Error`."),
          message: kit.text("Why it has that phase."),
          startedAt: kit.time("When it began."),
          updatedAt: kit.time("When the plugin was last called."),
          finishedAt: kit.time("When it ended."),
          backoff: kit.text("How long until it is called again."),
          executions: kit.whole("How often it was called."),
          disabled: kit.flag("Whether the plugin is switched off."),
          status: kit.open("What the plugin wants to be told next time."),
        }),
        "What step plugins have done.",
      ),
    }),
    "What only a canary has.",
  );
}

function destination(kit: Kit): Shape {
  return {
    weight: kit.whole("Share of the traffic.", {
      required: true,
      unit: "% (or parts of `maxTrafficWeight`)",
    }),
    serviceName: kit.text("Service that gets it."),
    podTemplateHash: kit.text("Hash of the pods behind it."),
  };
}

function blueGreenStatus(kit: Kit): Field {
  return kit.object(
    () => ({
      activeSelector: kit.text("Hash that the active Service selects."),
      previewSelector: kit.text("Hash that the preview Service selects."),
      scaleUpPreviewCheckPoint: kit.flag("Preview has passed at `previewReplicaCount`."),
      prePromotionAnalysisRunStatus: runStatus(kit, "The run before the switch."),
      postPromotionAnalysisRunStatus: runStatus(kit, "The run after the switch."),
    }),
    "What only blue-green has.",
  );
}

function albStatus(kit: Kit): Shape {
  const resource = (meaning: string) =>
    kit.object(
      () => ({
        name: kit.text("Its name.", { required: true }),
        arn: kit.text("Its ARN.", { required: true }),
        fullName: kit.text("Its name as metrics know it."),
      }),
      meaning,
    );
  return {
    ingress: kit.text("The Ingress."),
    loadBalancer: resource("The load balancer."),
    canaryTargetGroup: resource("The canary's target group."),
    stableTargetGroup: resource("Stable's target group."),
  };
}
