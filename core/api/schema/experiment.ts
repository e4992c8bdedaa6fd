/** The fields of an Experiment. */
import { analysisArguments } from "./analysis.ts";
import { conditions, dryRun, measurementRetention, metadata, selector } from "./common.ts";
import type { Kit, Shape } from "../../../sdk/fields/kit.ts";
import { podTemplate } from "./pod_template.ts";

export function experiment(kit: Kit): Shape {
  return {
    spec: kit.object(() => experimentSpec(kit), "What is wanted.", { required: true }),
    status: kit.object(() => experimentStatus(kit), "What is; written by the controller."),
  };
}

function experimentSpec(kit: Kit): Shape {
  return {
    templates: kit.list(
      () => ({
        name: kit.text("Name of the set of pods.", { required: true }),
        replicas: kit.whole("Pods.", { unit: "pods", default: 1 }),
        minReadySeconds: kit.whole("How long a pod must be ready to count as available.", {
          unit: "seconds",
          default: 0,
        }),
        selector: selector(kit, "Selector of the pods.", { required: true }),
        template: podTemplate(kit, "Template of the pods.", { required: true }),
        service: kit.object(
          () => ({ name: kit.text("Name of the Service.", { default: "that of the ReplicaSet" }) }),
          "Makes a Service for the pods.",
        ),
      }),
      "Sets of pods that run side by side.",
      { required: true },
    ),
    duration: kit.text("How long they run once all are available, such as `5m`.", {
      default: "without end",
    }),
    progressDeadlineSeconds: kit.whole("How long pods may take to become available.", {
      unit: "seconds",
      default: 600,
    }),
    terminate: kit.flag("Ends the experiment.", { default: false }),
    analyses: kit.list(
      () => ({
        name: kit.text("Name of the analysis.", { required: true }),
        templateName: kit.text("Template with the metrics.", { required: true }),
        clusterScope: kit.flag("Whether it is a ClusterAnalysisTemplate.", { default: false }),
        args: analysisArguments(kit),
        requiredForCompletion: kit.flag("Whether the experiment ends with its success.", {
          default: false,
        }),
      }),
      "Analyses while they run.",
    ),
    scaleDownDelaySeconds: kit.whole("How long the pods stay after the end.", {
      unit: "seconds",
      default: 30,
    }),
    dryRun: dryRun(kit),
    measurementRetention: measurementRetention(kit),
    analysisRunMetadata: metadata(kit, "Labels and annotations of the runs."),
  };
}

function experimentStatus(kit: Kit): Shape {
  const pods = (meaning: string) => kit.whole(meaning, { required: true, unit: "pods" });
  return {
    phase: kit.text("`Pending`, `Running`, `Successful`, `Failed`, `Error` or `Inconclusive`."),
    message: kit.text("Why the phase is what it is."),
    availableAt: kit.time("Since when all pods were available."),
    conditions: conditions(kit, "`Progressing` or `InvalidSpec`."),
    templateStatuses: kit.list(
      () => ({
        name: kit.text("Name of the set of pods.", { required: true }),
        replicas: pods("Pods that there are."),
        updatedReplicas: pods("Pods of the present template."),
        readyReplicas: pods("Pods that are ready."),
        availableReplicas: pods("Pods that are available."),
        collisionCount: kit.whole("How often the name of the ReplicaSet was taken."),
        status: kit.text("`Progressing`, `Running`, `Successful`, `Failed` or `Error`."),
        message: kit.text("Why it has that status."),
        lastTransitionTime: kit.time("Since when it has that status."),
        serviceName: kit.text("The Service made for the pods."),
        podTemplateHash: kit.text("Hash of the pods."),
      }),
      "How each set is doing.",
    ),
    analysisRuns: kit.list(
      () => ({
        name: kit.text("Name of the analysis.", { required: true }),
        analysisRun: kit.text("Name of its run.", { required: true }),
        phase: kit.text("Phase of the run.", { required: true }),
        message: kit.text("Why it has that phase."),
      }),
      "How each analysis is doing.",
    ),
  };
}
