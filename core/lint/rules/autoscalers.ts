/** Rules about HorizontalPodAutoscalers beside Rollouts. */
import { fieldsOf, textOf } from "../../../sdk/wire/json.ts";
import type { Spot } from "../finding.ts";
import type { LintWorld, RolloutSubject } from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";
import { groupOf, type LintDocument, nameOf, neighbourhoodOf } from "../world.ts";

/** Rules about autoscalers. */
export const AUTOSCALER_RULES: readonly CheckedRule[] = [
  {
    name: "autoscaler-beside-rollout",
    severity: "warning",
    reports: "A HorizontalPodAutoscaler scales the Deployment that a Rollout takes its pods from.",
    why: "The Rollout's pods are never scaled; the Deployment's are, without any traffic.",
    check: (world) => eachTarget(world, autoscalerBesideRollout),
  },
  {
    name: "autoscaler-target",
    severity: "warning",
    reports: "A HorizontalPodAutoscaler beside Rollouts names no Rollout, or one wrongly.",
    why: "Nothing is scaled: the autoscaler does not find what it names.",
    check: (world) => eachTarget(world, autoscalerTarget),
  },
  {
    name: "replicas-beside-autoscaler",
    severity: "warning",
    reports: "A Rollout says replicas, and a HorizontalPodAutoscaler scales it.",
    why: "Each time the manifest is applied the number of pods jumps back to replicas.",
    check: (world) => eachTarget(world, replicasBesideAutoscaler),
  },
];

/** What an autoscaler scales, and the Rollouts beside it. */
interface Target {
  readonly document: LintDocument;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly rollouts: readonly RolloutSubject[];
  readonly world: LintWorld;
}

function eachTarget(
  world: LintWorld,
  check: (target: Target) => Spot<LintDocument>[],
): Spot<LintDocument>[] {
  return world.ofKind("autoscaling", "HorizontalPodAutoscaler").flatMap((document) => {
    const { apiVersion, kind, name } = fieldsOf(
      fieldsOf(document.object["spec"])["scaleTargetRef"],
    );
    return check({
      document,
      apiVersion: textOf(apiVersion),
      kind: textOf(kind),
      name: textOf(name),
      rollouts: world.rollouts.filter((each) =>
        neighbourhoodOf(each.document) === neighbourhoodOf(document)
      ),
      world,
    });
  });
}

const TARGET = ["spec", "scaleTargetRef"];

function autoscalerBesideRollout({ document, kind, name, rollouts }: Target) {
  if (kind !== "Deployment") return [];
  const owner = rollouts.find(({ spec }) => {
    const workload = fieldsOf(spec["workloadRef"]);
    return workload["kind"] === "Deployment" && workload["name"] === name;
  });
  if (owner === undefined) return [];
  const quoted = JSON.stringify(nameOf(owner.document.object));
  const text = `scales the Deployment, but the pods are those of Rollout ${quoted}: ` +
    "let it scale that one";
  return [{ document, location: TARGET, text }];
}

function autoscalerTarget({ document, apiVersion, kind, name, rollouts, world }: Target) {
  const names = rollouts.map((each) => nameOf(each.document.object));
  const say = (field: string, text: string) => [{ document, location: [...TARGET, field], text }];
  if (names.length === 0) return [];
  if (kind === "Rollout") {
    if (apiVersion !== "argoproj.io/v1alpha1") {
      return say("apiVersion", "must be argoproj.io/v1alpha1 for a Rollout");
    }
    if (names.includes(name)) return [];
    return say("name", `Rollout ${JSON.stringify(name)} not found in the files`);
  }
  const type = { group: groupOf({ apiVersion }), kind };
  if (!names.includes(name) || world.find({ type, name }, document) !== undefined) return [];
  return say("kind", `${JSON.stringify(name)} is a Rollout of argoproj.io/v1alpha1`);
}

function replicasBesideAutoscaler({ document, kind, name, rollouts }: Target) {
  if (kind !== "Rollout") return [];
  return rollouts.filter((each) => nameOf(each.document.object) === name)
    .filter(({ replicas }) => replicas !== undefined)
    .map(({ document: rollout }) => ({
      document: rollout,
      location: ["spec", "replicas"],
      text: `is what HorizontalPodAutoscaler ${JSON.stringify(nameOf(document.object))} sets: ` +
        "leave it out",
    }));
}
