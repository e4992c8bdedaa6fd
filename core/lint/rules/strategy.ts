/** Rules about fields of a strategy that do nothing, or not what they seem to. */
import { isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { routingOf } from "../../api/validation/traffic_routers.ts";
import {
  forEachRollout,
  type LintWorld,
  numberOf,
  type RolloutSubject,
} from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";

/** Rules about a strategy's fields. */
export const STRATEGY_RULES: readonly CheckedRule[] = [
  {
    name: "no-preview-service",
    severity: "warning",
    reports: "A blue-green update waits for a verdict, but no previewService shows the new pods.",
    why: "Nobody can look at the new version before it gets all of the traffic.",
    check: forEachRollout(noPreviewService),
  },
  {
    name: "auto-promotion-ignored",
    severity: "warning",
    reports: "autoPromotionSeconds is set although autoPromotionEnabled is false.",
    why: "It has no effect: the update waits until somebody promotes.",
    check: forEachRollout(autoPromotionIgnored),
  },
  {
    name: "discontinued-router",
    severity: "warning",
    reports: "Traffic is routed by something that its makers have given up.",
    why: "It gets no repairs any more, and leaves together with the next upgrade of the mesh.",
    check: forEachRollout(discontinuedRouter),
  },
  {
    name: "wrong-surge",
    severity: "error",
    reports: "maxSurge or maxUnavailable is no whole number from 0 and no percentage.",
    why: "It counts as 0 or as something that nobody means.",
    check: forEachRollout(wrongSurge),
  },
  {
    name: "metadata-over-selector",
    severity: "error",
    reports: "Metadata of a role changes a label that the Rollout's selector asks for.",
    why: "The pods leave their ReplicaSet, and new ones are made, again and again.",
    check: forEachRollout(metadataOverSelector),
  },
  {
    name: "workload-loses-pods",
    severity: "warning",
    reports: "A Rollout takes over a larger Deployment's pods and does not say replicas.",
    why: "Without replicas it has one pod: the Deployment's others go.",
    check: forEachRollout(workloadLosesPods),
  },
  {
    name: "workload-keeps-running",
    severity: "warning",
    reports: "The Deployment of a workloadRef keeps its pods, and scaleDown does not say so.",
    why: "Every pod runs twice, and the Deployment updates its own without any step.",
    check: forEachRollout(workloadKeepsRunning),
  },
  {
    name: "scale-down-ignored",
    severity: "warning",
    reports:
      "scaleDown of a workloadRef has no effect: it is none of its words, or no Deployment's.",
    why: "The workload keeps its pods, beside those of the Rollout.",
    check: forEachRollout(scaleDownIgnored),
  },
];

const BLUE_GREEN = ["spec", "strategy", "blueGreen"];

function noPreviewService({ blueGreen }: RolloutSubject) {
  if (blueGreen === undefined || textOf(blueGreen["previewService"]) !== "") return [];
  const waiting = [
    blueGreen["autoPromotionEnabled"] === false ? "autoPromotionEnabled: false" : undefined,
    (numberOf(blueGreen["autoPromotionSeconds"]) ?? 0) > 0 ? "autoPromotionSeconds" : undefined,
    isUnset(blueGreen["prePromotionAnalysis"]) ? undefined : "prePromotionAnalysis",
  ].find((field) => field !== undefined);
  if (waiting === undefined) return [];
  const text = `waits (${waiting}), but without previewService nobody can reach the new pods`;
  return [{ at: BLUE_GREEN, text }];
}

function autoPromotionIgnored({ blueGreen }: RolloutSubject) {
  if (blueGreen?.["autoPromotionEnabled"] !== false) return [];
  if ((numberOf(blueGreen["autoPromotionSeconds"]) ?? 0) <= 0) return [];
  const text = "has no effect: autoPromotionEnabled is false";
  return [{ at: [...BLUE_GREEN, "autoPromotionSeconds"], text }];
}

function discontinuedRouter({ rollout }: RolloutSubject, { plugins }: LintWorld) {
  return (routingOf(rollout, plugins)?.routers ?? []).flatMap(({ router, scope }) =>
    router.discontinued === undefined
      ? []
      : [{ at: scope.place.location, text: router.discontinued }]
  );
}

function workloadKeepsRunning({ spec, workload }: RolloutSubject) {
  const { scaleDown } = fieldsOf(spec["workloadRef"]);
  if (workload?.object.kind !== "Deployment" || textOf(scaleDown) !== "") return [];
  const replicas = numberOf(fieldsOf(workload.object["spec"])["replicas"]) ?? 1;
  if (replicas === 0) return [];
  const text =
    `the Deployment keeps pods of its own (replicas: ${replicas}) beside the Rollout's: ` +
    "say with scaleDown whether it is to";
  return [{ at: ["spec", "workloadRef"], text }];
}

const SCALE_DOWNS: readonly string[] = ["never", "onsuccess", "progressively"];

function scaleDownIgnored({ spec }: RolloutSubject) {
  const { scaleDown, kind } = fieldsOf(spec["workloadRef"]);
  const word = textOf(scaleDown);
  if (word === "" || word === "never") return [];
  const at = ["spec", "workloadRef", "scaleDown"];
  if (!SCALE_DOWNS.includes(word)) {
    const text = `${JSON.stringify(word)} has no effect: write ${SCALE_DOWNS.join(", ")}`;
    return [{ at, text }];
  }
  if (textOf(kind) === "Deployment") return [];
  return [{ at, text: `has no effect: only a Deployment gives pods up, not a ${textOf(kind)}` }];
}

const AMOUNTS = ["maxSurge", "maxUnavailable"];

function wrongSurge({ canary, blueGreen }: RolloutSubject) {
  const strategies = [["canary", canary], ["blueGreen", blueGreen]] as const;
  return strategies.flatMap(([strategy, fields]) =>
    AMOUNTS.filter((name) => !isUnset(fields?.[name]) && !isAmount(fields?.[name]))
      .map((name) => ({
        at: ["spec", "strategy", strategy, name],
        text: `must be a whole number from 0 or a percentage such as 25%, but is ${
          JSON.stringify(fields?.[name])
        }`,
      }))
  );
}

function isAmount(value: unknown): boolean {
  if (typeof value === "number") return Number.isInteger(value) && value >= 0;
  // Argo Rollouts reads a number in quotes as well.
  return typeof value === "string" && /^[0-9]+%?$/.test(value);
}

const ROLES = [
  ["canary", "canaryMetadata"],
  ["canary", "stableMetadata"],
  ["blueGreen", "activeMetadata"],
  ["blueGreen", "previewMetadata"],
] as const;

function metadataOverSelector({ spec, canary, blueGreen, template }: RolloutSubject) {
  const { matchLabels, matchExpressions } = fieldsOf(spec["selector"]);
  const asked = new Set([
    ...Object.keys(fieldsOf(matchLabels)),
    ...listOf(matchExpressions).map((each) => textOf(fieldsOf(each)["key"])),
  ]);
  const present = fieldsOf(template?.metadata["labels"]);
  return ROLES.flatMap(([strategy, role]) => {
    const fields = fieldsOf(strategy === "canary" ? canary : blueGreen);
    const labels = fieldsOf(fieldsOf(fields[role])["labels"]);
    return Object.keys(labels).filter((key) => asked.has(key) && labels[key] !== present[key])
      .map((key) => ({
        at: ["spec", "strategy", strategy, role, "labels", key],
        text: "is a label that spec.selector asks for: it must stay as in the template",
      }));
  });
}

function workloadLosesPods({ spec, replicas, workload }: RolloutSubject) {
  const { scaleDown } = fieldsOf(spec["workloadRef"]);
  if (replicas !== undefined || workload?.object.kind !== "Deployment") return [];
  if (scaleDown !== "progressively" && scaleDown !== "onsuccess") return [];
  const count = numberOf(fieldsOf(workload.object["spec"])["replicas"]) ?? 1;
  if (count <= 1) return [];
  const text = `without spec.replicas the Rollout has 1 pod, and the Deployment's ${count} go: ` +
    `write replicas: ${count}`;
  return [{ at: ["spec", "workloadRef"], text }];
}
