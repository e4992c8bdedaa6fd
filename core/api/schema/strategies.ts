/** The two strategies of a Rollout. */
import { metadata } from "./common.ts";
import type { Field, Kit } from "../../../sdk/fields/kit.ts";
import { analysisFields } from "./rollout_analysis.ts";
import { steps } from "./steps.ts";
import { trafficRouting } from "./traffic_routing.ts";

const SECONDS = "seconds";

export function strategy(kit: Kit): Field {
  return kit.object(
    () => ({ canary: canary(kit), blueGreen: blueGreen(kit) }),
    "How an update goes on: exactly one of the two.",
  );
}

function canary(kit: Kit): Field {
  return kit.object(
    () => ({
      canaryService: kit.text("Service that selects the newest revision."),
      stableService: kit.text("Service that selects the stable revision."),
      steps: steps(kit),
      trafficRouting: trafficRouting(kit),
      maxSurge: kit.wholeOrText("Pods, or share of `replicas`, that may be there beyond it.", {
        unit: "pods or %",
        default: "25%",
      }),
      maxUnavailable: kit.wholeOrText("Pods, or share of `replicas`, that may be missing.", {
        unit: "pods or %",
        default: "25%",
      }),
      analysis: backgroundAnalysis(kit),
      antiAffinity: antiAffinity(kit),
      canaryMetadata: metadata(kit, "Labels and annotations of canary pods, while they are that."),
      stableMetadata: metadata(kit, "Labels and annotations of stable pods, while they are that."),
      scaleDownDelaySeconds: kit.whole(
        "How long the former stable pods stay after an update; only with `trafficRouting`.",
        { unit: SECONDS, default: 30 },
      ),
      scaleDownDelayRevisionLimit: revisionLimit(kit),
      abortScaleDownDelaySeconds: kit.whole(
        "How long canary pods stay after an abort; 0 keeps them. Only with `trafficRouting`.",
        { unit: SECONDS, default: 30 },
      ),
      dynamicStableScale: kit.flag(
        "Whether stable gives up pods as the canary takes traffic; only with `trafficRouting`.",
        { default: false },
      ),
      pingPong: kit.object(
        () => ({
          pingService: kit.text("One of the two Services.", { required: true }),
          pongService: kit.text("The other one.", { required: true }),
        }),
        "Two Services that take turns in being stable, so that none changes under traffic.",
      ),
      minPodsPerReplicaSet: kit.whole("Pods that each side keeps; only with `trafficRouting`.", {
        unit: "pods",
      }),
      replicaProgressThreshold: replicaProgressThreshold(kit),
    }),
    "The newest revision takes over step by step.",
  );
}

function backgroundAnalysis(kit: Kit): Field {
  return kit.object(
    () => ({
      ...analysisFields(kit),
      startingStep: kit.whole("Index of the step, from 0, with which the analysis begins.", {
        default: 0,
      }),
    }),
    "An analysis in the background, from `startingStep` to the end of the update.",
  );
}

function replicaProgressThreshold(kit: Kit): Field {
  return kit.object(
    () => ({
      type: kit.text("`Percent` or `Pods`.", { required: true }),
      value: kit.whole("How much of it is enough.", { required: true, unit: "% or pods" }),
    }),
    "How many of the wanted pods are enough for a step to be complete; all, when absent.",
  );
}

function blueGreen(kit: Kit): Field {
  const analysis = (meaning: string) => kit.object(() => analysisFields(kit), meaning);
  return kit.object(
    () => ({
      activeService: kit.text("Service that users reach; it selects the active revision.", {
        required: true,
      }),
      previewService: kit.text("Service that selects the newest revision."),
      previewReplicaCount: kit.whole("Pods of the newest revision before it is promoted.", {
        unit: "pods",
        default: "`replicas`",
      }),
      autoPromotionEnabled: kit.flag("Whether the newest revision becomes active by itself.", {
        default: true,
      }),
      autoPromotionSeconds: kit.whole("How long it waits before that.", {
        unit: SECONDS,
        default: 0,
      }),
      maxUnavailable: kit.wholeOrText("Pods that a restart may take away at a time.", {
        unit: "pods or %",
        default: "25%",
      }),
      scaleDownDelaySeconds: kit.whole("How long the former active pods stay after the switch.", {
        unit: SECONDS,
        default: 30,
      }),
      scaleDownDelayRevisionLimit: revisionLimit(kit),
      abortScaleDownDelaySeconds: kit.whole(
        "How long preview pods stay after an abort; 0 keeps them.",
        { unit: SECONDS, default: 30 },
      ),
      prePromotionAnalysis: analysis("An analysis that must succeed before the switch."),
      postPromotionAnalysis: analysis("An analysis after the switch; failing, it switches back."),
      antiAffinity: antiAffinity(kit),
      previewMetadata: metadata(
        kit,
        "Labels and annotations of preview pods, while they are that.",
      ),
      activeMetadata: metadata(kit, "Labels and annotations of active pods, while they are that."),
    }),
    "The newest revision is complete before users reach it, all at once.",
  );
}

function revisionLimit(kit: Kit): Field {
  return kit.whole("Former revisions that keep pods during their delay.", {
    unit: "revisions",
    default: "no limit",
  });
}

function antiAffinity(kit: Kit): Field {
  return kit.object(
    () => ({
      preferredDuringSchedulingIgnoredDuringExecution: kit.object(
        () => ({
          weight: kit.whole("How much it counts against other preferences.", {
            required: true,
            range: "1 to 100",
          }),
        }),
        "Other nodes are preferred.",
      ),
      requiredDuringSchedulingIgnoredDuringExecution: kit.object(
        () => ({}),
        "Only other nodes will do.",
      ),
    }),
    "Keeps pods of the newest revision off the nodes of the stable one: exactly one of the two.",
  );
}
