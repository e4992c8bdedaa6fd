/** Rules about objects that get in one another's way. */
import type { LabelSelector } from "../../../sdk/api/rollout.ts";
import { canonicalJson } from "../../api/hash/canonical_json.ts";
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, textOf } from "../../../sdk/wire/json.ts";
import { referencedServices } from "../../api/validation/validate_services.ts";
import { isEmptySelector, selectorMatches } from "../../api/validation/validate_selector.ts";
import type { Spot } from "../finding.ts";
import type { LintWorld, RolloutSubject } from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";
import { groupOf, type LintDocument, nameOf, namespaceOf, neighbourhoodOf } from "../world.ts";

/** Rules about several objects. */
export const NEIGHBOUR_RULES: readonly CheckedRule[] = [
  {
    name: "object-twice",
    severity: "warning",
    reports: "An object stands twice in one file.",
    why: "Only the last one is there in the end.",
    check: objectTwice,
  },
  {
    name: "shared-service",
    severity: "warning",
    reports: "Two Rollouts steer the same Service.",
    why: "Only one of them can: the other one stops with InvalidSpec.",
    check: sharedService,
  },
  {
    name: "shared-selector",
    severity: "warning",
    reports: "Two Rollouts of a namespace have the same selector.",
    why: "Whatever selects the pods of one (a Service, a budget, an autoscaler) gets the other's.",
    check: sharedSelector,
  },
  {
    name: "autoscaler-beside-rollout",
    severity: "warning",
    reports: "A HorizontalPodAutoscaler scales the Deployment that a Rollout takes its pods from.",
    why: "The Rollout's pods are never scaled; the Deployment's are, without any traffic.",
    check: autoscalerBesideRollout,
  },
  {
    name: "restart-blocked",
    severity: "warning",
    reports: "restartAt is set, but a PodDisruptionBudget forbids every eviction.",
    why: "The restart never gets past the first pod.",
    check: restartBlocked,
  },
];

function objectTwice({ documents }: LintWorld): Spot<LintDocument>[] {
  const seen = new Map<string, LintDocument>();
  return documents.flatMap((document) => {
    const { object, file } = document;
    if (nameOf(object) === "") return [];
    const what = `${object.kind} ${JSON.stringify(nameOf(object))}`;
    const key = [file, groupOf(object), namespaceOf(object), what].join("\n");
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, document);
      return [];
    }
    const text = `${what} stands in line ${first.position([]).line} already; the last one counts`;
    return [{ document, location: ["metadata", "name"], text }];
  });
}

/** Something that only one Rollout of a namespace should have. */
interface Claim {
  readonly key: string;
  readonly at: FieldLocation;
  readonly text: string;
}

/** What a Rollout claims that another one claimed before; the same name is the same Rollout. */
function claimedTwice(
  rollouts: readonly RolloutSubject[],
  claimsOf: (subject: RolloutSubject) => Claim[],
): Spot<LintDocument>[] {
  const owners = new Map<string, string>();
  return rollouts.flatMap((subject) => {
    const { document } = subject;
    const name = nameOf(document.object);
    return claimsOf(subject).flatMap(({ key, at, text }) => {
      const fullKey = `${neighbourhoodOf(document)}\n${key}`;
      const owner = owners.get(fullKey) ?? name;
      owners.set(fullKey, owner);
      if (owner === name) return [];
      return [{ document, location: at, text: `${text} of Rollout ${JSON.stringify(owner)}, too` }];
    });
  });
}

function sharedService({ rollouts }: LintWorld): Spot<LintDocument>[] {
  return claimedTwice(
    rollouts,
    ({ rollout }) =>
      referencedServices(rollout).map(({ path, name }) => ({
        key: name,
        at: path.split("."),
        text: `${JSON.stringify(name)} is a Service`,
      })),
  );
}

function sharedSelector({ rollouts }: LintWorld): Spot<LintDocument>[] {
  return claimedTwice(rollouts, ({ spec }) => {
    const { selector } = spec;
    if (typeof selector !== "object" || selector === null || isEmptySelector(selector)) return [];
    return [{ key: canonicalJson(selector), at: ["spec", "selector"], text: "is the selector" }];
  });
}

function autoscalerBesideRollout(world: LintWorld): Spot<LintDocument>[] {
  return world.ofKind("autoscaling", "HorizontalPodAutoscaler").flatMap((document) => {
    const target = fieldsOf(fieldsOf(document.object["spec"])["scaleTargetRef"]);
    if (textOf(target["kind"]) !== "Deployment") return [];
    const owner = world.rollouts.find(({ document: other, spec }) => {
      const { kind, name } = fieldsOf(spec["workloadRef"]);
      return kind === "Deployment" && name === target["name"] &&
        neighbourhoodOf(other) === neighbourhoodOf(document);
    });
    if (owner === undefined) return [];
    const name = JSON.stringify(nameOf(owner.document.object));
    const text = `scales the Deployment, but the pods are those of Rollout ${name}: ` +
      "let it scale that one";
    return [{ document, location: ["spec", "scaleTargetRef"], text }];
  });
}

function restartBlocked(world: LintWorld): Spot<LintDocument>[] {
  const budgets = world.ofKind("policy", "PodDisruptionBudget");
  return world.rollouts.flatMap(({ document, spec, replicas, template }) => {
    if (textOf(spec["restartAt"]) === "" || template === undefined) return [];
    const labels = fieldsOf(template.metadata["labels"]);
    const budget = budgets.find((each) => {
      const budgetSpec = fieldsOf(each.object["spec"]);
      return neighbourhoodOf(each) === neighbourhoodOf(document) &&
        forbidsAll(budgetSpec, replicas) &&
        selectorMatches(budgetSpec["selector"] as LabelSelector | undefined, labels);
    });
    if (budget === undefined) return [];
    const name = JSON.stringify(nameOf(budget.object));
    const text = `PodDisruptionBudget ${name} forbids every eviction: the restart never ends`;
    return [{ document, location: ["spec", "restartAt"], text }];
  });
}

function forbidsAll(
  { maxUnavailable, minAvailable }: Record<string, unknown>,
  replicas: number | undefined,
): boolean {
  if (maxUnavailable === 0 || maxUnavailable === "0%" || minAvailable === "100%") return true;
  return typeof minAvailable === "number" && replicas !== undefined && minAvailable >= replicas;
}
