/** The fields of a Rollout. */
import { selector } from "./common.ts";
import type { Field, Kit, Shape } from "../../../sdk/fields/kit.ts";
import { podTemplate } from "./pod_template.ts";
import { rolloutStatus } from "./rollout_status.ts";
import { strategy } from "./strategies.ts";

const SECONDS = "seconds";

export function rollout(kit: Kit): Shape {
  return {
    spec: kit.object(() => rolloutSpec(kit), "What is wanted.", { required: true }),
    status: kit.object(() => rolloutStatus(kit), "What is; written by the controller."),
  };
}

function rolloutSpec(kit: Kit): Shape {
  return {
    replicas: kit.whole("Pods that are wanted.", { unit: "pods", range: "0 or more", default: 1 }),
    selector: selector(kit, "Selector of the pods; must match the template's labels.", {
      immutable: true,
    }),
    template: podTemplate(kit, "Template of the pods; empty with `workloadRef`."),
    workloadRef: workloadRef(kit),
    minReadySeconds: kit.whole("How long a pod must be ready to count as available.", {
      unit: SECONDS,
      range: "0 or more",
      default: 0,
    }),
    revisionHistoryLimit: kit.whole("Old ReplicaSets without pods that are kept.", {
      unit: "ReplicaSets",
      range: "0 or more",
      default: 10,
    }),
    progressDeadlineSeconds: kit.whole("How long an update may make no progress.", {
      unit: SECONDS,
      range: "more than `minReadySeconds`",
      default: 600,
    }),
    progressDeadlineAbort: kit.flag("Whether the update is aborted then.", { default: false }),
    paused: kit.flag("Stops the update where it is.", { default: false }),
    restartAt: kit.time("Pods that are older than this are replaced."),
    rollbackWindow: kit.object(
      () => ({
        revisions: kit.whole("Revisions back that count as near.", { unit: "revisions" }),
      }),
      "Going back to a near revision leaves out the steps.",
    ),
    analysis: runHistoryLimits(kit),
    strategy: strategy(kit),
  };
}

function workloadRef(kit: Kit): Field {
  return kit.object(
    () => ({
      apiVersion: kit.text("Its API version, such as `apps/v1`."),
      kind: kit.text("`Deployment`, `ReplicaSet` or `PodTemplate`."),
      name: kit.text("Its name; it is in the Rollout's namespace."),
      scaleDown: kit.text(
        "When a Deployment gives up its own pods: never, onsuccess, progressively.",
        {
          default: "never",
        },
      ),
    }),
    "The workload whose pod template is taken, instead of `template`.",
  );
}

function runHistoryLimits(kit: Kit): Field {
  return kit.object(
    () => ({
      successfulRunHistoryLimit: kit.whole("Successful runs and experiments that are kept.", {
        unit: "objects",
        default: 5,
      }),
      unsuccessfulRunHistoryLimit: kit.whole("Others that are kept.", {
        unit: "objects",
        default: 5,
      }),
    }),
    "How many AnalysisRuns and Experiments are kept.",
  );
}
