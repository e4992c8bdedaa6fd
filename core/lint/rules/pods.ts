/** Rules about pods: what they run, when they count as ready, and what is kept of them. */
import { PROGRESS_DEADLINE_DEFAULT_SECONDS } from "../../api/names/defaults.ts";
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../../sdk/wire/json.ts";
import { fenceposts } from "../../rollout/replicas.ts";
import type { Spot } from "../finding.ts";
import {
  forEachRollout,
  forEachTemplate,
  numberOf,
  type PodTemplateView,
  type RolloutSubject,
} from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";
import type { LintDocument } from "../world.ts";

/** Rules about pods. */
export const POD_RULES: readonly CheckedRule[] = [
  {
    name: "image-without-version",
    severity: "warning",
    reports: "A container's image has no tag and no digest, or the tag latest.",
    why: "Pods of one revision may run different code, and going back brings back nothing.",
    check: forEachTemplate(imageWithoutVersion),
  },
  {
    name: "name-twice",
    severity: "warning",
    reports: "A container names an environment variable or a port twice.",
    why: "Only the last value counts; kubectl apply may keep the first.",
    check: forEachTemplate(nameTwice),
  },
  {
    name: "no-readiness-probe",
    severity: "warning",
    reports: "Traffic is routed to pods none of whose containers has a readinessProbe.",
    why: "A pod counts as available as soon as it runs: users meet it while it is still starting.",
    check: forEachTemplate(noReadinessProbe),
  },
  {
    name: "deadline-before-ready",
    severity: "warning",
    reports: "The probes let no pod be ready before progressDeadlineSeconds are over.",
    why: "Every update becomes Degraded, however well it goes.",
    check: forEachTemplate(deadlineBeforeReady),
  },
  {
    name: "no-history",
    severity: "warning",
    reports: "revisionHistoryLimit is 0.",
    why: "Old revisions are deleted at once: there is nothing to go back to.",
    check: forEachRollout(noHistory),
  },
  {
    name: "one-pod-without-surge",
    severity: "warning",
    reports: "A canary without traffic routing has one replica and no surge.",
    why: "The old pod goes before the new one is there: every update is an interruption.",
    check: forEachRollout(onePodWithoutSurge),
  },
];

function imageWithoutVersion({ containers, spot }: PodTemplateView) {
  return containers.flatMap((container, index) => {
    const image = textOf(container["image"]);
    if (image === "" || !isMoving(image)) return [];
    const text = `${JSON.stringify(image)} is another image tomorrow: name a version or a digest`;
    return [spot(["spec", "containers", index, "image"], text)];
  });
}

/** Whether an image's name means whatever was pushed last. */
function isMoving(image: string): boolean {
  if (image.includes("@")) return false;
  const tag = /:([^/]*)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest";
}

function nameTwice({ template, spot }: PodTemplateView): Spot<LintDocument>[] {
  const spec = fieldsOf(fieldsOf(template)["spec"]);
  return ["containers", "initContainers"].flatMap((field) =>
    listOf(spec[field]).map(fieldsOf).flatMap((container, index) => {
      const at: FieldLocation = ["spec", field, index];
      const variables = twice(listOf(container["env"]), (each) => textOf(fieldsOf(each)["name"]));
      const ports = twice(listOf(container["ports"]), portKey);
      return [
        ...variables.map(({ index, key }) =>
          spot(
            [...at, "env", index, "name"],
            `${JSON.stringify(key)} appears twice; the last one is used`,
          )
        ),
        ...ports.map(({ index, key }) =>
          spot([...at, "ports", index, "containerPort"], `port ${key} appears twice`)
        ),
      ];
    })
  );
}

function portKey(port: unknown): string {
  const { containerPort, protocol } = fieldsOf(port);
  return typeof containerPort === "number" ? `${containerPort}/${textOf(protocol) || "TCP"}` : "";
}

/** The items whose key another one before them has. */
function twice(items: readonly unknown[], keyOf: (item: unknown) => string) {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const key = keyOf(item);
    if (key === "" || seen.has(key)) return key === "" ? [] : [{ index, key }];
    seen.add(key);
    return [];
  });
}

function noReadinessProbe(
  { containers, hasReadinessGates, spot }: PodTemplateView,
  { routing }: RolloutSubject,
): Spot<LintDocument>[] {
  if (routing === undefined || containers.length === 0 || hasReadinessGates) return [];
  if (containers.some((container) => isFields(container["readinessProbe"]))) return [];
  const text = "no container has a readinessProbe: pods get traffic as soon as they run";
  return [spot(["spec", "containers"], text)];
}

function deadlineBeforeReady(
  template: PodTemplateView,
  { document, spec }: RolloutSubject,
): Spot<LintDocument>[] {
  const deadline = numberOf(spec["progressDeadlineSeconds"]) ?? PROGRESS_DEADLINE_DEFAULT_SECONDS;
  const probing = Math.max(0, ...template.containers.map(secondsToReady));
  if (deadline <= 0 || probing < deadline) return [];
  const location: FieldLocation = ["spec", "progressDeadlineSeconds"];
  const text = `the probes let no pod be ready before ${probing} s have passed, ` +
    `but ${deadline} s without progress are too many`;
  return [{ document, location, text }];
}

/** The shortest time after which the probes of a container can let it be ready. */
function secondsToReady(container: Fields): number {
  return Math.max(
    secondsOfProbe(fieldsOf(container["startupProbe"])),
    secondsOfProbe(fieldsOf(container["readinessProbe"])),
  );
}

function secondsOfProbe(probe: Fields): number {
  const delay = numberOf(probe["initialDelaySeconds"]) ?? 0;
  const successes = numberOf(probe["successThreshold"]) ?? 1;
  const period = numberOf(probe["periodSeconds"]) ?? 10;
  return Math.max(delay, 0) + Math.max(successes - 1, 0) * Math.max(period, 0);
}

function noHistory({ spec }: RolloutSubject) {
  if (spec["revisionHistoryLimit"] !== 0) return [];
  const text = "no old revision is kept: there is nothing to go back to";
  return [{ at: ["spec", "revisionHistoryLimit"], text }];
}

function onePodWithoutSurge({ canary, routing, replicas }: RolloutSubject) {
  if (canary === undefined || routing !== undefined || replicas !== 1) return [];
  const { maxSurge } = canary;
  if (typeof maxSurge !== "number" && typeof maxSurge !== "string") return [];
  if (fenceposts(1, { maxSurge }).surge > 0) return [];
  const text = "one replica without surge: every update is an interruption";
  return [{ at: ["spec", "strategy", "canary", "maxSurge"], text }];
}
